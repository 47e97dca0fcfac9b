// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers that do nothing with what they take. One has the name of Linux's for devices that
 * programs drive (vfio-pci), and takes what it is told to by driver_override: the real one takes
 * nothing here, for it wants an IOMMU of Linux's own. The other, bh_probe, takes functions whose
 * identity it is told (new_id), as many as it is to.
 */
#include "probe.h"

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/pci.h>

static u64 takes = U64_MAX;

static int take(struct pci_dev *pci, const struct pci_device_id *id)
{
	return 0;
}

static int take_some(struct pci_dev *pci, const struct pci_device_id *id)
{
	if (takes == 0)
		return -EBUSY;
	takes--;
	return 0;
}

static struct pci_driver vfio = {
	.name = "vfio-pci",
	.probe = take,
};

static struct pci_driver some = {
	.name = "bh_probe",
	.probe = take_some,
};

int probe_take(const u64 *numbers, unsigned int count)
{
	takes = numbers[0];
	return 0;
}

int probe_driver_open(void)
{
	int error = pci_register_driver(&vfio);

	if (error)
		return error;
	error = pci_register_driver(&some);
	if (error)
		pci_unregister_driver(&vfio);
	return error;
}

void probe_driver_close(void)
{
	pci_unregister_driver(&some);
	pci_unregister_driver(&vfio);
}
