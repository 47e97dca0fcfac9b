/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernels from 6.1 on have under different names, or show to different modules. */
#ifndef DRIVER_KERNEL_H
#define DRIVER_KERNEL_H

#include <linux/pci.h>
#include <linux/types.h>

/* ECX of a CPUID leaf of the calling CPU. */
u32 kernel_cpuid_ecx(u32 leaf);

/* Reads an MSR of the calling CPU; false, and the value 0, if it has none of that number. */
bool kernel_read_msr(u32 number, u64 *value);

/* The name of the one driver that a function is for, whatever its identity; null: for any. */
int kernel_set_override(struct pci_dev *pci, const char *name);

/* A copy of that, to be freed; null if there is none. */
int kernel_get_override(struct pci_dev *pci, char **copy);

#endif
