/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Creates a cell: takes its configuration, checks it against all others, builds and audits its map,
 * seals it, and takes its CPUs from root. A refusal at any step leaves everything as it was. Its
 * memory is scrubbed afterwards, in slices.
 */
#include "core/cell_create.h"

#include "core/backend.h"
#include "core/cell_audit.h"
#include "core/cell_build.h"
#include "core/cell_cpus.h"
#include "core/cell_scrub.h"
#include "core/cells.h"
#include "core/cpu_messages.h"
#include "core/hpet.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "core/ioapic.h"
#include "core/iommu.h"
#include "core/log.h"
#include "core/manage.h"
#include "core/pci_devices.h"
#include "core/read.h"
#include "core/root_regions.h"
#include "core/seal.h"
#include "core/string.h"
#include "core/test_devices.h"
#include "model/refuse.h"
#include "x86/window.h"

static uint64_t head_pages(uint64_t config_size)
{
	return (CELL_HEAD_SIZE + config_size + BH_PAGE_MASK) >> BH_PAGE_SHIFT;
}

static uint8_t *blob_of(struct cell *cell)
{
	return (uint8_t *)cell + CELL_HEAD_SIZE;
}

/* The configuration comes in root's pages; from here on it is ours. */
static bool copy_config(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	uint64_t done, part;

	for (done = 0; done < request->size; done += part) {
		uint64_t page = request->pages[done >> BH_PAGE_SHIFT];
		const void *from = page & BH_PAGE_MASK ? NULL : backend->open_page(cpu, GPA(page));

		part = request->size - done < BH_PAGE_SIZE ? request->size - done : BH_PAGE_SIZE;
		if (from)
			memcpy(blob_of(cell) + done, from, part);
		window_close(cpu);
		if (!from)
			return refuse(&request->refusal, "page 0x%llx of the configuration is not "
				      "root's", (unsigned long long)page);
	}
	return true;
}

static bool open_config(struct cell *cell, struct bh_request *request)
{
	const struct cell_view *others[BH_MAX_CELLS];

	if (!cell_view_open(&cell->view, blob_of(cell), request->size, &request->refusal) ||
	    !cell_admit(&hypervisor.config, &cell->view, others, cells_views(others),
			&request->refusal))
		return false;
	cell->config = cell->view.cell;
	cell->regions = cell->view.regions;
	cell->ports = cell->view.ports;
	cell->on_fault = cell->config->on_fault;
	cell->entry = cell->config->entry;
	cell->has_entry = cell->config->flags & BH_CELL_HAS_ENTRY;
	return true;
}

static void place_comm(struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++)
		if (cell->regions[i].kind == BH_REGION_COMM) {
			cell->comm_at = cell->regions[i].at;
			cell->comm_page = cell->pages.first;
			cell->comm = hypervisor_pointer(cell->comm_page);
		}
}

/* Takes exactly the pages that were predicted (I3), and none later. */
static bool build(struct cell *cell, struct bh_refusal *refusal)
{
	struct pt_memory memory = pool_run_memory(&cell->pages);
	struct cell_budget budget;
	uint64_t left;

	cell_budget(&budget, &hypervisor.config, &cell->view);
	if (!pool_take_run(&cell->pages, budget.total - budget.head, refusal))
		return false;
	place_comm(cell);
	cell_build_bitmaps(cell, &budget, cell->view.msrs,
			   HPA(cell->pages.first.v + budget.comm * BH_PAGE_SIZE));
	cell->table_pages = budget.tables + budget.dma;
	cell->pages.next = cell->pages.pages - cell->table_pages;
	cell_find_memory(cell);
	if (!cell_build_map(cell, &memory, refusal) || !iommu_build(cell, &memory, refusal))
		return false;
	left = cell->pages.pages - cell->pages.next;
	if (left != 0)
		return refuse(refusal, "cell %s: of %llu pages predicted for tables %llu are left",
			      cell->config->name, (unsigned long long)cell->table_pages,
			      (unsigned long long)left);
	return true;
}

/* What is read-only while the cell lives: everything but its communication page. */
static hpa_t sealed_part(const struct cell *cell, uint64_t *pages)
{
	uint64_t open = cell->comm ? 1 : 0;

	*pages = cell->pages.pages - open;
	return HPA(cell->pages.first.v + open * BH_PAGE_SIZE);
}

