/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries out resets. What a function does not say about itself is taken as the specifications
 * have it for all (PCI Express base 3.0, 6.6.1 and 6.6.2; PCI power management 1.2, 5.6.1).
 */
#include "core/pci_reset.h"

#include "core/deadline.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/msix.h"
#include "core/pci_messages.h"
#include "model/pci_parts.h"
#include "x86/pci_access.h"

#define BUS_MS        2
#define POWER_MS      10
#define SETTLE_MS     100
#define SETTLE_MOST_MS 1000
#define PENDING_MOST_MS 100

#define BRIDGE_CONTROL 0x3eu
#define BRIDGE_RESET   0x0040u
#define EXPRESS_CONTROL 0x08u /* PCI Express base 3.0, 7.8.4 */
#define EXPRESS_RESET  0x8000u
#define HEADER_CACHE   0x0cu /* of the words that software writes, those that are no addresses */
#define HEADER_LINE    0x3cu

static uint32_t address(const struct pci_slot *slot)
{
	return slot->function.address;
}

static uint32_t read_half(const struct pci_slot *slot, uint32_t offset)
{
	return pci_access_read(address(slot), offset, 2);
}

static void write_half(const struct pci_slot *slot, uint32_t offset, uint32_t value)
{
	pci_access_write(address(slot), offset, 2, value);
}

void pci_silence(struct pci_slot *slot)
{
	spin_lock(&slot->lock);
	write_half(slot, PCI_COMMAND, read_half(slot, PCI_COMMAND) & ~PCI_COMMAND_MASTER);
	spin_unlock(&slot->lock);
}

static void wait_for(struct pci_slot *slot, enum pci_reset reset, uint32_t ms)
{
	slot->reset = reset;
	slot->reset_until = deadline_in_ms(ms);
}

/*
 * From here on a port tells of no card that comes or goes. Its lock is held. A write to the control
 * is a command to the slot: only one that is needed.
 */
static void hold_events(struct pci_slot *bridge)
{
	struct pci_hotplug *hotplug = &bridge->hotplug;
	uint32_t function = address(bridge);
	const struct pci_reader reader = pci_reader_of(&function);
	uint32_t control;

	hotplug->control = pci_hotplug_control(&bridge->function.capabilities, &reader);
	if (!hotplug->control)
		return;
	control = read_half(bridge, hotplug->control);
	hotplug->wanted = control & PCI_HOTPLUG_EVENTS;
	if (hotplug->wanted)
		write_half(bridge, hotplug->control, control & ~PCI_HOTPLUG_EVENTS);
}

/* It tells of them again, but not of what happened meanwhile. */
static void release_events(struct pci_slot *bridge)
{
	struct pci_hotplug *hotplug = &bridge->hotplug;

	if (!hotplug->control)
		return;
	write_half(bridge, hotplug->control + PCI_HOTPLUG_STATUS, PCI_HOTPLUG_CHANGES);
	if (hotplug->wanted)
		write_half(bridge, hotplug->control,
			   read_half(bridge, hotplug->control) | hotplug->wanted);
	hotplug->control = 0;
}

/* The device is back, or given up. Of resets that are not of its bus nothing is held. */
static void settle_bridge(const struct pci_slot *slot)
{
	struct pci_slot *bridge = slot->has_bridge ? pci_slot_find(slot->bridge) : NULL;

	if (!bridge)
		return;
	spin_lock(&bridge->lock);
	release_events(bridge);
	spin_unlock(&bridge->lock);
}

/*
 * Root may write other bits of the register at the same time: with an old value it would put the
 * reset back, or take it off.
 */
static void reset_bus(const struct pci_slot *slot, bool on)
{
	struct pci_slot *bridge = pci_slot_open(slot->bridge);
	uint32_t control;

	if (bridge)
		spin_lock(&bridge->lock);
	if (bridge && on)
		hold_events(bridge);
	control = pci_access_read(slot->bridge, BRIDGE_CONTROL, 2);
	control = on ? control | BRIDGE_RESET : control & ~BRIDGE_RESET;
	pci_access_write(slot->bridge, BRIDGE_CONTROL, 2, control);
	if (bridge)
		spin_unlock(&bridge->lock);
}

static struct pci_reset_plan plan_of(const struct pci_slot *slot)
{
	uint32_t function = address(slot);
	const struct pci_reader reader = pci_reader_of(&function);

	return pci_reset_plan(&slot->function.capabilities, &reader);
}

static void reset_power(const struct pci_slot *slot, bool off)
{
	struct pci_reset_plan plan = plan_of(slot);

	write_half(slot, plan.offset, plan.value | (off ? PCI_POWER_D3HOT : 0));
}

/* The payload size is agreed for the whole path, and most resets lose it. 0: it has none. */
static uint32_t express_control(const struct pci_slot *slot)
{
	const struct pci_capability *express =
		pci_capability_whole(&slot->function.capabilities, PCI_CAP_PCIE,
				     EXPRESS_CONTROL + 2);

	return express ? express->offset + EXPRESS_CONTROL : 0;
}

/* Where the bridge is does not change, but others may have come to that bus. */
enum pci_reset_way pci_reset_way_of(const struct pci_slot *slot)
{
	const struct pci_reset_plan plan = plan_of(slot);

