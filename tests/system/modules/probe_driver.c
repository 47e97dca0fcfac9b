// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver with the name of Linux's for devices that programs drive (vfio-pci), which takes what it
 * is told to by driver_override. The real one takes nothing here: it wants an IOMMU of Linux's own.
 */
#include "probe.h"

#include <linux/pci.h>

static int take(struct pci_dev *pci, const struct pci_device_id *id)
{
	return 0;
}

static struct pci_driver driver = {
	.name = "vfio-pci",
	.probe = take,
};

int probe_driver_open(void)
{
	return pci_register_driver(&driver);
}

void probe_driver_close(void)
{
	pci_unregister_driver(&driver);
}
