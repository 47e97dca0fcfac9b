/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which a cell's devices change hands: out of root's reach first (its map is
 * root_regions.c's), quiet and reset then, and the new owner's last.
 */
#include "core/pci_devices.h"

#include "core/backend.h"
#include "core/hypervisor.h"
#include "core/ioapic.h"
#include "core/iommu.h"
#include "core/log.h"
#include "core/msix.h"
#include "core/pci_acs.h"
#include "core/pci_messages.h"
#include "core/pci_reset.h"
#include "core/pci_rest.h"
#include "core/seal.h"
#include "model/backend_kind.h"
#include "model/iommus.h"
#include "model/pci_parts.h"
#include "model/refuse.h"

static const struct bh_device *device_of(const struct cell *cell, uint32_t index)
{
	return board_device(&hypervisor.config, cell->view.devices[index].address);
}

void pci_devices_strays(struct iommu_strays *strays)
{
	iommu_strays_find(strays, &hypervisor.config, &pci_machine);
}

bool pci_devices_open(struct bh_refusal *refusal)
{
	root_cell.icr.entries = iommu_linux_entries();
	if (!ioapic_open(refusal))
		return false;
	return !(hypervisor.config.board->flags & BH_BOARD_PCI) || pci_functions_open(refusal);
}

void pci_devices_close(void)
{
	pci_acs_stop();
}

static void change_ports(const struct bh_ports *ports, bool reaches)
{
	const struct permission_maps *maps = &board_kind(hypervisor.config.board)->permissions;
	uint32_t i;

	for (i = 0; i < maps->io_maps; i++) {
		hpa_t map = root_cell.io_bitmaps[i];

		unseal_pages(map, maps->io_pages);
		maps->change_ports(hypervisor_pointer(map), i, ports, reaches);
		seal_pages(map, maps->io_pages);
	}
}

/* Root lends ports of devices as it lends their memory. */
static void lend_ports(const struct cell *cell, bool lent)
{
	uint32_t i;

	for (i = 0; i < cell->config->port_count; i++)
		if (cell->ports[i].flags & BH_PORTS_BAR)
			change_ports(&cell->ports[i], !lent);
}

static uint32_t address_of(const struct cell *cell, uint32_t index)
{
	return cell->view.devices[index].address;
}

static void return_dma(const struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->device_count; i++) {
		struct bh_refusal refusal = { .text = "" };

		if (iommu_has(address_of(cell, i)) &&
		    !iommu_give(address_of(cell, i), &root_cell, &refusal))
			log_print("%s: %s\n", cell->config->name, refusal.text);
	}
}

/* All that can be: a unit that does not answer says nothing of the others. The first one counts. */
static bool block(const struct cell *cell, struct bh_refusal *refusal)
{
	bool done = true;
	uint32_t i;

	for (i = 0; i < cell->config->device_count; i++)
		if (iommu_has(address_of(cell, i)) &&
		    !iommu_block(address_of(cell, i), done ? refusal : NULL))
			done = false;
	return done;
}

bool pci_devices_block(struct cell *cell, struct bh_refusal *refusal)
{
	if (block(cell, refusal))
		return true;
	return_dma(cell);
	return false;
}

/* Nothing of an earlier run is in force, nor is it kept: pci_devices_rest(). */
static bool give(struct cell *cell, uint32_t index, const struct iommus *iommus,
		 struct bh_refusal *refusal)
{
	struct pci_slot *slot = pci_slot_of_cell(cell, index);
	bool done = !iommu_has(address_of(cell, index)) ||
		    iommu_give(address_of(cell, index), cell, refusal);

	spin_lock(&slot->lock);
	if (done)
		pci_messages_begin(slot, iommu_remaps(iommus, address_of(cell, index)));
	spin_unlock(&slot->lock);
	return done;
}

bool pci_devices_give(struct cell *cell, struct bh_refusal *refusal)
{
	struct iommus iommus;
	bool done = true;
	uint32_t i;

	iommus_view(&hypervisor.config, &iommus);
	for (i = 0; i < cell->config->device_count && done; i++)
		done = give(cell, i, &iommus, refusal);
	if (!done)
		block(cell, NULL);
	return done;
}

static void set_owner(struct pci_slot *slot, const struct cell *owner)
{
	spin_lock(&slot->lock);
	pci_messages_begin(slot, false);
	__atomic_store_n(&slot->owner, owner, __ATOMIC_RELEASE);
	spin_unlock(&slot->lock);
}

void pci_devices_take(struct cell *cell)
{
	uint32_t i;

	lend_ports(cell, true);
	cell->has_pci = cell->config->device_count != 0;
	for (i = 0; i < cell->config->device_count; i++) {
		set_owner(pci_slot_of_cell(cell, i), cell);
		pci_reset_order(pci_slot_of_cell(cell, i));
	}
	ioapic_take(cell);
}

void pci_devices_hold(struct cell *cell)
{
	block(cell, NULL);
	pci_devices_take(cell);
}

void pci_devices_release(struct cell *cell)
{
	struct bh_refusal refusal = { .text = "" };
	uint32_t i;

	/* A unit that does not answer is not waited for: the resets end what is under way. */
	if (!block(cell, &refusal))
		log_print("%s: %s\n", cell->config->name, refusal.text);
	for (i = 0; i < cell->config->device_count; i++)
		pci_reset_order(pci_slot_of_cell(cell, i));
}

bool pci_devices_settle(struct cell *cell)
{
	uint32_t left = MSIX_SLICE;
	bool settled = true;
	uint32_t i;

	for (i = 0; i < cell->config->device_count; i++) {
		struct bh_refusal reason = { .text = "" };
		bool over = pci_reset_step(pci_slot_of_cell(cell, i), device_of(cell, i), &left,
					   &reason);

		settled = settled && over;
		if (reason.text[0] != '\0')
			log_print("%s: after a reset: %s\n", cell->config->name, reason.text);
	}
	return settled;
}

bool pci_devices_rest(struct cell *cell, bool *done, struct bh_refusal *refusal)
{
	uint32_t left = MSIX_SLICE;
	uint32_t i;

	*done = true;
	for (i = 0; i < cell->config->device_count; i++) {
		bool rests;

		if (!pci_rest_step(pci_slot_of_cell(cell, i), device_of(cell, i), &left, &rests,
				   refusal))
			return false;
		*done = *done && rests;
	}
	return true;
}

bool pci_devices_check(const struct cell *cell, struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < cell->config->device_count; i++) {
		uint32_t function = cell->view.devices[i].address;
		const struct pci_reader reader = pci_reader_of(&function);

		if (pci_slot_of_cell(cell, i)->failed &&
		    !pci_device_check(device_of(cell, i), &reader, refusal))
			return false;
	}
	return true;
}

void pci_devices_return(struct cell *cell)
{
	uint32_t i;

	ioapic_return(cell);
	return_dma(cell);
	for (i = 0; i < cell->config->device_count; i++)
		set_owner(pci_slot_of_cell(cell, i), NULL);
	lend_ports(cell, false);
}

void pci_devices_silence(struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->device_count; i++)
		pci_silence(pci_slot_of_cell(cell, i));
	ioapic_silence(cell);
}
