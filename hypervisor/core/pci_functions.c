/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks up functions and carries out what the policy allows. See pci_functions.h.
 */
#include "core/pci_functions.h"

#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/pci_acs.h"
#include "core/pci_messages.h"
#include "core/pci_reset.h"
#include "core/pool.h"
#include "core/test_messages.h"
#include "model/bits.h"
#include "model/cell_budget.h"
#include "model/pci_source.h"
#include "model/refuse.h"
#include "x86/pci_access.h"
#include "x86/port.h"

#define NOTHING 0xffffffffu /* what identifies a function that is not there */

static uint8_t *table;
static uint32_t addresses[PCI_SLOTS]; /* of `used` slots; the order never changes */
static uint32_t used;
static struct spinlock growing;

struct pci_slot *pci_slot_at(uint32_t number)
{
	return (struct pci_slot *)(table + number * PCI_SLOT_SIZE);
}

uint32_t pci_slot_count(void)
{
	return __atomic_load_n(&used, __ATOMIC_ACQUIRE);
}

struct pci_slot *pci_slot_of_cell(const struct cell *cell, uint32_t index)
{
	return pci_slot_find(cell->view.devices[index].address);
}

struct pci_slot *pci_slot_find(uint32_t function)
{
	uint32_t count = pci_slot_count();
	uint32_t i;

	for (i = 0; i < count; i++)
		if (addresses[i] == function)
			return pci_slot_at(i);
	return NULL;
}

static uint32_t read_machine(void *context, uint32_t function, uint32_t offset)
{
	(void)context;
	return pci_access_read(function, offset, sizeof(uint32_t));
}

const struct pci_machine pci_machine = { .read = read_machine };

static uint32_t read_word(void *context, uint32_t offset)
{
	const uint32_t *function = context;

	return pci_access_read(*function, offset, sizeof(uint32_t));
}

struct pci_reader pci_reader_of(uint32_t *function)
{
	return (struct pci_reader){
		.read = read_word, .context = function, .size = pci_access_size(*function),
	};
}

/* The slot is nobody else's to see before it is counted. */
static struct pci_slot *add(uint32_t function, const struct bh_device *device)
{
	const struct pci_reader reader = pci_reader_of(&function);
	struct pci_slot *slot = pci_slot_at(used);

	pci_function_open(&slot->function, function, device, &reader);
	addresses[used] = function;
	__atomic_store_n(&used, used + 1, __ATOMIC_RELEASE);
	return slot;
}

/* For root; null where there is no function, or no room for it. */
static struct pci_slot *find_or_add(uint32_t function, bool *is_full)
{
	struct pci_slot *slot = pci_slot_find(function);

	*is_full = false;
	if (slot || pci_access_read(function, PCI_ID, sizeof(uint32_t)) == NOTHING)
		return slot;
	spin_lock(&growing);
	slot = pci_slot_find(function);
	*is_full = !slot && used == PCI_SLOTS;
	if (!slot && !*is_full)
		slot = add(function, NULL);
	spin_unlock(&growing);
	return slot;
}

struct pci_slot *pci_slot_open(uint32_t function)
{
	bool is_full;

	return find_or_add(function, &is_full);
}

