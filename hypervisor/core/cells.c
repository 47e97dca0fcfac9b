/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of cells. It is changed by management calls only, of which there is one at a time.
 */
#include "core/cells.h"

#include "core/cpu.h"
#include "core/fault_log.h"
#include "core/hypervisor.h"

struct cell *cells[BH_MAX_CELLS - 1];
static uint32_t last_id;

struct cell *cells_from(uint64_t id)
{
	struct cell *found = NULL;
	size_t i;

	if (id == 0)
		return &root_cell;
	for (i = 0; i < BH_ARRAY_SIZE(cells); i++) {
		struct cell *cell = __atomic_load_n(&cells[i], __ATOMIC_ACQUIRE);

		if (cell && cell->id >= id && (!found || cell->id < found->id))
			found = cell;
	}
	return found;
}

struct cell *cells_find(uint64_t id)
{
	struct cell *cell = cells_from(id);

	return cell && cell->id == id ? cell : NULL;
}

bool cells_none(void)
{
	return !cells_from(1);
}

uint32_t cells_count(void)
{
	uint32_t count = 1;
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cells); i++)
		count += cells[i] != NULL;
	return count;
}

bool cells_add(struct cell *cell)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cells); i++) {
		if (cells[i])
			continue;
		cell->id = ++last_id;
		fault_log_begin(cell, i + 1);
		__atomic_store_n(&cells[i], cell, __ATOMIC_RELEASE);
		return true;
	}
	return false;
}

void cells_remove(struct cell *cell)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cells); i++)
		if (cells[i] == cell)
			__atomic_store_n(&cells[i], NULL, __ATOMIC_SEQ_CST);
}

uint32_t cells_views(const struct cell_view *views[BH_MAX_CELLS])
{
	uint32_t count = 0;
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cells); i++)
		if (cells[i])
			views[count++] = &cells[i]->view;
	return count;
}

static void update(struct cell *cell)
{
	struct icr_filter filter;
	uint32_t i;

	icr_filter_init(&filter);
	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		const struct cpu *cpu = cpu_at(i);

		struct apic_target found = cpu->apic;

		/* A cell's logical id is not in the processor, so it takes nothing of root's. */
		if (cell == &root_cell && !found.x2apic)
			found.logical = 0;
		if (cpu->cell == cell)
			icr_filter_add_own(&filter, cpu->apic_id);
		else
			icr_filter_add_foreign(&filter, &found);
	}
	/* A cell's logical ids are not in the processor: none of its logical commands goes out. */
	if (cell != &root_cell)
		filter.foreign_logical = 0xff;
	for (i = 0; i < BH_ARRAY_SIZE(filter.own); i++)
		__atomic_store_n(&cell->icr.own[i], filter.own[i], __ATOMIC_RELAXED);
	__atomic_store_n(&cell->icr.foreign_logical, filter.foreign_logical, __ATOMIC_RELAXED);
	__atomic_store_n(&cell->icr.alone, filter.alone, __ATOMIC_RELAXED);
}

/* One at a time, so that the last one to write has seen the last change. */
void cells_update_interrupts(void)
{
	static struct spinlock lock;
	size_t i;

	spin_lock(&lock);
	update(&root_cell);
	for (i = 0; i < BH_ARRAY_SIZE(cells); i++)
		if (cells[i])
			update(cells[i]);
	spin_unlock(&lock);
}
