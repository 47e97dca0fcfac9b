/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of `bulkhead config create`: the PCI functions that cells could have. */
#ifndef TOOLS_CONFIG_CREATE_PCI_H
#define TOOLS_CONFIG_CREATE_PCI_H

#include <stdio.h>

#include "model/acpi_iommus.h"
#include "resources.h"

/*
 * Writes the settings that describe IOAPICs, MMCONFIG and devices, as comments: as soon as they
 * count, configuration space and interrupts are no longer root's alone. `sysfs` is where the
 * machine's devices are listed: /sys, or a copy of a part of it. Nothing, where there is none.
 */
void write_pci(FILE *out, const char *sysfs, const struct resources *iomem);

/* As whom units of VT-d see functions that bridges to conventional PCI speak for. */
void pci_aliases(struct acpi_iommus *iommus, const char *sysfs);

#endif
