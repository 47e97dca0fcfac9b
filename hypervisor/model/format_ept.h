/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extended page tables of VMX with four levels: the format, and the translation that exits use.
 * SDM vol. 3, 29.3. Which guest-physical addresses are mapped is not decided here.
 */
#ifndef MODEL_FORMAT_EPT_H
#define MODEL_FORMAT_EPT_H

#include "model/pagetable.h"

extern const struct pt_format pt_format_ept;

/* Where a guest-physical address lies; false if nothing is mapped there. Made for the exit path. */
bool ept_translate(const struct pagetable *ept, gpa_t address, hpa_t *physical);

#endif
