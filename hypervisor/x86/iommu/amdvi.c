/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AMD-Vi: whether a unit is what the board says, its device table, switching it on around root's
 * running devices, and off again. AMD IOMMU specification, chapters 2 and 3.
 */
#include "x86/iommu/amdvi.h"

#include "core/hypervisor.h"
#include "core/seal.h"
#include "model/pci_path.h"
#include "model/refuse.h"

static bool amdvi_check(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	const char *name = unit->config->name;
	uint64_t control = unit_read64(unit, AMDVI_CONTROL);

	if (control == ~0ULL)
		return refuse(refusal, "IOMMU %s: there is no AMD-Vi unit at 0x%llx", name,
			      (unsigned long long)unit->config->registers);
	if (control & CONTROL_ENABLE)
		return refuse(refusal, "IOMMU %s: Linux uses it: boot with amd_iommu=off", name);
	return true;
}

static uint32_t count_devices(const struct iommu_unit *unit)
{
	return (unit->config->last_bus + 1) * PCI_BUS_FUNCTIONS;
}

static struct amdvi_device_entry *find_entry(const struct iommu_unit *unit, uint16_t source)
{
	struct amdvi_device_entry *entries = hypervisor_pointer(unit->devices);

	return source < count_devices(unit) ? &entries[source] : NULL;
}

static struct amdvi_device_entry entry_of_none(const struct iommu_unit *unit)
{
	return amdvi_device_entry_none(unit->root.tables, unit->config->levels);
}

/* Root's devices interrupt as they always did; of others nothing gets through without a table. */
static struct amdvi_device_entry entry_of(const struct iommu_unit *unit, uint16_t source,
					  const struct iommu_domain *domain)
{
	struct amdvi_device_entry entry;

	if (!domain)
		return entry_of_none(unit);
	entry = amdvi_device_entry(domain->tables, unit->config->levels, domain->number);
	if (domain->number == unit->root.number)
		amdvi_device_pass(&entry, iommu_pass(unit->scopes, unit->config->scope_count,
						     source));
	else
		amdvi_device_silence(&entry);
	return entry;
}

/* Size 8:0: in pages, less one. Where no unit is the register does not keep it. */
static bool set_device_table(struct iommu_unit *unit)
{
	uint64_t base = unit->devices.v | (unit->budget.devices - 1);

	unit_write64(unit, AMDVI_DEVICE_TABLE, base);
	return unit_read64(unit, AMDVI_DEVICE_TABLE) == base;
}

static bool amdvi_start(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	struct amdvi_device_entry *entries = hypervisor_pointer(unit->devices);
	uint64_t control = unit_read64(unit, AMDVI_CONTROL);
	uint32_t i;

	unit->kept[KEPT_CONTROL] = control;
	unit->kept[KEPT_EXCLUSION] = unit_read64(unit, AMDVI_EXCLUSION);
	for (i = 0; i < count_devices(unit); i++)
		entries[i] = entry_of(unit, (uint16_t)i,
				      unit_denies(unit, i) ? NULL : &unit->root);
	if (!set_device_table(unit))
		return refuse(refusal, "IOMMU %s: there is no AMD-Vi unit at 0x%llx",
			      unit->config->name, (unsigned long long)unit->config->registers);
	/* What firmware excludes goes by root's table as all the rest. */
	unit_write64(unit, AMDVI_EXCLUSION, unit->kept[KEPT_EXCLUSION] & ~EXCLUSION_ENABLE);
	amdvi_queue_start(unit);
	amdvi_events_start(unit);
	control = amdvi_control(control, unit->config->flags) | CONTROL_COHERENT;
	/*
	 * First how it reads what it is given then. Nothing is written back for these units: with
	 * Coherent (10) they snoop for the device table, and for what a device's entry leads to as
	 * long as SD (102) is 0 in that, as in all of ours (amdvi_entries.c).
	 */
	unit_write64(unit, AMDVI_CONTROL, control);
	control |= CONTROL_COMMANDS | CONTROL_EVENTS;
	unit_write64(unit, AMDVI_CONTROL, control);
	unit_write64(unit, AMDVI_CONTROL, control | CONTROL_ENABLE);
	amdvi_message_open(unit);
	amdvi_listen(unit, true);
	/* It may know devices since it was enabled before; pages of cells fall when these come. */
	return (amdvi_queue_flush_all(unit) &&
		amdvi_queue_flush_domain(unit, unit->root.number)) ||
	       refuse(refusal, "IOMMU %s: does not answer (status 0x%llx)", unit->config->name,
		      (unsigned long long)unit_read64(unit, AMDVI_STATUS));
}

/* Nothing of this is waited for. */
static bool amdvi_stop(struct iommu_unit *unit)
{
	unit_write64(unit, AMDVI_CONTROL, unit_read64(unit, AMDVI_CONTROL) & ~CONTROL_ENABLE);
	unit_write64(unit, AMDVI_CONTROL, unit->kept[KEPT_CONTROL]);
	amdvi_message_close(unit);
	unit_write64(unit, AMDVI_EXCLUSION, unit->kept[KEPT_EXCLUSION]);
	/*
	 * The table stays ours. One that is off does not look at it; QEMU's does for interrupts,
	 * and drops them by what lies where a table was before. In ours all is let through.
	 */
	return true;
}