	return pci_reset_way(&plan, slot->has_bridge && pci_is_alone(&pci_machine, address(slot)));
}

void pci_reset_order(struct pci_slot *slot)
{
	/*
	 * Nobody has used it since that began. A new one would leave its bus in reset, and ask what
	 * it can do of a device that does not answer.
	 */
	if (slot->reset != PCI_RESET_DONE && slot->reset != PCI_RESET_WAKES)
		return;
	slot->failed = false;
	/* Neither decodes it, nor writes to memory, nor pulls its line. */
	write_half(slot, PCI_COMMAND, PCI_COMMAND_NO_INTX);
	wait_for(slot, PCI_RESET_DUE, 0);
	slot->reset_end = deadline_in_ms(PENDING_MOST_MS);
}

/* One that never gets what it asked for is reset all the same. */
static bool is_early(const struct pci_slot *slot)
{
	uint32_t function = address(slot);
	const struct pci_reader reader = pci_reader_of(&function);

	return !deadline_is_over(slot->reset_end) &&
	       pci_reset_is_early(&slot->function.capabilities, &reader);
}

static void begin(struct pci_slot *slot, const struct bh_device *device)
{
	struct pci_reset_plan plan = plan_of(slot);

	if (express_control(slot))
		slot->express = read_half(slot, express_control(slot)) & ~EXPRESS_RESET;
	slot->reset_end = deadline_in_ms(SETTLE_MOST_MS);
	switch (pci_reset_way_of(slot)) {
	case PCI_RESET_BY_EXPRESS:
	case PCI_RESET_BY_FEATURES:
		write_half(slot, plan.offset, plan.value);
		wait_for(slot, PCI_RESET_SETTLES, SETTLE_MS);
		break;
	case PCI_RESET_BY_BUS:
		reset_bus(slot, true);
		wait_for(slot, PCI_RESET_BUS, BUS_MS);
		break;
	case PCI_RESET_BY_POWER:
		reset_power(slot, true);
		wait_for(slot, PCI_RESET_POWER, POWER_MS);
		break;
	default:
		log_print("device %s has no reset of its own: bus mastering is off\n",
			  device->name);
		wait_for(slot, PCI_RESET_SETTLES, 0);
		break;
	}
}

/* Where it answers again is where the header says: nothing decodes before that is back. */
static void restore_header(const struct pci_slot *slot)
{
	const uint32_t *own = slot->function.own;
	uint32_t offset;

	write_half(slot, PCI_COMMAND, 0);
	for (offset = PCI_BAR0; offset < PCI_BAR0 + 4 * BH_BARS; offset += 4)
		pci_access_write(address(slot), offset, 4, own[offset / 4]);
	pci_access_write(address(slot), PCI_ROM, 4, own[PCI_ROM / 4] & ~PCI_ROM_ENABLE);
	pci_access_write(address(slot), HEADER_CACHE, 2, own[HEADER_CACHE / 4]);
	pci_access_write(address(slot), HEADER_LINE, 1, own[HEADER_LINE / 4]);
	write_half(slot, PCI_COMMAND,
		   own[PCI_COMMAND / 4] & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
}

static void restore(struct pci_slot *slot, const struct bh_device *device,
		    struct bh_refusal *refusal)
{
	uint32_t function = address(slot);
	const struct pci_reader reader = pci_reader_of(&function);

	restore_header(slot);
	if (express_control(slot))
		write_half(slot, express_control(slot), slot->express);
	pci_messages_end(slot);
	slot->function.sizing = 0;
	slot->failed = !pci_device_check(device, &reader, refusal);
	/* A table that the last owner left would come into force when MSI-X is enabled. */
	slot->msix_open = device->msix_entries;
	slot->reset = PCI_RESET_MASKS;
}

static bool answers(const struct pci_slot *slot)
{
	return pci_reset_is_over(pci_access_read(address(slot), PCI_ID, 4));
}

bool pci_reset_step(struct pci_slot *slot, const struct bh_device *device, uint32_t *left,
		    struct bh_refusal *refusal)
{
	if (slot->reset == PCI_RESET_DONE)
		return true;
	if (!deadline_is_over(slot->reset_until))
		return false;
	switch (slot->reset) {
	case PCI_RESET_DUE:
		/* It looks for others on the bus, which is a slice of its own. */
		if (*left < MSIX_SLICE || is_early(slot))
			return false;
		*left = 0;
		begin(slot, device);
		return false;
	case PCI_RESET_BUS:
		reset_bus(slot, false);
		wait_for(slot, PCI_RESET_SETTLES, SETTLE_MS);
		return false;
	case PCI_RESET_POWER:
		reset_power(slot, false);
		wait_for(slot, PCI_RESET_SETTLES, POWER_MS);
		return false;
	case PCI_RESET_SETTLES:
		if (!answers(slot) && !deadline_is_over(slot->reset_end))
			return false;
		settle_bridge(slot);
		restore(slot, device, refusal);
		break;
	default:
		break;
	}
	if (!slot->failed && !msix_mask(slot, device, left))
		return false;
	slot->reset = PCI_RESET_DONE;
	return true;
}
