// SPDX-License-Identifier: GPL-2.0-only
/* Finds settings and owners: see fault_advice.h. */
#include "fault_advice.h"

#include <bulkhead/hypercall.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault_device.h"
#include "model/range.h"
#include "tools/pin_owner.h"

#define UART_PORTS  8
#define POOLS_SHOWN 2

static const char *access_letters(uint32_t access)
{
	if (access & BH_ACCESS_EXECUTE)
		return access & BH_ACCESS_WRITE ? "rwx" : "rx";
	return access & BH_ACCESS_WRITE ? "rw" : "r";
}

/* Places in memory are host-physical for root only: of another cell they tell nothing here. */
static const char *memory_owner(const struct bh_fault *fault, const struct config_view *board)
{
	uint32_t i;

	if (range_has(RANGE(BH_APIC_BASE, BH_APIC_RANGE), fault->place))
		return "the local APIC's range, which the hypervisor keeps";
	if (!board || fault->cell != 0)
		return NULL;
	if (range_has(board->board->hypervisor, fault->place))
		return "the hypervisor's memory";
	for (i = 0; i < board->board->pool_count; i++)
		if (range_has(board->pools[i], fault->place))
			return "memory set aside for cells";
	return NULL;
}

static const char *port_owner(const struct bh_fault *fault, const struct config_view *board)
{
	const struct bh_console *console;

	if (!board)
		return NULL;
	console = &board->board->console;
	if (console->type == BH_CONSOLE_8250_PORT &&
	    range_has(RANGE(console->address, UART_PORTS), fault->place))
		return "the hypervisor's console";
	return NULL;
}

const char *fault_region_name(const struct bh_fault *fault, const struct config_view *board)
{
	if (!(fault->flags & BH_FAULT_HAS_REGION))
		return NULL;
	if (fault->region_name[0])
		return fault->region_name;
	/* Only root's regions are in a board's configuration. */
	if (!board || fault->cell != 0 || fault->region >= board->board->root.region_count)
		return NULL;
	return board->regions[fault->region].name;
}

__attribute__((format(printf, 2, 3)))
static void add_line(struct fault_advice *advice, const char *format, ...)
{
	size_t used = strlen(advice->lines);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(advice->lines + used, FAULT_LINES_MAX - used, format, arguments);
	va_end(arguments);
}

/* Root sees memory where it is, so the place says what kind of memory it is only to a person. */
static void advise_root_region(struct fault_advice *advice, uint64_t page, const char *access)
{
	add_line(advice, "# kind = \"ram\" if it is memory\n"
		 "{ name = \"NAME\"; phys = 0x%" PRIx64 "; size = \"4K\"; access = \"%s\"; "
		 "kind = \"device\"; },\n", page, access);
}

/* What lies where in a cell is its file's to say: memory set aside for cells, or a device. */
static void advise_cell_region(struct fault_advice *advice, uint64_t page, const char *access,
			       const struct config_view *board)
{
	uint64_t phys = page;
	bool is_pool = false;
	uint32_t i;

	for (i = 0; board && i < board->board->pool_count; i++)
		is_pool = is_pool || range_has(board->pools[i], page);
	if (board && board->board->pool_count && !is_pool)
		phys = board->pools[0].start;
	add_line(advice, "# memory: phys is a free place in board.cell_memory");
	for (i = 0; board && i < board->board->pool_count && i < POOLS_SHOWN; i++)
		add_line(advice, ", 0x%" PRIx64 "-0x%" PRIx64,
			 board->pools[i].start, range_last(board->pools[i]));
	add_line(advice, "\n{ name = \"NAME\"; phys = 0x%" PRIx64 "; at = 0x%" PRIx64 "; "
		 "size = \"4K\"; access = \"%s\"; kind = \"ram\"; },\n", phys, page, access);
	if (!is_pool)
		add_line(advice, "# or a device: phys is where the machine has it\n"
			 "{ name = \"NAME\"; phys = 0x%" PRIx64 "; at = 0x%" PRIx64 "; "
			 "size = \"4K\"; access = \"%s\"; kind = \"device\"; },\n", page, page,
			 access);
}

void fault_advise_access(struct fault_advice *advice, const struct bh_fault *fault,
			 const struct config_view *board)
{
	advice->is_change = true;
	snprintf(advice->setting, FAULT_SETTING_MAX, "%s.memory[%u] \"%s\": access = \"%s\"",
		 fault->cell == 0 ? "root" : "cell", fault->region,
		 fault_region_name(fault, board),
		 access_letters(fault->access | fault->region_access));
}

