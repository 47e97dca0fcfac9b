// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences between kernels. Where none of them shows in a version, since changes come by stable
 * kernels too, the Kbuild looks into their headers.
 */
#include "kernel.h"

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/asm.h>

/* Linux's own is in a header that there is from 6.16 on, and was in another before. */
u32 kernel_cpuid_ecx(u32 leaf)
{
	u32 ebx, ecx = 0, edx;

	asm volatile("cpuid" : "+a"(leaf), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return ecx;
}

/* Linux's own names for this were changed in 6.16, and those that stayed are about to go. */
bool kernel_read_msr(u32 number, u64 *value)
{
	u32 low = 0, high = 0, failed = 1;

	asm volatile("1:	rdmsr\n"
		     "	xorl %[failed], %[failed]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+a"(low), "+d"(high), [failed] "+r"(failed)
		     : "c"(number)
		     : "cc");
	*value = (u64)high << 32 | low;
	return !failed;
}

#ifdef PCI_HAS_DRIVER_OVERRIDE

int kernel_set_override(struct pci_dev *pci, const char *name)
{
	const char *text = name ?: "\n";

	return driver_set_override(&pci->dev, &pci->driver_override, text, strlen(text));
}

int kernel_get_override(struct pci_dev *pci, char **copy)
{
	bool has;

	device_lock(&pci->dev);
	has = pci->driver_override;
	*copy = kstrdup(pci->driver_override, GFP_KERNEL);
	device_unlock(&pci->dev);
	return has && !*copy ? -ENOMEM : 0;
}

#else /* from 7.1 on every device has one, under a lock of its own */

int kernel_set_override(struct pci_dev *pci, const char *name)
{
	return device_set_driver_override(&pci->dev, name ?: "");
}

int kernel_get_override(struct pci_dev *pci, char **copy)
{
	struct device *dev = &pci->dev;
	bool has;

	spin_lock(&dev->driver_override.lock);
	has = dev->driver_override.name;
	*copy = kstrdup(dev->driver_override.name, GFP_ATOMIC);
	spin_unlock(&dev->driver_override.lock);
	return has && !*copy ? -ENOMEM : 0;
}

#endif
