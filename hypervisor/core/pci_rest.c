/* SPDX-License-Identifier: GPL-2.0-only */
/* Brings a function to rest, and out of its sleep for that. See pci_rest.h. */
#include "core/pci_rest.h"

#include "core/deadline.h"
#include "core/msix.h"
#include "core/pci_messages.h"
#include "core/test_devices.h"
#include "model/pci_reset.h"
#include "model/refuse.h"
#include "x86/pci_access.h"

#define WAKE_MS 10 /* PCI power management 1.2, 5.6.1 */

/* What is gone reads as all ones, which looks the same. */
static bool sleeps(const struct pci_slot *slot)
{
	uint32_t control = pci_power_control(&slot->function.capabilities);

	return control && (test_fails(cpu_this(), BH_TEST_ASLEEP) ||
			   (pci_access_read(slot->function.address, control, 2) &
			    PCI_POWER_D3HOT));
}

/* What may be there keeps its registers on the way. */
static void wake(struct pci_slot *slot)
{
	uint32_t control = pci_power_control(&slot->function.capabilities);
	uint32_t function = slot->function.address;

	pci_access_write(function, control, 2, pci_access_read(function, control, 2) &
			 ~(PCI_POWER_D3HOT | PCI_POWER_WAKES));
	slot->reset = PCI_RESET_WAKES;
	slot->reset_until = deadline_in_ms(WAKE_MS);
}

/* In D3hot its table would not take the masks. It is woken once: false if that is in vain. */
static bool rest(struct pci_slot *slot, const struct bh_device *device, uint32_t *left,
		 bool *done)
{
	bool woken = slot->reset == PCI_RESET_WAKES;

	*done = false;
	pci_messages_end(slot);
	if (slot->msix_open == 0) {
		*done = true;
		return true;
	}
	if (woken && !deadline_is_over(slot->reset_until))
		return true;
	slot->reset = PCI_RESET_DONE;
	if (!sleeps(slot))
		*done = msix_mask(slot, device, left);
	else if (!woken)
		wake(slot);
	else
		return false;
	return true;
}

bool pci_rest_step(struct pci_slot *slot, const struct bh_device *device, uint32_t *left,
		   bool *done, struct bh_refusal *refusal)
{
	uint32_t function = slot->function.address;
	const struct pci_reader reader = pci_reader_of(&function);
	bool awake;

	spin_lock(&slot->lock);
	awake = rest(slot, device, left, done);
	spin_unlock(&slot->lock);
	/* One that is gone is told of as after a reset. */
	return awake || (pci_device_check(device, &reader, refusal) &&
			 refuse(refusal, "device %s: does not wake up (D3hot)", device->name));
}
