// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enable and disable: the order of the steps, and how they are taken back. What a step does is in
 * the file that it is named after.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "enable.h"

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>

#include "board_pci.h"
#include "bridge.h"
#include "cells.h"
#include "checks.h"
#include "events.h"
#include "image.h"
#include "memory.h"
#include "model/config.h"
#include "model/refuse.h"
#include "populate.h"
#include "power.h"
#include "read.h"
#include "rendezvous.h"

DEFINE_MUTEX(enable_mutex);

/* What stays while the hypervisor is enabled. */
static struct {
	bool enabled;
	bool unit_lost; /* an IOMMU goes by tables of a hypervisor that is gone, till the reset */
	uint64_t enables; /* since the module was loaded */
	struct config_view config;
	struct bridge bridge;
	struct bh_range memory;
	uint32_t pool_count;
	struct bh_range pools[BH_MAX_POOLS];
} hypervisor;

static void release_pools(uint32_t count)
{
	while (count-- > 0)
		memory_release(&hypervisor.pools[count]);
}

static bool claim_pools(struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < hypervisor.pool_count; i++) {
		if (memory_claim(&hypervisor.pools[i], "memory for cells", refusal))
			continue;
		release_pools(i);
		return false;
	}
	return true;
}

static bool claim_memory(const struct config_view *config, struct bh_refusal *refusal)
{
	hypervisor.memory = config->board->hypervisor;
	hypervisor.pool_count = config->board->pool_count;
	memcpy(hypervisor.pools, config->pools,
	       hypervisor.pool_count * sizeof(hypervisor.pools[0]));
	if (!memory_claim(&hypervisor.memory, "hypervisor memory", refusal))
		return false;
	if (claim_pools(refusal))
		return true;
	memory_release(&hypervisor.memory);
	return false;
}

/* Unless an IOMMU goes by what lies there: then nobody may have it, and nobody forget about it. */
static void release_memory(void)
{
	if (hypervisor.unit_lost) {
		__module_get(THIS_MODULE);
		return;
	}
	release_pools(hypervisor.pool_count);
	memory_release(&hypervisor.memory);
}

static bool has_units(struct bh_refusal *refusal)
{
	return !hypervisor.unit_lost ||
	       refuse(refusal, "Linux has its CPUs again, but an IOMMU is not as it was: restart "
		      "the machine. The hypervisor's console tells more");
}

static void list_cpus(struct bridge *bridge, const struct bh_cell *root)
{
	unsigned int cpu;

	memset(bridge, 0, sizeof(*bridge));
	for (cpu = 0; cpu < BH_MAX_CPUS; cpu++)
		if (root->cpus[cpu / 64] >> (cpu % 64) & 1)
			bridge->cpus[bridge->cpu_count++] = cpu;
}

/* With memory claimed and an image at hand: the bridge, and over it. */
static bool step_over(const struct config_view *config, const struct image *image,
		      struct bh_refusal *refusal)
{
	struct bridge *bridge = &hypervisor.bridge;

	list_cpus(bridge, &config->board->root);
	if (!bridge_allocate(bridge, refusal))
		return false;
	if (populate(config, image, bridge, refusal) && rendezvous_enter(bridge, refusal))
		return true;
	hypervisor.unit_lost = !bridge_has_units(bridge);
	bridge_free(bridge);
	return false;
}

/* Whoever is told what happens has to be there before it can. */
static bool bring_in(const struct config_view *config, struct device *device,
		     struct bh_refusal *refusal)
{
	struct image image;
	bool inside;

	if (!image_open(&image, device, refusal))
		return false;
	events_begin(device);
	inside = step_over(config, &image, refusal);
	if (!inside)
		events_end();
	image_close(&image);
	return inside;
}