/* A bridge is root's, but what would cut off a function of a cell behind it is not. */
static bool leads_to_cell(const struct pci_function *function)
{
	uint32_t buses = function->own[PCI_BUSES / 4];
	uint32_t i;

	if (function->header != PCI_HEADER_BRIDGE)
		return false;
	for (i = 0; i < hypervisor.config.board->device_count; i++) {
		uint32_t bus = BH_PCI_BUS(hypervisor.config.devices[i].address);

		if (bus >= (buses >> 8 & 0xff) && bus <= (buses >> 16 & 0xff) &&
		    __atomic_load_n(&pci_slot_at(i)->owner, __ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

bool pci_is_own(const struct cell *cell, const struct pci_slot *slot)
{
	if (!slot->owner)
		return cell == &root_cell;
	return slot->owner == cell && cell_runs(cell);
}

static enum pci_who who_is(const struct cell *cell, const struct pci_slot *slot)
{
	return cell != &root_cell || leads_to_cell(&slot->function) ? PCI_OF_CELL : PCI_OF_ROOT;
}

uint32_t pci_read(const struct cell *cell, const struct pci_register *reg, uint32_t width)
{
	const struct pci_access access = { .offset = reg->offset, .width = width };
	struct pci_slot *slot = pci_slot_find(reg->function);
	uint32_t value = (uint32_t)bytes_mask(width);
	struct pci_reader reader;

	if (!slot)
		return cell == &root_cell ? pci_access_read(reg->function, reg->offset, width) :
					    value;
	reader = pci_messages_reader(slot);
	spin_lock(&slot->lock);
	if (pci_is_own(cell, slot)) {
		value = pci_policy_read(&slot->function, who_is(cell, slot), &access, &reader);
		if (slot->hotplug.control)
			value = pci_hotplug_read(&slot->hotplug, &access, value);
	}
	spin_unlock(&slot->lock);
	return value;
}

static bool write(const struct cell *cell, struct pci_slot *slot, const struct pci_access *access,
		  uint32_t value)
{
	const struct pci_reader reader = pci_messages_reader(slot);
	struct pci_verdict verdict;

	pci_acs_keep(slot);
	verdict = pci_policy_write(&slot->function, who_is(cell, slot), access, value, &cell->icr,
				   &reader);
	if (verdict.carry_out && slot->hotplug.control)
		verdict.value = pci_hotplug_write(&slot->hotplug, access, verdict.value);
	if (verdict.carry_out && !pci_messages_write(slot, access, verdict.value, &cell->icr,
						     &verdict.is_denied))
		pci_access_write(slot->function.address, access->offset, access->width,
				 verdict.value);
	if (verdict.message != MSI_OK)
		test_message(slot, access);
	return !verdict.is_denied;
}

/* Nobody writes to it; to write what it holds already is no harm. */
static bool write_to_unit(const struct pci_register *reg, uint32_t width, uint32_t value)
{
	return pci_access_read(reg->function, reg->offset, width) == value;
}

bool pci_write(const struct cell *cell, const struct pci_register *reg, uint32_t width,
	       uint32_t value)
{
	const struct pci_access access = { .offset = reg->offset, .width = width };
	struct pci_slot *slot;
	bool is_full = false;
	bool allowed = true;

	if (cell == &root_cell && iommu_is_unit(reg->function))
		return write_to_unit(reg, width, value);
	slot = cell == &root_cell ? find_or_add(reg->function, &is_full) :
				    pci_slot_find(reg->function);
	if (!slot)
		return !is_full;
	spin_lock(&slot->lock);
	if (pci_is_own(cell, slot))
		allowed = write(cell, slot, &access, value);
	spin_unlock(&slot->lock);
	return allowed;
}

static bool open_device(const struct bh_device *device, struct bh_refusal *refusal)
{
	uint32_t function = device->address;
	const struct pci_reader reader = pci_reader_of(&function);
	struct pci_slot *slot;

	if (!pci_device_check(device, &reader, refusal))
		return false;
	slot = add(function, device);
	slot->has_bridge = pci_bridge_above(&pci_machine, function, &slot->bridge);
	return pci_source_check(&hypervisor.config, device, &pci_machine, refusal) &&
	       pci_reset_check(device, pci_reset_way_of(slot), refusal);
}

bool pci_functions_open(struct bh_refusal *refusal)
{
	const struct config_view *config = &hypervisor.config;
	hpa_t pages;
	uint32_t i;

	if (!pool_take(&pages, cell_budget_functions(config->board), refusal))
		return false;
	table = hypervisor_pointer(pages);
	for (i = 0; i < config->board->device_count; i++)
		if (!open_device(&config->devices[i], refusal))
			return false;
	/* Ports are no devices, which come first in the table. */
	for (i = 0; i < config->board->device_count; i++)
		if (!pci_acs_start(&config->devices[i], refusal))
			return false;
	/* Linux may be between its two accesses on another CPU. */
	root_cell.pci_address = port_read32(PCI_PORT_ADDRESS);
	root_cell.has_pci = true;
	return true;
}
