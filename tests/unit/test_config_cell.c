/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What model/config_cell.c and config_cell_io.c find in a cell: its name, CPUs, start, ports, MSRs
 * and UART. A good cell with one thing wrong at a time; memory is test_config_cell_memory.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "cell_changes.h"

#define FIND(rules) rules_find(rules, BH_ARRAY_SIZE(rules))
#define KEEP(rules) rules_keep(rules, BH_ARRAY_SIZE(rules))

static void names_and_cpus(void **state)
{
	static const struct rule rules[] = {
		{ "cell : cell.name: the name is empty", { SET_OF(cell.cell.name[0], 0) } },
		{ "cell r/0: cell.name: a name has letters, digits and any of \"_-.+\", but "
		  "character 2 is another", { SET_OF(cell.cell.name[1], '/') } },
		{ "cell root: cell.name: is the root cell's name",
		  { SET_OF(cell.cell.name[1], 'o'), SET_OF(cell.cell.name[2], 'o'),
		    SET_OF(cell.cell.name[3], 't') } },
		{ "cell net: cell.name: is another cell's name already",
		  { SET_OF(cell.cell.name[0], 'n'), SET_OF(cell.cell.name[1], 'e'),
		    SET_OF(cell.cell.name[2], 't') } },
		{ "cell rt0: cell.cpus: no CPU at all", { SET_OF(cell.cell.cpus[0], 0) } },
		{ "cell rt0: cell.cpus: CPU 4 is none of the board's",
		  { SET_OF(cell.cell.cpus[0], 0x12) } },
		{ "cell rt0: cell.cpus: CPU 63 is none of the board's",
		  { SET_OF(cell.cell.cpus[0], 1ULL << 63 | 2) } },
		{ "cell rt0: cell.cpus: CPU 64 is none of the board's",
		  { SET_OF(cell.cell.cpus[1], 1) } },
		{ "cell rt0: cell.cpus: CPU 255 is none of the board's",
		  { SET_OF(cell.cell.cpus[3], 1ULL << 63) } },
		{ "cell rt0: cell.cpus: CPU 0 stays with root",
		  { SET_OF(cell.cell.cpus[0], 3) } },
		{ "cell rt0: cell.cpus: all CPUs of the board: none is left for root",
		  { SET_OF(cell.cell.cpus[0], 0xa), SET_OF(board.board.root.cpus[0], 0xa) } },
		{ "cell rt0: cell.cpus: has a CPU of cell net: cell.cpus (2)",
		  { SET_OF(cell.cell.cpus[0], 0xe) } },
		{ "cell rt0: cell.cpus: has a CPU of cell net: cell.cpus (191)",
		  { SET_OF(cell.cell.cpus[2], 1ULL << 63),
		    SET_OF(other.cell.cpus[2], 1ULL << 63),
		    SET_OF(board.board.root.cpus[2], 1ULL << 63) } },
	};
	static const struct rule good[] = {
		{ "unchanged", { { .size = 0 } } },
		{ "another CPU of the board", { SET_OF(cell.cell.cpus[0], 0x8) } },
		{ "two CPUs", { SET_OF(cell.cell.cpus[0], 0xa) } },
		{ "the last CPU there can be", { SET_OF(cell.cell.cpus[3], 1ULL << 63),
						 SET_OF(board.board.root.cpus[3], 1ULL << 63) } },
		{ "a name with root's in it", { SET_OF(cell.cell.name[1], 'o'),
						SET_OF(cell.cell.name[2], 'o') } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void starts(void **state)
{
	static const struct rule rules[] = {
		{ "cell rt0: cell.flags: flags 0x20 are unknown",
		  { SET_OF(cell.cell.flags, 0x25) } },
		{ "cell rt0: cell.flags: flags 0x80000000 are unknown",
		  { SET_OF(cell.cell.flags, 0x80000005) } },
		{ "cell rt0: cell.on_fault: policy 2 is unknown",
		  { SET_OF(cell.cell.on_fault, 2) } },
		{ "cell rt0: cell.entry: there is none, but it has a value",
		  { SET_OF(cell.cell.flags, BH_CELL_LOCKED) } },
		{ "cell rt0: cell.entry: a cell that starts at the reset vector has none",
		  { SET_OF(cell.cell.flags, BH_CELL_HAS_ENTRY | BH_CELL_RESET_VECTOR) } },
		{ "cell rt0: cell.entry: 0x100000000 is not below 4 GiB",
		  { SET_OF(cell.cell.entry, 1ULL << 32),
		    SET_OF(cell.regions[CELL_RAM].at, 1ULL << 32) } },
		{ "cell rt0: cell.entry: 0x200000 is in no RAM of the cell with access \"x\"",
		  { SET_OF(cell.cell.entry, 0x200000) } },
		{ "cell rt0: cell.entry: 0xfff is in no RAM",
		  { SET_OF(cell.cell.entry, 0xfff), SET_OF(cell.regions[CELL_RAM].at, 0x1000) } },
		{ "cell rt0: cell.entry: 0x1000 is in no RAM of the cell with access \"x\"",
		  { SET_OF(cell.regions[CELL_RAM].access, BH_ACCESS_READ | BH_ACCESS_WRITE) } },
		{ "cell rt0: cell.entry: 0xa00000 is in no RAM of the cell with access \"x\"",
		  { SET_OF(cell.cell.entry, 0xa00000),
		    SET_OF(cell.regions[CELL_VGA].access, 7) } },
	};
	static const struct rule good[] = {
		{ "first byte", { SET_OF(cell.cell.entry, 0) } },
		{ "last byte", { SET_OF(cell.cell.entry, 0x1fffff) } },
		{ "reset vector", { SET_OF(cell.cell.entry, 0),
				    SET_OF(cell.cell.flags, BH_CELL_RESET_VECTOR) } },
		{ "the image's entry", { SET_OF(cell.cell.entry, 0),
					 SET_OF(cell.cell.flags, BH_CELL_LOG_CONSOLE) } },
		{ "reports", { SET_OF(cell.cell.on_fault, BH_ON_FAULT_REPORT) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void ports(void **state)
{
	static const struct rule rules[] = {
		{ "cell rt0: cell.ports[1]: 0xcf8-0xcff lead to all of PCI: leave them out",
		  { SET_OF(cell.ports[1].first, 0xcff), SET_OF(cell.ports[1].last, 0xd00) } },
		{ "cell rt0: cell.ports[1]: 0xcf8-0xcff lead to all of PCI",
		  { SET_OF(cell.ports[1].first, 0xcf0), SET_OF(cell.ports[1].last, 0xcf8) } },
		{ "cell rt0: cell.ports[1]: 0x20-0x21 are the machine's interrupt controller",
		  { SET_OF(cell.ports[1].first, 0x21), SET_OF(cell.ports[1].last, 0x22) } },
		{ "cell rt0: cell.ports[1]: 0xa0-0xa1 are the machine's interrupt controller",
		  { SET_OF(cell.ports[1].first, 0x90), SET_OF(cell.ports[1].last, 0xa0) } },
		{ "cell rt0: cell.ports[1]: 0x4d0-0x4d1 are the machine's interrupt controller",
		  { SET_OF(cell.ports[1].first, 0x4d1), SET_OF(cell.ports[1].last, 0x4d3) } },
		{ "cell rt0: cell.ports[1]: flags 0x2 are unknown",
		  { SET_OF(cell.ports[1].flags, 2) } },
		{ "cell rt0: cell.pci: has regions or ports of devices that the cell has not",
		  { SET_OF(cell.ports[1].flags, BH_PORTS_BAR) } },
		{ "cell rt0: cell.ports[1]: runs backwards: use \"0x4ff-0x500\"",
		  { SET_OF(cell.ports[1].last, 0x4ff) } },
		{ "cell rt0: cell.ports[1]: overlaps board.console.port at 0x2ff",
		  { SET_OF(cell.ports[1].first, 0x2ff), SET_OF(cell.ports[1].last, 0x2ff) } },
		{ "cell rt0: cell.ports[1]: overlaps board.console.port at 0x2f8",
		  { SET_OF(cell.ports[1].first, 0x2f0), SET_OF(cell.ports[1].last, 0x2f8) } },
		{ "cell rt0: cell.ports[1]: overlaps cell rt0: cell.ports[0] at 0x407",
		  { SET_OF(cell.ports[1].first, 0x407) } },
		{ "cell rt0: cell.ports[1]: overlaps root.ports[1] at 0x43",
		  { SET_OF(cell.ports[1].first, 0x43), SET_OF(cell.ports[1].last, 0x50) } },
		{ "cell rt0: cell.ports[1]: overlaps root.ports[2] at 0x3f8",
		  { SET_OF(cell.ports[1].first, 0x3f0), SET_OF(cell.ports[1].last, 0x3f8) } },
		{ "cell rt0: cell.ports[1]: overlaps cell net: cell.ports[0] at 0x417",
		  { SET_OF(cell.ports[1].first, 0x417), SET_OF(cell.ports[1].last, 0x420) } },
		{ "cell rt0: cell.ports[1]: overlaps cell net: cell.ports[1] at 0x600",
		  { SET_OF(cell.ports[1].last, 0x600) } },
	};
	static const struct rule good[] = {
		{ "before PCI", { SET_OF(cell.ports[1].first, 0xcf0),
				  SET_OF(cell.ports[1].last, 0xcf7) } },
		{ "before the console", { SET_OF(cell.ports[1].first, 0x2f0),
					  SET_OF(cell.ports[1].last, 0x2f7) } },
		{ "behind it", { SET_OF(cell.ports[1].first, 0x300),
				 SET_OF(cell.ports[1].last, 0x3f7) } },
		{ "between the others", { SET_OF(cell.ports[1].first, 0x4d2),
					  SET_OF(cell.ports[1].last, 0x5ff) } },
		{ "the last port", { SET_OF(cell.ports[1].first, 0xd00),
				     SET_OF(cell.ports[1].last, 0xffff) } },
		{ "the console's, where it has none",
		  { SET_OF(cell.ports[1].first, 0x2f8), SET_OF(cell.ports[1].last, 0x2ff),
		    SET_OF(board.board.console.type, 0) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void msrs(void **state)
{
	static const struct rule rules[] = {
		{ "cell rt0: cell.msrs[0]: runs backwards: use \"0xc9f-0xca0\"",
		  { SET_OF(cell.msrs[0].first, 0xca0) } },
		{ "cell rt0: cell.msrs[1]: MSR 0x1b is given to no cell",
		  { SET_OF(cell.msrs[1].first, 0x1b) } },
		{ "cell rt0: cell.msrs[1]: MSR 0x830 is given to no cell",
		  { SET_OF(cell.msrs[1].first, 0x82f), SET_OF(cell.msrs[1].last, 0x831) } },
		{ "cell rt0: cell.msrs[1]: MSR 0x2000 is given to no cell",
		  { SET_OF(cell.msrs[1].first, 0x1fff), SET_OF(cell.msrs[1].last, 0x2000) } },
		{ "cell rt0: cell.msrs[1]: MSR 0xc0002000 is given to no cell",
		  { SET_OF(cell.msrs[1].first, 0xc0001fff), SET_OF(cell.msrs[1].last, ~0u) } },
		{ "cell rt0: cell.msrs[1]: overlaps cell rt0: cell.msrs[0] at 0xc9f",
		  { SET_OF(cell.msrs[1].first, 0xc9f), SET_OF(cell.msrs[1].last, 0xca8) } },
		{ "cell rt0: cell.msrs[1]: overlaps cell rt0: cell.msrs[0] at 0xc90",
		  { SET_OF(cell.msrs[1].first, 0xc80), SET_OF(cell.msrs[1].last, 0xc90) } },
	};

	(void)state;
	FIND(rules);
}

#define MMIO SET_OF(cell.cell.console.type, BH_CONSOLE_8250_MMIO)

static void consoles(void **state)
{
	static const struct rule rules[] = {
		{ "cell rt0: cell.console: divisor 65536 does not fit the UART's 16 bits",
		  { SET_OF(cell.cell.console.divisor, 65536) } },
		{ "cell rt0: cell.console: there is none, but it has settings",
		  { SET_OF(cell.cell.console.type, 0), SET_OF(cell.cell.console.stride, 0),
		    SET_OF(cell.cell.console.divisor, 0) } },
		{ "cell rt0: cell.console: there is none, but it has settings",
		  { SET_OF(cell.cell.console.type, 0), SET_OF(cell.cell.console.stride, 0),
		    SET_OF(cell.cell.console.address, 0) } },
		{ "cell rt0: cell.console: there is none, but it has settings",
		  { SET_OF(cell.cell.console.type, 0), SET_OF(cell.cell.console.divisor, 0),
		    SET_OF(cell.cell.console.address, 0) } },
		{ "cell rt0: cell.console: type 3 is unknown",
		  { SET_OF(cell.cell.console.type, 3) } },
		{ "cell rt0: cell.console: ports of an 8250 are 1 apart, not 4",
		  { SET_OF(cell.cell.console.stride, 4) } },
		{ "cell rt0: cell.console: the cell has not its ports: add \"0x401-0x408\" to them",
		  { SET_OF(cell.cell.console.address, 0x401) } },
		{ "cell rt0: cell.console: the cell has not its ports: add \"0x3ff-0x406\" to them",
		  { SET_OF(cell.cell.console.address, 0x3ff) } },
		{ "cell rt0: cell.console: the cell has not its ports",
		  { SET_OF(cell.cell.console.address, ~0ULL - 3) } },
		{ "cell rt0: cell.console: registers 2 bytes apart: 1 or 4 are possible",
		  { MMIO, SET_OF(cell.cell.console.stride, 2) } },
		{ "cell rt0: cell.console: its registers are in no region of kind \"device\"",
		  { MMIO } },
		{ "cell rt0: cell.console: its registers are in no region of kind \"device\"",
		  { MMIO, SET_OF(cell.cell.console.stride, 4),
		    SET_OF(cell.cell.console.address, 0x600011) } },
		{ "cell rt0: cell.console: its registers are in no region of kind \"device\"",
		  { MMIO, SET_OF(cell.cell.console.address, 0x60000f) } },
		{ "cell rt0: cell.console: its registers are in no region of kind \"device\"",
		  { MMIO, SET_OF(cell.cell.console.address, ~0ULL - 3),
		    SET_OF(cell.regions[CELL_VGA].at, 0),
		    SET_OF(cell.regions[CELL_RAM].at, 0x1000000) } },
	};
	static const struct rule good[] = {
		{ "none", { SET_OF(cell.cell.console.type, 0), SET_OF(cell.cell.console.stride, 0),
			    SET_OF(cell.cell.console.divisor, 0),
			    SET_OF(cell.cell.console.address, 0) } },
		{ "in memory, 4 apart", { MMIO, SET_OF(cell.cell.console.stride, 4),
					  SET_OF(cell.cell.console.address, 0x600010) } },
		{ "in memory, 1 apart", { MMIO, SET_OF(cell.cell.console.address, 0x600028) } },
		{ "divisor", { SET_OF(cell.cell.console.divisor, 65535) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_cpus),
		cmocka_unit_test(starts),
		cmocka_unit_test(ports),
		cmocka_unit_test(msrs),
		cmocka_unit_test(consoles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
