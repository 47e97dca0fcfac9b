/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What model/config_cell_memory.c finds in a cell's memory: in a region by itself, beside others
 * of the cell, against the board and against other cells. One thing wrong at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "cell_changes.h"

#define FIND(rules) rules_find(rules, BH_ARRAY_SIZE(rules))
#define KEEP(rules) rules_keep(rules, BH_ARRAY_SIZE(rules))

#define RAM(member, number)  SET_OF(cell.regions[CELL_RAM].member, number)
#define MAIL(member, number) SET_OF(cell.regions[CELL_MAIL].member, number)
#define COMM(member, number) SET_OF(cell.regions[CELL_COMM].member, number)
#define VGA(member, number)  SET_OF(cell.regions[CELL_VGA].member, number)
#define UART(member, number) SET_OF(cell.regions[CELL_UART].member, number)

/* Places as they are named. */
#define RAM_IS  "cell rt0: cell.memory[0] \"ram\""
#define MAIL_IS "cell rt0: cell.memory[1] \"mail\""
#define COMM_IS "cell rt0: cell.memory[2] \"comm\""
#define VGA_IS  "cell rt0: cell.memory[3] \"vga\""
#define UART_IS "cell rt0: cell.memory[4] \"uart\""

static void communication_pages(void **state)
{
	static const struct rule rules[] = {
		{ COMM_IS ": the communication page is the hypervisor's: leave phys out",
		  { COMM(phys, 0x3a001000) } },
		{ COMM_IS ": a communication page is one page of 4K", { COMM(size, 0x2000) } },
		{ COMM_IS ": a communication page is one page of 4K", { COMM(size, 0) } },
		{ COMM_IS ": a communication page is one page of 4K", { COMM(at, 0x500800) } },
		{ COMM_IS ": a communication page has access \"rw\"", { COMM(access, 1) } },
		{ COMM_IS ": a communication page has access \"rw\"", { COMM(access, 7) } },
		{ COMM_IS ": a communication page is neither shared nor loadable",
		  { COMM(flags, BH_REGION_SHARED) } },
		{ COMM_IS ": a communication page is neither shared nor loadable",
		  { COMM(flags, BH_REGION_LOADABLE) } },
		{ VGA_IS ": is a second communication page beside " COMM_IS
			 " ; a cell has one at most",
		  { VGA(kind, BH_REGION_COMM), VGA(phys, 0), VGA(size, 0x1000) } },
		{ COMM_IS ": reaches to 0x10000000fff, but with 40 physical bits 0xffffffffff is "
			  "the last address", { COMM(at, 0x10000000000) } },
		{ COMM_IS ": reaches to 0xffffffffffffffff", { COMM(at, ~0xfffULL) } },
		{ COMM_IS ": overlaps the local APIC's range", { COMM(at, 0xfee00000) } },
		{ COMM_IS ": overlaps " MAIL_IS " at 0x400000 of the cell",
		  { COMM(at, 0x400000) } },
	};
	static const struct rule good[] = {
		{ "the last page there is", { COMM(at, 0xfffffff000) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void values(void **state)
{
	static const struct rule rules[] = {
		{ RAM_IS ": size is 0: it would have no memory", { RAM(size, 0) } },
		{ RAM_IS ": phys 0x38800800 is no multiple of 4K: use 0x38800000 or 0x38801000",
		  { RAM(phys, 0x38800800) } },
		{ RAM_IS ": at 0x10 is no multiple of 4K: use 0x0 or 0x1000", { RAM(at, 0x10) } },
		{ RAM_IS ": size 0x1ff001 is no multiple of 4K: use 0x1ff000 or 0x200000",
		  { RAM(size, 0x1ff001) } },
		{ VGA_IS ": 0xfffffffffffff000 and size 0x20000 run past the last address",
		  { VGA(phys, ~0xfffULL) } },
		{ VGA_IS ": 0xfffffffffffff000 and size 0x20000 run past the last address",
		  { VGA(at, ~0xfffULL) } },
		{ VGA_IS ": reaches to 0x10000000fff, but with 40 physical bits 0xffffffffff is "
			 "the last address", { VGA(phys, 0xfffffe1000) } },
		{ VGA_IS ": reaches to 0x10000000fff, but with 40 physical bits 0xffffffffff is "
			 "the last address", { VGA(at, 0xfffffe1000) } },
		{ UART_IS ": 0x600014 and phys 0xfe030010 lie differently in their pages",
		  { UART(at, 0x600014) } },
		{ VGA_IS ": 0xa00000 and phys 0xa0800 lie differently in their pages",
		  { VGA(phys, 0xa0800) } },
		{ UART_IS ": a region that is no whole pages lies inside one page",
		  { UART(size, 0xff1) } },
		{ VGA_IS ": a region that is no whole pages lies inside one page",
		  { VGA(size, 0x20800) } },
		{ UART_IS ": code cannot be executed in a region that is no whole pages",
		  { UART(access, 7) } },
		{ RAM_IS ": access 0x8 is unknown", { RAM(access, 8) } },
		{ RAM_IS ": access 0x80000007 is unknown", { RAM(access, 0x80000007) } },
		{ RAM_IS ": access without \"r\": the processor refuses", { RAM(access, 6) } },
		{ VGA_IS ": access without \"r\": the processor refuses", { VGA(access, 0) } },
		{ RAM_IS ": flags 0x4 are not a cell's", { RAM(flags, BH_REGION_LENT) } },
		{ RAM_IS ": flags 0x80000000 are not a cell's", { RAM(flags, 0x80000002) } },
		{ VGA_IS ": memory of a device is neither shared nor loadable",
		  { VGA(flags, BH_REGION_SHARED) } },
		{ UART_IS ": memory of a device is neither shared nor loadable",
		  { UART(flags, BH_REGION_LOADABLE) } },
		{ VGA_IS ": kind 3 is unknown", { VGA(kind, 3) } },
		{ "cell rt0: cell.memory: has no region of kind \"ram\"",
		  { RAM(kind, BH_REGION_DEVICE), MAIL(kind, BH_REGION_DEVICE) } },
		{ "cell rt0: cell.memory[1] \"m il\": a name has letters, digits and any of "
		  "\"_-.+\", but character 2 is another", { MAIL(name[1], ' ') } },
		{ "cell rt0: cell.memory[1] \"\": the name is empty", { MAIL(name[0], 0) } },
		{ "cell rt0: cell.memory[4] \"vga\": has the name of " VGA_IS
		  " as well: give each region its own",
		  { UART(name[0], 'v'), UART(name[1], 'g'), UART(name[2], 'a'),
		    UART(name[3], 0) } },
	};
	static const struct rule good[] = {
		{ "up to the last address of 40 bits", { VGA(at, 0xfffffe0000) } },
		{ "up to the page's end", { UART(size, 0xff0) } },
		{ "a single byte", { UART(size, 1) } },
		{ "reading only", { UART(access, 1) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

#define HPET(address) SET_OF(board.board.hpet, address)

/* An HPET writes into memory for who programs it: in "vga"'s place, or in "uart"'s. */
static void timers_that_write(void **state)
{
	static const struct rule rules[] = {
		{ VGA_IS ": overlaps board.hpet ; a cell has that page as a whole, "
		  "phys = 0xa0000 ",
		  { HPET(0xa0000) } },
		{ VGA_IS ": overlaps board.hpet ; a cell has that page as a whole, "
		  "phys = 0xbf000 ",
		  { HPET(0xbf000) } },
		{ UART_IS ": overlaps board.hpet ; a cell has that page as a whole, "
		  "phys = 0xfe030000 ",
		  { HPET(0xfe030000) } },
		{ RAM_IS ": overlaps board.hpet ; a cell has that page as a whole, "
		  "phys = 0x389ff000 ",
		  { HPET(0x389ff000) } },
		{ VGA_IS ": the mark of the board's HPET is missing or wrong",
		  { VGA(flags, BH_REGION_HPET) } },
		{ RAM_IS ": the mark of the board's HPET is missing or wrong",
		  { RAM(flags, BH_REGION_HPET) } },
		{ VGA_IS ": the mark of the board's HPET is missing or wrong",
		  { HPET(0xfed00000), VGA(phys, 0xfed00000), VGA(size, 0x1000) } },
		{ VGA_IS ": the mark of the board's HPET is missing or wrong",
		  { HPET(0xfed00000), VGA(phys, 0xfed00000), VGA(size, 0x1000),
		    VGA(flags, BH_REGION_HPET | BH_REGION_BAR) } },
		{ UART_IS ": there machines have an HPET", { UART(phys, 0xfed00010) } },
		{ UART_IS ": there machines have an HPET", { UART(phys, 0xfed03010) } },
		{ UART_IS ": there machines have an HPET",
		  { HPET(0xfed00000), UART(phys, 0xfed01010) } },
		{ VGA_IS ": there machines have an HPET", { VGA(phys, 0xfecf0000) } },
	};
	static const struct rule good[] = {
		{ "as a whole", { HPET(0xfed00000), VGA(phys, 0xfed00000), VGA(size, 0x1000),
				  VGA(flags, BH_REGION_HPET) } },
		{ "elsewhere", { HPET(0xd0000000), VGA(phys, 0xd0000000), VGA(size, 0x1000),
				 VGA(flags, BH_REGION_HPET) } },
		{ "of another", { HPET(0xfed00000) } },
		{ "behind it", { UART(phys, 0xfed04010) } },
		{ "before it", { VGA(phys, 0xfece0000) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void neighbours(void **state)
{
	static const struct rule rules[] = {
		{ VGA_IS ": overlaps the local APIC's range at 0xfee00000; the hypervisor gives "
			 "each cell its own", { VGA(at, 0xfede1000) } },
		{ MAIL_IS ": overlaps the local APIC's range", { MAIL(at, 0xfee00000) } },
		{ MAIL_IS ": overlaps the local APIC's range", { MAIL(at, 0xfee01000) } },
		{ MAIL_IS ": overlaps the local APIC's range", { MAIL(at, 0xfeeff000) } },
		{ MAIL_IS ": overlaps " RAM_IS " at 0x1ff000 of the cell",
		  { MAIL(at, 0x1ff000) } },
		{ UART_IS ": overlaps " COMM_IS " at 0x500010 of the cell",
		  { UART(at, 0x500010) } },
		{ MAIL_IS ": overlaps " RAM_IS " at 0x389ff000", { MAIL(phys, 0x389ff000) } },
		{ UART_IS ": overlaps " VGA_IS " at 0xa0010", { UART(phys, 0xa0010) } },
	};
	static const struct rule good[] = {
		{ "below the APIC", { VGA(at, 0xfede0000) } },
		{ "behind it", { VGA(at, 0xfef00000) } },
		{ "behind RAM", { MAIL(at, 0x200000) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void board_memory(void **state)
{
	static const struct rule rules[] = {
		{ RAM_IS ": 0x38f00000-0x390fffff is not inside board.cell_memory, where cells' "
			 "RAM comes from", { RAM(phys, 0x38f00000) } },
		{ RAM_IS ": 0x50000000-0x501fffff is not inside board.cell_memory",
		  { RAM(phys, 0x50000000) } },
		{ MAIL_IS ": 0x3b000000-0x3b000fff is not inside board.cell_memory",
		  { MAIL(phys, 0x3b000000) } },
		{ VGA_IS ": is no memory of a device: it overlaps board.cell_memory[1]",
		  { VGA(phys, 0x3afff000) } },
		{ UART_IS ": is no memory of a device: it overlaps board.cell_memory[0]",
		  { UART(phys, 0x38fff010) } },
		{ RAM_IS ": overlaps board.hypervisor at 0x387ff000; no cell may have hypervisor "
			 "memory",
		  { RAM(phys, 0x387ff000) } },
		{ VGA_IS ": overlaps board.hypervisor at 0x38000000; no cell may have hypervisor "
			 "memory",
		  { VGA(phys, 0x38000000) } },
		{ VGA_IS ": overlaps the local APIC's range at 0xfee00000",
		  { VGA(phys, 0xfede1000) } },
		{ UART_IS ": overlaps the local APIC's range at 0xfee00010",
		  { UART(phys, 0xfee00010) } },
		{ UART_IS ": overlaps board.console.address at 0xfe030010; that page is the "
			  "hypervisor's while it is its console",
		  { SET_OF(board.board.console.type, BH_CONSOLE_8250_MMIO),
		    SET_OF(board.board.console.stride, 4),
		    SET_OF(board.board.console.address, 0xfe030fe0) } },
		{ VGA_IS ": overlaps root.memory[1] \"vga\" at 0xa0000; root may lend a whole "
			 "region: lent = true", { SET_OF(board.regions[1].flags, 0) } },
		{ VGA_IS ": overlaps root.memory[1] \"vga\" at 0xa0000; root may lend a whole",
		  { VGA(size, 0x1f000) } },
		{ VGA_IS ": overlaps root.memory[1] \"vga\" at 0xa1000; root may lend a whole",
		  { VGA(phys, 0xa1000), VGA(size, 0x1f000) } },
		{ VGA_IS ": overlaps root.memory[1] \"vga\" at 0xa0000; root may lend a whole",
		  { VGA(kind, BH_REGION_RAM) } },
		{ UART_IS ": overlaps root.memory[2] \"main\" at 0x100010; root may lend a whole",
		  { UART(phys, 0x100010) } },
	};
	static const struct rule good[] = {
		{ "up to the pool's end", { RAM(phys, 0x38e00000) } },
		{ "in the other pool", { RAM(phys, 0x3ae00000) } },
		{ "memory that nobody has", { VGA(phys, 0x50000000) } },
		{ "less than root lends", { VGA(access, 1) } },
		{ "beside the console's page",
		  { SET_OF(board.board.console.type, BH_CONSOLE_8250_MMIO),
		    SET_OF(board.board.console.stride, 4),
		    SET_OF(board.board.console.address, 0xfe031000) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

#define ROOT_MAIL(member, number) SET_OF(board.regions[3].member, number)
#define NET_MAIL(member, number)  SET_OF(other.regions[CELL_MAIL].member, number)
#define OF_ROOT                   "root.memory[3] \"mail\""
#define OF_NET                    "cell net: cell.memory[1] \"mail\""

static void shares(void **state)
{
	static const struct rule rules[] = {
		{ MAIL_IS ": overlaps " OF_ROOT " at 0x3a000000; both sides have to say shared = "
			  "true", { MAIL(flags, 0) } },
		{ MAIL_IS ": overlaps " OF_NET " at 0x3a000000; both sides have to say shared = "
			  "true", { MAIL(flags, 0) } },
		{ MAIL_IS ": overlaps " OF_ROOT " at 0x3a000000; both sides have to say shared = "
			  "true", { ROOT_MAIL(flags, 0) } },
		{ MAIL_IS ": overlaps " OF_NET " at 0x3a000000; both sides have to say shared = "
			  "true", { NET_MAIL(flags, 0) } },
		{ "cell rt0: cell.memory[1] \"Mail\": has not the name of " OF_ROOT
		  " which it shares", { MAIL(name[0], 'M') } },
		{ MAIL_IS ": has not the name of cell net: cell.memory[1] \"mai\" which it shares",
		  { NET_MAIL(name[3], 0) } },
		{ MAIL_IS ": has not place and size of " OF_ROOT " (0x3a000000, 0x1000)",
		  { MAIL(size, 0x2000), NET_MAIL(size, 0x2000) } },
		{ MAIL_IS ": has not place and size of " OF_NET " (0x3a000000, 0x2000)",
		  { NET_MAIL(size, 0x2000) } },
		{ MAIL_IS ": has not place and size of " OF_NET " (0x3a000000, 0x1000)",
		  { MAIL(phys, 0x3a004000), ROOT_MAIL(phys, 0x3a004000) } },
		{ MAIL_IS ": cannot be written, as " OF_ROOT " cannot: nobody could fill it",
		  { MAIL(access, 1), ROOT_MAIL(access, 1), NET_MAIL(access, 1) } },
		{ MAIL_IS ": cannot be written, as " OF_NET " cannot: nobody could fill it",
		  { MAIL(access, 1), ROOT_MAIL(flags, 0), ROOT_MAIL(phys, 0x3a008000),
		    NET_MAIL(access, 5) } },
		{ MAIL_IS ": does not go with the rights of " OF_ROOT
			  " ; what one may write no other may execute",
		  { MAIL(access, 5), NET_MAIL(access, 1) } },
		{ MAIL_IS ": does not go with the rights of " OF_NET
			  " ; what one may write no other may execute",
		  { NET_MAIL(access, 5), ROOT_MAIL(access, 1) } },
	};
	static const struct rule good[] = {
		{ "reads only", { MAIL(access, 1) } },
		{ "reads, as another does, what root writes",
		  { MAIL(access, 1), NET_MAIL(access, 1) } },
		{ "reads, as root does, what another writes",
		  { MAIL(access, 1), ROOT_MAIL(access, 1) } },
		{ "the only one who writes", { NET_MAIL(access, 1), ROOT_MAIL(access, 1) } },
		{ "its own code", { MAIL(access, 7), NET_MAIL(access, 1), ROOT_MAIL(access, 1) } },
		{ "elsewhere in the cell", { MAIL(at, 0x3a000000) } },
		{ "with another name, where no other shares",
		  { MAIL(phys, 0x3a004000), MAIL(name[0], 'M') } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

static void other_cells(void **state)
{
	static const struct rule rules[] = {
		{ RAM_IS ": overlaps cell net: cell.memory[0] \"ram\" at 0x38a00000",
		  { RAM(phys, 0x38801000) } },
		{ RAM_IS ": overlaps cell net: cell.memory[0] \"ram\" at 0x38bff000",
		  { RAM(phys, 0x38bff000) } },
		{ UART_IS ": overlaps cell net: cell.memory[4] \"uart\" at 0xfe03000f",
		  { UART(phys, 0xfe03000f), UART(at, 0x60000f) } },
		{ VGA_IS ": overlaps cell net: cell.memory[3] \"nic\" at 0xa0000",
		  { SET_OF(other.regions[CELL_VGA].phys, 0xa0000),
		    SET_OF(other.regions[CELL_VGA].size, 0x20000) } },
		{ RAM_IS ": overlaps cell net: cell.memory[0] \"ram\" at 0x38a00000; both sides "
			 "have to say shared = true",
		  { RAM(phys, 0x38a00000), RAM(flags, BH_REGION_SHARED) } },
	};
	static const struct rule good[] = {
		{ "behind the other's RAM", { RAM(phys, 0x38c00000) } },
		{ "the next byte of the page", { UART(phys, 0xfe030010) } },
	};

	(void)state;
	FIND(rules);
	KEEP(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(communication_pages),
		cmocka_unit_test(values),
		cmocka_unit_test(timers_that_write),
		cmocka_unit_test(neighbours),
		cmocka_unit_test(board_memory),
		cmocka_unit_test(shares),
		cmocka_unit_test(other_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
