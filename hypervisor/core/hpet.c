/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes of a cell to its HPET, and the end of what it set up. See hpet.h.
 */
#include "core/hpet.h"

#include "core/cpu.h"
#include "core/spinlock.h"
#include "x86/device_memory.h"

/* Nobody sets a timer up while all are being switched off. */
static struct spinlock lock;

static const struct bh_region *find_region(const struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++)
		if (cell->regions[i].flags & BH_REGION_HPET)
			return &cell->regions[i];
	return NULL;
}

static uint32_t read_register(hpa_t page, uint32_t offset)
{
	return (uint32_t)device_memory_read(cpu_this(), HPA(page.v + offset), sizeof(uint32_t));
}

static void write_register(hpa_t page, uint32_t offset, uint32_t value)
{
	device_memory_write(cpu_this(), HPA(page.v + offset), sizeof(value), value);
}

/* Those of the cell that the timer has. */
static uint32_t find_pins(const struct cell *cell, hpa_t page, uint32_t offset)
{
	uint32_t routes = hpet_routes_at(offset);
	uint32_t pins = hpet_pins(&cell->view);

	return routes ? pins & read_register(page, routes) : pins;
}

struct hpet_judgement hpet_write(struct cpu *cpu, hpa_t page, uint32_t offset, uint32_t size,
				 uint64_t value)
{
	const struct cell *cell = cpu->cell;
	const struct hpet_judgement judgement =
		hpet_judge_write(find_pins(cell, page, offset), offset, size, value);

	spin_lock(&lock);
	if (judgement.verdict == HPET_PASS && cell_runs(cell))
		device_memory_write(cpu, HPA(page.v + offset), size, value);
	spin_unlock(&lock);
	return judgement;
}

/* The counter is left: it may go on for the next one who has it. */
void hpet_silence(const struct cell *cell)
{
	const struct bh_region *region = find_region(cell);
	hpa_t page;
	uint32_t n;

	if (!region)
		return;
	page = HPA(region->phys);
	spin_lock(&lock);
	write_register(page, HPET_CONFIGURATION,
		       read_register(page, HPET_CONFIGURATION) & ~HPET_LEGACY);
	for (n = 0; n < hpet_timers(read_register(page, HPET_CAPABILITIES)); n++)
		write_register(page, HPET_TIMER(n),
			       hpet_at_rest(read_register(page, HPET_TIMER(n))));
	/* A level that was raised would stay, on a pin that somebody may share. */
	write_register(page, HPET_STATUS, UINT32_MAX);
	spin_unlock(&lock);
}
