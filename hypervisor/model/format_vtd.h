/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Second-level tables of VT-d: DMA of devices by them. VT-d specification, chapter 9, "Second-Level
 * Paging Entries". Which addresses a device may reach is not decided here.
 */
#ifndef MODEL_FORMAT_VTD_H
#define MODEL_FORMAT_VTD_H

#include "model/pagetable.h"

/* Three levels translate 39 bits, four 48: which a unit walks its capabilities say (SAGAW). */
extern const struct pt_format pt_format_vtd_3, pt_format_vtd_4;

#endif
