/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell's ports, model-specific registers and UART.
 */
#include "model/config_checks.h"
#include "model/backend_kind.h"
#include "model/msr_policy.h"

#define UART_REGISTERS 8
#define MAX_DIVISOR    0xffffu

static bool ports_overlap(const struct bh_ports *a, const struct bh_ports *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static uint32_t first_common(const struct bh_ports *a, const struct bh_ports *b)
{
	return a->first > b->first ? a->first : b->first;
}

static void check_ports_against(struct config_checker *checker, uint32_t index,
				const struct bh_ports *other, struct config_place place)
{
	const struct bh_ports *ports = &checker->cell->ports[index];

	/* Those of a device are lent as a whole; what belongs to which is config_cell_pci.c's. */
	if (!place.cell && (ports->flags & other->flags & BH_PORTS_BAR) &&
	    ports->first == other->first && ports->last == other->last)
		return;
	if (ports_overlap(ports, other))
		config_clash(checker, config_cell_at(checker, CONFIG_PORTS, index, NULL), place,
			     "overlaps", "at 0x%x", first_common(ports, other));
}

static void check_hypervisor_console(struct config_checker *checker, uint32_t index)
{
	const struct bh_console *console = &checker->view->board->console;
	struct bh_ports ports = {
		.first = (uint16_t)console->address,
		.last = (uint16_t)(console->address + UART_REGISTERS - 1),
	};

	if (console->type == BH_CONSOLE_8250_PORT)
		check_ports_against(checker, index, &ports, config_at(CONFIG_CONSOLE, 0, "port"));
}

static void check_ports(struct config_checker *checker)
{
	const struct config_view *board = checker->view;
	const struct cell_view *cell = checker->cell;
	uint32_t i, j, k;

	for (i = 0; i < cell->cell->port_count; i++) {
		if (cell->ports[i].flags & ~BH_PORTS_BAR)
			config_find(checker, config_cell_at(checker, CONFIG_PORTS, i, NULL),
				    "flags 0x%x are unknown", cell->ports[i].flags & ~BH_PORTS_BAR);
		if (cell->ports[i].first > cell->ports[i].last) {
			config_find(checker, config_cell_at(checker, CONFIG_PORTS, i, NULL),
				    "runs backwards: use \"0x%x-0x%x\"", cell->ports[i].last,
				    cell->ports[i].first);
			continue;
		}
		check_hypervisor_console(checker, i);
		for (j = 0; j < i; j++)
			check_ports_against(checker, i, &cell->ports[j],
					    config_cell_at(checker, CONFIG_PORTS, j, NULL));
		for (j = 0; j < board->board->root.port_count; j++)
			check_ports_against(checker, i, &board->ports[j],
					    config_at(CONFIG_PORTS, j, NULL));
		for (k = 0; k < checker->other_count; k++)
			for (j = 0; j < checker->others[k]->cell->port_count; j++)
				check_ports_against(checker, i, &checker->others[k]->ports[j],
						    config_other_at(checker->others[k],
								    CONFIG_PORTS, j, NULL));
	}
}

/* The first that may not be given ends the search; the policy allows 24576 MSRs, so it is short. */
static void check_msrs_allowed(struct config_checker *checker, uint32_t index)
{
	const struct bh_msrs *msrs = &checker->cell->msrs[index];
	enum bh_backend backend = board_backend(checker->view->board);
	uint32_t msr = msrs->first;

	while (msr_may_be_given(backend, msr)) {
		if (msr == msrs->last)
			return;
		msr++;
	}
	config_find(checker, config_cell_at(checker, CONFIG_MSRS, index, NULL),
		    "MSR 0x%x is given to no cell", msr);
}

static void check_msrs(struct config_checker *checker)
{
	const struct bh_msrs *msrs = checker->cell->msrs;
	uint32_t i, j;

	for (i = 0; i < checker->cell->cell->msr_count; i++) {
		struct config_place place = config_cell_at(checker, CONFIG_MSRS, i, NULL);

		if (msrs[i].first > msrs[i].last) {
			config_find(checker, place, "runs backwards: use \"0x%x-0x%x\"",
				    msrs[i].last, msrs[i].first);
			continue;
		}
		check_msrs_allowed(checker, i);
		for (j = 0; j < i; j++)
			if (msrs[i].first <= msrs[j].last && msrs[j].first <= msrs[i].last)
				config_clash(checker, place,
					     config_cell_at(checker, CONFIG_MSRS, j, NULL),
					     "overlaps", "at 0x%x",
					     msrs[i].first > msrs[j].first ? msrs[i].first
									   : msrs[j].first);
	}
}

/* Does the cell have what it is told to be its UART? What runs past the last address it has not. */
static bool has_ports(const struct cell_view *cell, uint64_t first, uint64_t last)
{
	uint32_t i;

	for (i = 0; i < cell->cell->port_count; i++)
		if (cell->ports[i].first <= first && first <= last &&
		    cell->ports[i].last >= last)
			return true;
	return false;
}

static bool has_device(const struct cell_view *cell, uint64_t first, uint64_t last)
{
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];

		if (region->kind == BH_REGION_DEVICE && first >= region->at &&
		    first <= last && last - region->at < region->size)
			return true;
	}
	return false;
}

static void check_console(struct config_checker *checker)
{
	const struct bh_console *console = &checker->cell->cell->console;
	struct config_place place = config_cell_at(checker, CONFIG_CONSOLE, 0, NULL);
	uint64_t last = console->address + UART_REGISTERS * console->stride - 1;

	if (console->divisor > MAX_DIVISOR)
		config_find(checker, place, "divisor %u does not fit the UART's 16 bits",
			    console->divisor);
	switch (console->type) {
	case BH_CONSOLE_NONE:
		if (console->stride != 0 || console->address != 0 || console->divisor != 0)
			config_find(checker, place, "there is none, but it has settings");
		break;
	case BH_CONSOLE_8250_PORT:
		if (console->stride != 1)
			config_find(checker, place, "ports of an 8250 are 1 apart, not %u",
				    console->stride);
		else if (!has_ports(checker->cell, console->address, last))
			config_find(checker, place,
				    "the cell has not its ports: add \"0x%llx-0x%llx\" to them",
				    (hex)console->address, (hex)last);
		break;
	case BH_CONSOLE_8250_MMIO:
		if (console->stride != 1 && console->stride != 4)
			config_find(checker, place,
				    "registers %u bytes apart: 1 or 4 are possible",
				    console->stride);
		else if (!has_device(checker->cell, console->address, last))
			config_find(checker, place,
				    "its registers are in no region of kind \"device\" of the "
				    "cell");
		break;
	default:
		config_find(checker, place, "type %u is unknown", console->type);
	}
}

void config_check_cell_io(struct config_checker *checker)
{
	check_console(checker);
	check_ports(checker);
	check_msrs(checker);
}
