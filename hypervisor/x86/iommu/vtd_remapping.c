/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt remapping of a VT-d unit: one table, of which each device of a cell has a piece, and
 * every entry of it is for that device alone. VT-d specification, chapter 5.
 *
 * Where Linux does not remap its own interrupts by the unit those of root's devices are not
 * remappable; such pass as they are. So a device of a cell can still write one, and the cell's file
 * accepts it (iommu_confines()). Where Linux does its entries are the table's first ones.
 */
#include "core/hypervisor.h"
#include "core/seal.h"
#include "x86/iommu/vtd.h"

/* IRTA, S 3:0: 2^(S + 1) entries. */
static uint64_t table_order(const struct iommu_unit *unit)
{
	uint64_t entries = unit->budget.interrupts * ENTRIES_A_PAGE;

	return (uint64_t)__builtin_ctzll(entries) - 1;
}

/* The hardware clears the bit that is waited for when it is told, and sets it when it is done. */
static bool set_table(struct iommu_unit *unit, uint64_t value)
{
	unit_write64(unit, VTD_IRTA, value);
	return vtd_command(unit, GCMD_INTERRUPT_TABLE, true) && vtd_queue_flush_interrupts(unit);
}

/* Each of Linux's interrupts finds its entry at its place, in the one table or the other. */
static bool take(struct iommu_unit *unit)
{
	return vtd_linux_copy(unit, 0, IOMMU_LINUX_ENTRIES) &&
	       set_table(unit, unit->interrupts.v | table_order(unit) |
			       (unit->seen.table & IRTA_WIDE)) &&
	       vtd_command(unit, GCMD_COMPATIBLE, false);
}

#define WITHOUT_WORD_MS 1u

/*
 * Whether interrupts that are not remappable pass. Waited for, as the next command may come only
 * then (11.4.4), but not for ever: emulated units (QEMU 11.1) let such pass without saying so.
 */
static void let_pass(struct iommu_unit *unit, bool on)
{
	vtd_command_within(unit, GCMD_COMPATIBLE, on, WITHOUT_WORD_MS);
}

bool vtd_remapping_start(struct iommu_unit *unit)
{
	if (!unit->budget.interrupts)
		return true;
	if (unit_is_linuxs(unit))
		return take(unit);
	if (!set_table(unit, unit->interrupts.v | table_order(unit)))
		return false;
	let_pass(unit, true);
	return vtd_command(unit, GCMD_INTERRUPTS, true);
}

/* Linux's entries are in force again. */
static bool give(struct iommu_unit *unit)
{
	bool done = !unit->has_queue || set_table(unit, unit->seen.table);

	if (unit->seen.status & GCMD_COMPATIBLE)
		done &= vtd_command(unit, GCMD_COMPATIBLE, true);
	return done;
}

bool vtd_remapping_stop(struct iommu_unit *unit)
{
	bool done;

	if (!unit->budget.interrupts)
		return true;
	if (unit_is_linuxs(unit))
		return give(unit);
	done = vtd_command(unit, GCMD_INTERRUPTS, false);
	let_pass(unit, false);
	return done;
}

bool vtd_entry_write(struct iommu_unit *unit, uint32_t index, struct vtd_entry value)
{
	struct vtd_entry *table = hypervisor_pointer(unit->interrupts);
	volatile struct vtd_entry *entry = &table[index];
	hpa_t page = HPA(hypervisor_phys(&table[index]).v & ~BH_PAGE_MASK);
	struct vtd_store stores[VTD_STORES];
	unsigned int count = vtd_entry_stores(stores, table[index], value);
	unsigned int i;

	/* Nor is there anything to write back: it was when it became so, or when the unit began. */
	if (count == 0)
		return false;
	unseal_pages(page, 1);
	for (i = 0; i < count; i++)
		if (stores[i].is_high)
			entry->high = stores[i].value;
		else
			entry->low = stores[i].value;
	seal_pages(page, 1);
	vtd_publish(unit, &table[index], sizeof(table[index]));
	return true;
}

bool vtd_routes_close(struct iommu_unit *unit, uint16_t source, const struct iommu_place *place)
{
	uint32_t first = iommu_first_route(unit->config) + place->first;
	bool is_changed = false;
	uint32_t i;

	(void)source;
	for (i = 0; i < IOMMU_ROUTES; i++)
		if (vtd_entry_write(unit, first + i, (struct vtd_entry){ 0 }))
			is_changed = true;
	return !is_changed || vtd_queue_flush_entries(unit, first, IOMMU_ROUTES_ORDER);
}

bool vtd_entry_set(struct iommu_unit *unit, uint32_t index, uint16_t source,
		   const struct interrupt_target *target)
{
	struct vtd_entry value = { 0 };
	struct interrupt_target told;

	if (target) {
		told = *target;
		told.is_x2apic = unit->seen.table & IRTA_WIDE;
		value = vtd_interrupt_entry(&told, source);
	}
	return !vtd_entry_write(unit, index, value) || vtd_queue_flush_entries(unit, index, 0);
}

bool vtd_route_set(struct iommu_unit *unit, const struct iommu_route *route,
		   const struct interrupt_target *target, struct msi_message *message)
{
	uint32_t first = iommu_first_route(unit->config) + route->place.first;

	/* A function with several messages counts in the low bits of its data. */
	*message = (struct msi_message){
		.address = vtd_message_address((uint16_t)first),
		.data = route->index,
	};
	return vtd_entry_set(unit, first + route->index, route->source, target);
}
