// SPDX-License-Identifier: GPL-2.0-only
/* Finds requester ids that are nobody's. See iommu_strays.h. */
#include "model/iommu_strays.h"

#include "model/iommus.h"

static void set(uint64_t *bits, uint32_t bit)
{
	bits[bit / 64] |= 1ULL << bit % 64;
}

static bool is_set(const uint64_t *bits, uint32_t bit)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

static bool scope_names(const struct bh_iommu_scope *scope, uint32_t id)
{
	switch (scope->kind) {
	case BH_IOMMU_FUNCTION:
	case BH_IOMMU_IOAPIC:
	case BH_IOMMU_HPET:
		return scope->source == id;
	case BH_IOMMU_ALIAS:
		return scope->id == id;
	default:
		return false;
	}
}

/* A range that leads out of a slot is said of whatever is there. */
static bool window_names(const struct bh_iommu_window *window, uint32_t id)
{
	if (window->last == 0)
		return window->address == id;
	return window->address / PCI_SLOT_FUNCTIONS == window->last / PCI_SLOT_FUNCTIONS &&
	       id >= window->address && id <= window->last;
}

/* Firmware uses what it names memory for, too: that memory is root's (config_iommus.c). */
static bool is_named(const struct iommus *iommus, uint32_t id)
{
	uint32_t i, j;

	for (i = 0; i < iommus->window_count; i++)
		if (window_names(&iommus->windows[i], id))
			return true;
	for (i = 0; i < iommus->count; i++)
		for (j = 0; j < iommus->units[i].scope_count; j++)
			if (iommus->units[i].segment == 0 &&
			    scope_names(&iommu_scopes(iommus, i)[j], id))
				return true;
	return false;
}

/* A device of the board, or as whom one is seen. */
static bool is_boards(const struct config_view *view, const struct iommus *iommus, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < view->board->device_count; i++)
		if (view->devices[i].address == id ||
		    iommu_source(iommus, view->devices[i].address) == id)
			return true;
	return false;
}

/*
 * Below a bridge there is one device, on a link, and any id of the bus may be its: a port looks at
 * the bus alone (ACS source validation, PCI Express base 3.0, 6.12.1.1). On a root bus are many.
 * A device of the board that is seen as another is so, too: its own id is left to nobody.
 */
static void add_bus(struct iommu_strays *strays, const struct config_view *view,
		    const struct iommus *iommus, const struct pci_machine *machine,
		    uint32_t address, const struct pci_requester *requester)
{
	struct iommu_around *around = &strays->around[strays->count++];
	uint32_t count = requester->is_below ? PCI_BUS_FUNCTIONS : PCI_SLOT_FUNCTIONS;
	uint32_t first = address & ~(count - 1);
	uint32_t id;

	*around = (struct iommu_around){
		.address = address, .first = first, .last = first + count - 1, .bridge = address,
	};
	for (id = first; id < first + count; id++)
		if (!is_boards(view, iommus, id) &&
		    (pci_is_there(machine, id, requester->has_ari) || is_named(iommus, id)))
			around->has_others = true;
		else
			set(strays->ids, id);
}

/*
 * The bridge's own id, too: some do not say of themselves what they are. Where the unit does not
 * see that but function 0 of the bus behind it, VT-d needs a table for the bus that it is on; for
 * such sources there is one more each.
 */
static void add_bridge(struct iommu_strays *strays, const struct pci_requester *requester,
		       uint32_t *tables)
{
	struct iommu_around *around = &strays->around[strays->count - 1];
	uint32_t bus = BH_PCI_BUS(requester->bridge);
	uint32_t id;

	around->first = requester->first_bus * PCI_BUS_FUNCTIONS;
	around->last = requester->last_bus * PCI_BUS_FUNCTIONS + PCI_BUS_FUNCTIONS - 1;
	around->bridge = requester->bridge;
	around->has_others = false;
	for (id = around->first; id <= around->last; id++)
		set(strays->ids, id);
	set(strays->ids, requester->bridge);
	if (is_set(strays->buses, bus) || *tables == 0)
		return;
	(*tables)--;
	set(strays->buses, bus);
}

void iommu_strays_find(struct iommu_strays *strays, const struct config_view *view,
		       const struct pci_machine *machine)
{
	struct iommu_assignable assignable;
	struct iommus iommus;
	uint32_t i;

	*strays = (struct iommu_strays){ 0 };
	iommus_view(view, &iommus);
	iommus_assignable(&assignable, view);
	for (i = 0; i < IOMMU_BUS_WORDS; i++)
		strays->buses[i] = assignable.buses[i];
	for (i = 0; i < view->board->device_count; i++) {
		uint32_t address = view->devices[i].address;
		struct pci_requester requester;

		if (iommu_of(&iommus, address) == iommus.count)
			continue;
		pci_requester(&requester, machine, address);
		add_bus(strays, view, &iommus, machine, address, &requester);
		if (requester.is_shared)
			add_bridge(strays, &requester, &assignable.bridges);
	}
	for (i = 0; i < view->board->device_count; i++) {
		uint32_t source = iommu_source(&iommus, view->devices[i].address);

		strays->ids[source / 64] &= ~(1ULL << source % 64);
	}
}

bool iommu_is_stray_of(const struct iommu_strays *strays, uint32_t id, uint32_t address)
{
	const struct iommu_around *around = strays->around;
	uint32_t i;

	if (!iommu_is_stray(strays, id))
		return false;
	for (i = 0; i < strays->count; i++)
		if (around[i].address == address)
			return !around[i].has_others &&
			       (id == around[i].bridge ||
				(id >= around[i].first && id <= around[i].last));
	return false;
}

bool iommu_bus_is_stray(const struct iommu_strays *strays, uint32_t bus)
{
	uint32_t first = bus * PCI_BUS_FUNCTIONS / 64;
	uint32_t i;

	for (i = first; i < first + PCI_BUS_FUNCTIONS / 64; i++)
		if (strays->ids[i] != UINT64_MAX)
			return false;
	return true;
}
