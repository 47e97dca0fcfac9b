/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of a configuration's ports, model-specific registers and console.
 */
#include "model/config_checks.h"
#include "model/backend_kind.h"
#include "model/msr_policy.h"

#define UART_REGISTERS 8
#define LAST_PORT      0xffffu
#define MAX_DIVISOR    0xffffu

static void check_console_memory(struct config_checker *checker)
{
	const struct bh_console *console = &checker->view->board->console;
	struct config_place address = config_at(CONFIG_CONSOLE, 0, "address");
	uint32_t bits = checker->view->board->physical_bits;

	if (console->stride != 1 && console->stride != 4) {
		config_find(checker, config_at(CONFIG_CONSOLE, 0, "stride"),
			    "registers %u bytes apart: 1 or 4 are possible", console->stride);
		return;
	}
	if (console->address % console->stride != 0)
		config_find(checker, address, "address 0x%llx is no multiple of the stride %u",
			    (hex)console->address, console->stride);
	else if ((console->address & BH_PAGE_MASK) + UART_REGISTERS * console->stride >
		 BH_PAGE_SIZE)
		config_find(checker, address, "the registers at 0x%llx reach into a second page",
			    (hex)console->address);
	if (bits >= 32 && bits <= 52 && console->address >> bits != 0)
		config_find(checker, address, "address 0x%llx has more than %u physical bits",
			    (hex)console->address, bits);
}

static void check_console_port(struct config_checker *checker)
{
	const struct bh_console *console = &checker->view->board->console;

	if (console->address > LAST_PORT - UART_REGISTERS + 1)
		config_find(checker, config_at(CONFIG_CONSOLE, 0, "port"),
			    "an 8250 at port 0x%llx would end behind port 0xffff",
			    (hex)console->address);
	if (console->stride != 1)
		config_find(checker, config_at(CONFIG_CONSOLE, 0, "stride"),
			    "ports of an 8250 are 1 apart, not %u", console->stride);
}

static void check_console(struct config_checker *checker)
{
	const struct bh_console *console = &checker->view->board->console;

	if (console->divisor > MAX_DIVISOR)
		config_find(checker, config_at(CONFIG_CONSOLE, 0, "baud"),
			    "divisor %u does not fit the UART's 16 bits", console->divisor);
	switch (console->type) {
	case BH_CONSOLE_NONE:
		if (console->stride != 0 || console->address != 0 || console->divisor != 0)
			config_find(checker, config_at(CONFIG_CONSOLE, 0, NULL),
				    "there is none, but it has settings");
		break;
	case BH_CONSOLE_8250_PORT:
		check_console_port(checker);
		break;
	case BH_CONSOLE_8250_MMIO:
		check_console_memory(checker);
		break;
	default:
		config_find(checker, config_at(CONFIG_CONSOLE, 0, "type"), "type %u is unknown",
			    console->type);
	}
}

static void check_console_overlap(struct config_checker *checker, uint32_t index)
{
	const struct bh_console *console = &checker->view->board->console;
	const struct bh_ports *ports = &checker->view->ports[index];
	uint64_t last = console->address + UART_REGISTERS - 1;

	if (console->type != BH_CONSOLE_8250_PORT || console->address > LAST_PORT)
		return;
	if (ports->first <= last && ports->last >= console->address)
		config_clash(checker, config_at(CONFIG_PORTS, index, NULL),
			     config_at(CONFIG_CONSOLE, 0, "port"), "overlaps",
			     "at 0x%x; leave out 0x%x-0x%x, they are the hypervisor's",
			     ports->first > console->address ? ports->first :
			     (unsigned int)console->address,
			     (unsigned int)console->address, (unsigned int)last);
}

static void check_ports(struct config_checker *checker)
{
	const struct bh_ports *ports = checker->view->ports;
	uint32_t i, j;

	for (i = 0; i < checker->view->board->root.port_count; i++) {
		if (ports[i].flags & ~BH_PORTS_BAR)
			config_find(checker, config_at(CONFIG_PORTS, i, NULL),
				    "flags 0x%x are unknown", ports[i].flags & ~BH_PORTS_BAR);
		if (ports[i].first > ports[i].last) {
			config_find(checker, config_at(CONFIG_PORTS, i, NULL),
				    "runs backwards: use \"0x%x-0x%x\"", ports[i].last,
				    ports[i].first);
			continue;
		}
		check_console_overlap(checker, i);
		for (j = 0; j < i; j++) {
			if (ports[j].first > ports[j].last || ports[i].first > ports[j].last ||
			    ports[j].first > ports[i].last)
				continue;
			config_clash(checker, config_at(CONFIG_PORTS, i, NULL),
				     config_at(CONFIG_PORTS, j, NULL), "overlaps", "at 0x%x",
				     ports[i].first > ports[j].first ? ports[i].first
								     : ports[j].first);
		}
	}
}

/* The first that may not be given ends the search; the policy allows 24576 MSRs, so it is short. */
static void check_msrs_allowed(struct config_checker *checker, uint32_t index)
{
	const struct bh_msrs *msrs = &checker->view->msrs[index];
	enum bh_backend backend = board_backend(checker->view->board);
	uint32_t msr = msrs->first;

	while (msr_may_be_given(backend, msr)) {
		if (msr == msrs->last)
			return;
		msr++;
	}
	config_find(checker, config_at(CONFIG_MSRS, index, NULL), "MSR 0x%x is given to no cell",
		    msr);
}

static void check_msrs(struct config_checker *checker)
{
	const struct bh_msrs *msrs = checker->view->msrs;
	uint32_t i, j;

	for (i = 0; i < checker->view->board->root.msr_count; i++) {
		if (msrs[i].first > msrs[i].last) {
			config_find(checker, config_at(CONFIG_MSRS, i, NULL),
				    "runs backwards: use \"0x%x-0x%x\"", msrs[i].last,
				    msrs[i].first);
			continue;
		}
		check_msrs_allowed(checker, i);
		for (j = 0; j < i; j++) {
			if (msrs[j].first > msrs[j].last || msrs[i].first > msrs[j].last ||
			    msrs[j].first > msrs[i].last)
				continue;
			config_clash(checker, config_at(CONFIG_MSRS, i, NULL),
				     config_at(CONFIG_MSRS, j, NULL), "overlaps", "at 0x%x",
				     msrs[i].first > msrs[j].first ? msrs[i].first : msrs[j].first);
		}
	}
}

void config_check_io(struct config_checker *checker)
{
	check_console(checker);
	check_ports(checker);
	check_msrs(checker);
}