void cell_release(struct cell *cell)
{
	struct pool_run head = cell->head;
	uint64_t pages;
	hpa_t first = sealed_part(cell, &pages);

	/* One who looks at the cell still has hung: its pages are lost rather than another's. */
	if (!read_nobody())
		return;
	if (cell->pages.pages)
		unseal_pages(first, pages);
	pool_return_run(&cell->pages);
	pool_return_run(&head);
}

/* Root's map gives and takes; no CPU of root keeps what it lost. */
bool cell_update_root(struct cpu *cpu, struct bh_refusal *refusal)
{
	if (!root_regions_update())
		return true;
	backend->invalidate_map(cpu);
	return cpus_ask(&root_cell, CPU_EVENT_INVALIDATE, refusal);
}

/* CPUs, and devices when nothing can go wrong any more: a reset cannot be taken back. */
static bool take(struct cell *cell, struct bh_refusal *refusal)
{
	if (!cell_cpus_take(cell, refusal))
		return false;
	if (!iommu_judge_root(refusal) || !ioapic_judge_root(refusal) ||
	    test_ends_creation(cell, refusal) || !pci_devices_block(cell, refusal)) {
		cell_cpus_return(cell, NULL);
		return false;
	}
	pci_devices_take(cell);
	/* As Linux left it. */
	hpet_silence(cell);
	return true;
}

/* From here on the cell is among the others. */
static bool enter(struct cpu *cpu, struct cell *cell, struct bh_refusal *refusal)
{
	uint64_t pages;
	hpa_t first = sealed_part(cell, &pages);

	if (!cells_add(cell))
		return refuse(refusal, "there are %u cells already, root included", BH_MAX_CELLS);
	if (cell_update_root(cpu, refusal) && cell_audit(refusal)) {
		seal_pages(first, pages);
		if (take(cell, refusal))
			return true;
	}
	/* A CPU that goes neither there nor back has its tables: they stay, to be destroyed. */
	if (cell_cpus_any(cell)) {
		cell->state = BH_CELL_FAILED;
		pci_devices_hold(cell);
		return false;
	}
	cells_remove(cell);
	cell_update_root(cpu, NULL);
	return false;
}

static const struct cell *unfinished(void)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cells); i++)
		if (cells[i] && (cells[i]->state == BH_CELL_SCRUBBING ||
				 cells[i]->state == BH_CELL_ENDING))
			return cells[i];
	return NULL;
}

int64_t manage_create(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	const struct cell *other = unfinished();
	struct pool_run head;
	uint64_t pages;

	if (other)
		return manage_refuse(request, "cell %s %s: let that end first", other->config->name,
				     cell_state_text(other->state));
	if (request->size > BH_CONFIG_MAX_SIZE)
		return manage_refuse(request, "a configuration has at most %u bytes, not %llu",
				     BH_CONFIG_MAX_SIZE, (unsigned long long)request->size);
	if (!pool_take_run(&head, head_pages(request->size), &request->refusal))
		return BH_ERROR_REFUSED;
	cell = hypervisor_pointer(head.first);
	cell->head = head;
	cell->state = BH_CELL_SCRUBBING;
	request->cell = 0;
	if (!copy_config(cpu, cell, request) || !open_config(cell, request) ||
	    !cell_cpus_check(cell, cpu, &request->refusal) || !build(cell, &request->refusal) ||
	    !enter(cpu, cell, &request->refusal)) {
		if (cell->state == BH_CELL_FAILED)
			request->cell = cell->id;
		else
			cell_release(cell);
		return BH_ERROR_REFUSED;
	}
	invalidation_record(BH_INVALIDATE_RETURN, cpu->linux_cpu, cell->id, 0, 0);
	cell_scrub_begin(cell);
	request->cell = cell->id;
	pages = cell->head.pages + cell->pages.pages;
	log_print("%s: created as cell %u in %llu pages, %llu of them tables\n", cell->config->name,
		  cell->id, (unsigned long long)pages, (unsigned long long)cell->table_pages);
	return BH_MANAGE_MORE;
}
