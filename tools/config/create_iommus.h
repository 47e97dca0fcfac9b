/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of `bulkhead config create`: the machine's IOMMUs, from its ACPI tables. */
#ifndef TOOLS_CONFIG_CREATE_IOMMUS_H
#define TOOLS_CONFIG_CREATE_IOMMUS_H

#include <stdio.h>

#include "model/acpi_iommus.h"
#include "owned.h"

/*
 * Of the machine at hand, or of copies of DMAR and IVRS in a folder. None where there is no table,
 * or, after a message, where it is malformed.
 */
void iommus_find(struct acpi_iommus *iommus, const char *folder);

/* The settings of a board. */
void iommus_write(FILE *out, const struct acpi_iommus *iommus);

/* Their registers are nobody's. */
void iommus_cut(struct owned_list *memory, const struct acpi_iommus *iommus);

#endif