/* Never half of the old and half of the new: not translated in between (2.2.2.1). */
static void write_entry(const struct iommu_unit *unit, struct amdvi_device_entry *entry,
			const struct amdvi_device_entry *value)
{
	const struct amdvi_device_entry none = entry_of_none(unit);
	volatile uint64_t *words = entry->words;

	words[0] = none.words[0];
	words[1] = value->words[1];
	words[2] = value->words[2];
	words[3] = value->words[3];
	words[0] = value->words[0];
}

static bool amdvi_set_device(struct iommu_unit *unit, uint16_t source,
			     const struct iommu_domain *domain, struct bh_refusal *refusal)
{
	struct amdvi_device_entry *entry = find_entry(unit, source);
	const struct amdvi_device_entry value = entry_of(unit, source, domain);
	uint16_t before;
	hpa_t page;

	if (!entry)
		return refuse(refusal, "IOMMU %s: its device table ends before bus 0x%x",
			      unit->config->name, source >> 8);
	before = (uint16_t)entry->words[1];
	page = HPA(hypervisor_phys(entry).v & ~BH_PAGE_MASK);
	unseal_pages(page, 1);
	write_entry(unit, entry, &value);
	seal_pages(page, 1);
	/* Some remember also what was not there, of the domain that the device is in now. */
	return (amdvi_queue_flush_device(unit, source, before) &&
		amdvi_queue_flush_domain(unit, (uint16_t)value.words[1])) ||
	       refuse(refusal, "IOMMU %s: does not answer (status 0x%llx)", unit->config->name,
		      (unsigned long long)unit_read64(unit, AMDVI_STATUS));
}

static uint32_t *find_route(const struct iommu_unit *unit, uint32_t entry)
{
	uint32_t *table = hypervisor_pointer(unit->interrupts);

	return &table[entry];
}

/* False if it is so already. */
static bool write_route(struct iommu_unit *unit, uint32_t entry, uint32_t value)
{
	volatile uint32_t *route = find_route(unit, entry);
	hpa_t page = HPA(hypervisor_phys(find_route(unit, entry)).v & ~BH_PAGE_MASK);

	if (*route == value)
		return false;
	unseal_pages(page, 1);
	*route = value;
	seal_pages(page, 1);
	return true;
}

static bool empty_routes(struct iommu_unit *unit, const struct iommu_place *place)
{
	bool is_changed = false;
	uint32_t i;

	for (i = 0; i < IOMMU_ROUTES; i++)
		if (write_route(unit, place->first + i, 0))
			is_changed = true;
	return is_changed;
}

/*
 * From here on what the unit takes for the device interrupts by that table, and by nothing else. It
 * has an entry: amdvi_set_device() has put it into its domain (iommu_give()).
 */
static bool amdvi_open_routes(struct iommu_unit *unit, uint16_t source,
			      const struct iommu_place *place)
{
	struct amdvi_device_entry *entry = find_entry(unit, source);
	struct amdvi_device_entry value = *entry;
	hpa_t page = HPA(hypervisor_phys(entry).v & ~BH_PAGE_MASK);

	empty_routes(unit, place);
	amdvi_device_set_interrupts(&value, hypervisor_phys(find_route(unit, place->table)),
				    place->order);
	unseal_pages(page, 1);
	write_entry(unit, entry, &value);
	seal_pages(page, 1);
	return amdvi_queue_flush_device(unit, source, (uint16_t)value.words[1]);
}

static bool amdvi_close_routes(struct iommu_unit *unit, uint16_t source,
			       const struct iommu_place *place)
{
	return !empty_routes(unit, place) || amdvi_queue_flush_interrupts(unit, source);
}

/* The entry is told by the message's data, 10:0 (2.2.5). */
static bool amdvi_set_route(struct iommu_unit *unit, const struct iommu_route *route,
			    const struct interrupt_target *target, struct msi_message *message)
{
	uint32_t entry = route->place.first + route->index;
	uint32_t value = target ? amdvi_interrupt_entry(target) : 0;

	*message = (struct msi_message){
		.address = MSI_ADDRESS, .data = entry - route->place.table,
	};
	return !write_route(unit, entry, value) ||
	       amdvi_queue_flush_interrupts(unit, route->source);
}

const struct iommu_driver amdvi_driver = {
	.kind = BH_IOMMU_AMDVI,
	.check = amdvi_check,
	.start = amdvi_start,
	.stop = amdvi_stop,
	.set_device = amdvi_set_device,
	.open_routes = amdvi_open_routes,
	.close_routes = amdvi_close_routes,
	.set_route = amdvi_set_route,
	.listen = amdvi_listen,
	.next_fault = amdvi_fault_next,
};
