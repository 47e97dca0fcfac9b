/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nested page tables of SVM with four levels: the format, and the translation that exits use. APM
 * vol. 2, 15.25. Which guest-physical addresses are mapped is not decided here.
 */
#ifndef MODEL_FORMAT_NPT_H
#define MODEL_FORMAT_NPT_H

#include "model/pagetable.h"

extern const struct pt_format pt_format_npt;

/* Where a guest-physical address lies; false if nothing is mapped there. Made for the exit path. */
bool npt_translate(const struct pagetable *npt, gpa_t address, hpa_t *physical);

#endif
