/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes what ports are to do about peers. See pci_acs.h. */
#include "core/pci_acs.h"

#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/log.h"
#include "model/refuse.h"
#include "x86/pci_access.h"

static uint32_t read_control(const struct pci_slot *slot)
{
	return pci_access_read(slot->function.address, slot->acs.control, slot->acs.width);
}

static void write_control(const struct pci_slot *slot, uint32_t value)
{
	pci_access_write(slot->function.address, slot->acs.control, slot->acs.width, value);
}

void pci_acs_keep(const struct pci_slot *slot)
{
	const struct pci_acs *acs = &slot->acs;

	if (acs->control && read_control(slot) != acs->due)
		write_control(slot, acs->due);
}

/* A port of a switch may be refused for it; of a root complex nobody knows whether it matters. */
static void warn(const struct pci_slot *slot)
{
	uint32_t value = read_control(slot);

	if (!pci_acs_is_kept(&slot->acs, value))
		log_print("port " PCI_AT " was told to redirect (ACS 0x%x) and has 0x%x: what is "
			  "behind it may reach neighbours past their IOMMU\n",
			  PCI_AT_OF(slot->function.address), slot->acs.due, value);
}

/* Several devices may be below it: it is looked at before it is told, once. */
static void tell(struct pci_slot *slot)
{
	spin_lock(&slot->lock);
	if (!slot->acs.control) {
		pci_acs_look(&slot->acs, &pci_machine, slot->function.address);
		pci_acs_keep(slot);
		if (slot->acs.control)
			warn(slot);
	}
	spin_unlock(&slot->lock);
}

bool pci_acs_start(const struct bh_device *device, struct bh_refusal *refusal)
{
	uint32_t port = PCI_FIRST;

	if (!iommu_has(device->address))
		return true;
	while (pci_acs_next(&pci_machine, device->address, &port)) {
		struct pci_slot *slot = pci_slot_open(port);

		if (!slot)
			return refuse(refusal, "device %s: there are more ports above devices than "
				      "the hypervisor has room for", device->name);
		tell(slot);
	}
	return pci_acs_check(&hypervisor.config, device, &pci_machine, refusal);
}

void pci_acs_stop(void)
{
	uint32_t i;

	for (i = 0; i < pci_slot_count(); i++) {
		struct pci_slot *slot = pci_slot_at(i);

		spin_lock(&slot->lock);
		if (slot->acs.control)
			write_control(slot, slot->acs.had);
		slot->acs.control = 0;
		spin_unlock(&slot->lock);
	}
}