static void advise_memory(struct fault_advice *advice, const struct bh_fault *fault,
			  const struct config_view *board, const char *owner)
{
	const char *name = fault_region_name(fault, board);

	advice->owner = memory_owner(fault, board);
	if (advice->owner)
		return;
	if (!name || fault->distance > 0) {
		uint64_t page = fault->place & ~BH_PAGE_MASK;
		const char *letters = access_letters(fault->access);

		snprintf(advice->setting, FAULT_SETTING_MAX,
			 "%s.memory: { name = \"NAME\"; phys = 0x%" PRIx64 "; size = \"4K\"; "
			 "access = \"%s\"; kind = \"device\"; }", owner, page, letters);
		advice->where = fault->cell == 0 ? "root.memory" : "cell.memory";
		if (fault->cell == 0)
			advise_root_region(advice, page, letters);
		else
			advise_cell_region(advice, page, letters, board);
		return;
	}
	/* Within a region that has all these rights something else is wrong. */
	if (!(fault->access & ~fault->region_access))
		return;
	fault_advise_access(advice, fault, board);
}

static void advise_port(struct fault_advice *advice, const struct bh_fault *fault,
			const struct config_view *board, const char *owner)
{
	advice->owner = port_owner(fault, board);
	if (advice->owner)
		return;
	if (fault->size > 1)
		snprintf(advice->setting, FAULT_SETTING_MAX,
			 "%s.ports: \"0x%" PRIx64 "-0x%" PRIx64 "\"", owner, fault->place,
			 fault->place + fault->size - 1);
	else
		snprintf(advice->setting, FAULT_SETTING_MAX, "%s.ports: \"0x%" PRIx64 "\"", owner,
			 fault->place);
}

/* What is kept from everybody, whatever the files say. */
static void advise_pci(struct fault_advice *advice, const struct bh_fault *fault)
{
	advice->owner = fault->place & BH_PCI_IN_MSIX ?
			"an MSI-X table, whose messages must stay inside the cell" :
			"a register that the policy of configuration space keeps as it is";
}

static void advise_pin(struct fault_advice *advice, const struct bh_fault *fault,
		       const struct config_view *board)
{
	const char *owner = pin_owner(fault->place, USUAL_ACPI_PIN);
	uint32_t i;

	if (fault->cell == 0) {
		advice->owner = "a cell's interrupt, or one that would reach a cell";
		return;
	}
	for (i = 0; board && i < board->board->ioapic_count; i++) {
		const struct bh_ioapic *ioapic = &board->ioapics[i];

		if (fault->place - ioapic->first < ioapic->pins)
			snprintf(advice->setting, FAULT_SETTING_MAX, "cell.irqs: \"%s:%" PRIu64
				 "\"%s%s%s", ioapic->name, fault->place - ioapic->first,
				 owner ? ", which is usually " : "", owner ? owner : "",
				 owner ? " and no cell's" : "");
	}
}

void fault_advise(struct fault_advice *advice, const struct bh_fault *fault,
		  const struct config_view *board)
{
	const char *owner = fault->cell == 0 ? "root" : "cell";

	*advice = (struct fault_advice){ 0 };
	switch (fault->kind) {
	case BH_FAULT_MEMORY:
		advise_memory(advice, fault, board, owner);
		break;
	case BH_FAULT_DMA:
		advice->owner = fault->access ? memory_owner(fault, board) : NULL;
		fault_device_advise(advice, fault, board);
		break;
	case BH_FAULT_PORT:
		advise_port(advice, fault, board, owner);
		break;
	case BH_FAULT_PCI:
		advise_pci(advice, fault);
		break;
	case BH_FAULT_PIN:
		advise_pin(advice, fault, board);
		break;
	case BH_FAULT_MSR:
		snprintf(advice->setting, FAULT_SETTING_MAX, "%s.msrs: \"0x%" PRIx64 "\"", owner,
			 fault->place);
		break;
	case BH_FAULT_HYPERCALL:
		if (fault->cell == 0 || fault->place != BH_HYPERCALL_CONSOLE)
			break;
		snprintf(advice->setting, FAULT_SETTING_MAX, "cell.console: \"log\"");
		advice->where = "cell";
		add_line(advice, "console = \"log\";\n");
		break;
	default:
		break;
	}
}