int hypervisor_enable(void *blob, size_t size, struct device *device, struct bh_refusal *refusal)
{
	struct config_view config;

	if (hypervisor.enabled) {
		refuse(refusal, "the hypervisor is already enabled");
		return -EBUSY;
	}
	if (!power_is_awake(refusal))
		return -EBUSY;
	if (!has_units(refusal))
		return -EIO;
	if (!config_open(&config, blob, size, refusal) || !check_processors(refusal) ||
	    !check_cpu_set(&config.board->root, refusal) || !board_pci_check(&config, refusal) ||
	    !claim_memory(&config, refusal))
		return -EINVAL;
	if (!bring_in(&config, device, refusal)) {
		release_memory();
		has_units(refusal);
		return -EIO;
	}
	__module_get(THIS_MODULE);
	hypervisor.config = config;
	hypervisor.enables++;
	WRITE_ONCE(hypervisor.enabled, true);
	events_listen();
	pr_info("enabled on board %s with %u CPUs\n", config.board->name,
		hypervisor.bridge.cpu_count);
	return 0;
}

static const char *stop_text(uint32_t stopped)
{
	switch (stopped) {
	case 1:
		return "was stopped for a fault";
	case 2:
		return "stopped when the hypervisor failed on it";
	default:
		return "has a local APIC that cannot leave a cell's x2APIC mode";
	}
}

/*
 * A CPU that stopped for good runs nothing of Linux any more, so stop_machine() would wait for it
 * for ever. Such a machine has to be reset.
 */
static bool all_cpus_run(struct bh_refusal *refusal)
{
	struct bh_cpu_info info;
	unsigned int i;

	for (i = 0; i < hypervisor.bridge.cpu_count; i++) {
		if (read_structure(BH_READ_CPU, i, &info, sizeof(info), refusal))
			return false;
		if (info.stopped && info.cell == 0)
			return refuse(refusal, "CPU %u %s: the machine has to be reset", info.cpu,
				      stop_text(info.stopped));
	}
	return true;
}

static int end_cells(enum cells_end end, struct bh_refusal *refusal)
{
	struct bh_refusal ignored;
	int error;

	if (end == CELLS_STAY)
		return cells_none(refusal) ? 0 : -EBUSY;
	if (end == CELLS_END && !cells_can_be_stopped(refusal))
		return -EBUSY;
	error = cells_destroy_all(end == CELLS_END_IF_POSSIBLE, refusal);
	/* Before a reboot it does not matter what of a cell that is gone did not come back. */
	return end == CELLS_END_IF_POSSIBLE && cells_none(&ignored) ? 0 : error;
}

static void forget(void)
{
	events_end();
	bridge_free(&hypervisor.bridge);
	release_memory();
	kvfree(hypervisor.config.header);
	hypervisor.enabled = false;
	module_put(THIS_MODULE);
}

int hypervisor_disable(enum cells_end end, struct bh_refusal *refusal)
{
	int error;

	if (!hypervisor.enabled) {
		refuse(refusal, "the hypervisor is not enabled");
		return -ENODEV;
	}
	/* Before the cells end, for they would end for nothing, and when their CPUs are back. */
	if (!all_cpus_run(refusal))
		return -EIO;
	error = end_cells(end, refusal);
	if (error)
		return error;
	if (!all_cpus_run(refusal))
		return -EIO;
	events_flush();
	if (!rendezvous_leave(&hypervisor.bridge, refusal))
		return -EIO;
	hypervisor.unit_lost = !bridge_has_units(&hypervisor.bridge);
	forget();
	pr_info("disabled\n");
	return has_units(refusal) ? 0 : -EIO;
}

bool hypervisor_is_enabled(void)
{
	return hypervisor.enabled;
}

bool hypervisor_is_up(void)
{
	return READ_ONCE(hypervisor.bridge.up);
}

uint64_t hypervisor_epoch(void)
{
	return READ_ONCE(hypervisor.enabled) ? READ_ONCE(hypervisor.enables) : 0;
}

const struct config_view *hypervisor_config(void)
{
	return &hypervisor.config;
}

struct bh_range hypervisor_memory(void)
{
	return hypervisor.memory;
}

bool hypervisor_allows_online(unsigned int cpu)
{
	int index = bridge_index(&hypervisor.bridge, cpu);

	return !hypervisor.bridge.up || (index >= 0 && hypervisor.bridge.inside[index]);
}
