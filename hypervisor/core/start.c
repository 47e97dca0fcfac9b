/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which the hypervisor comes up, on the first CPU and before the others. Each unit may
 * refuse; nothing outlives a refusal but the log.
 */
#include "core/backend.h"
#include "core/cell_cpus.h"
#include "core/console.h"
#include "core/fault_log.h"
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/log.h"
#include "core/pci_devices.h"
#include "core/pool.h"
#include "core/root.h"
#include "core/test_devices.h"
#include "model/backend_kind.h"
#include "model/refuse.h"
#include "x86/window.h"

struct hypervisor hypervisor;
const struct backend *backend;

/* Those that this build has; the processor decides. */
static const struct backend *const backends[] = {
#ifdef CONFIG_VMX
	&vmx_backend,
#endif
#ifdef CONFIG_SVM
	&svm_backend,
#endif
};

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + BH_PAGE_MASK) & ~BH_PAGE_MASK;
}

/*
 * The configuration says how large hypervisor memory is, and the layout follows from it; but it
 * lies a fixed way behind the hand-over, which is how it is found.
 */
static bool open_config(struct bh_refusal *refusal)
{
	const struct bh_handover *handover = hypervisor.handover;
	uint64_t offset = (uint64_t)handover - HV_LINEAR;

	offset += whole_pages(sizeof(*handover) + handover->cpu_count * sizeof(handover->cpus[0]));
	offset += image_header.memory_size;
	if (!config_open(&hypervisor.config, (const void *)layout_linear(offset),
			 handover->config_size, refusal))
		return false;
	if (!layout_compute(&hypervisor.layout, &image_header, hypervisor.config.board,
			    handover->config_size, handover->cpu_count, refusal))
		return false;
	if (hypervisor.layout.config.start != offset)
		return refuse(refusal,
			      "driver and hypervisor disagree on where the configuration is");
	return true;
}

static bool open_log(struct bh_refusal *refusal)
{
	(void)refusal;
	log_open((struct bh_log *)layout_linear(0));
	return true;
}

static bool open_console(struct bh_refusal *refusal)
{
	return console_open(&hypervisor.config.board->console, refusal);
}

static bool greet(struct bh_refusal *refusal)
{
	(void)refusal;
	log_print("Bulkhead %s on board %s, %u CPU%s, %llu KiB at 0x%llx\n", image_header.build,
		  hypervisor.config.board->name, hypervisor.layout.cpu_count,
		  hypervisor.layout.cpu_count == 1 ? "" : "s",
		  (unsigned long long)hypervisor.layout.size >> 10,
		  (unsigned long long)hypervisor.layout.phys);
	return true;
}

static bool open_test_devices(struct bh_refusal *refusal)
{
	return test_open(&hypervisor.config.board->test, refusal);
}

static bool open_memory(struct bh_refusal *refusal)
{
	(void)refusal;
	pool_open(hypervisor.handover->pool_used);
	fault_log_open((struct bh_fault *)layout_linear(hypervisor.layout.faults.start),
		       image_header.fault_records);
	return true;
}

/* The tools foretold what the board's backend takes. */
static bool check_board(struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;
	const struct backend_kind *kind = &backend_kinds[backend->kind];

	if (board_backend(board) == backend->kind)
		return true;
	return refuse(refusal, "this processor has %s, but the file of board %s is for \"%s\": say "
		      "backend = \"%s\" there", kind->name, board->name,
		      board_kind(board)->word, kind->word);
}

static bool choose_backend(struct bh_refusal *refusal)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(backends); i++) {
		if (!backends[i]->is_present())
			continue;
		backend = backends[i];
		return check_board(refusal);
	}
	return refuse(refusal, "this hypervisor was built without a backend for this processor");
}

/* Devices are looked at from here on. */
static bool open_windows(struct bh_refusal *refusal)
{
	(void)refusal;
	window_init(cpu_this());
	return true;
}

static bool open_cells(struct bh_refusal *refusal)
{
	(void)refusal;
	cell_cpus_open();
	return true;
}

static bool (*const units[])(struct bh_refusal *refusal) = {
	open_log, open_config, open_console, greet, open_test_devices, open_memory, choose_backend,
	open_cells, root_start, open_windows, iommu_start, pci_devices_open,
};

bool hypervisor_start(const struct bh_handover *handover, struct bh_refusal *refusal)
{
	size_t i;

	hypervisor.handover = handover;
	for (i = 0; i < BH_ARRAY_SIZE(units); i++)
		if (!units[i](refusal))
			return false;
	return true;
}
