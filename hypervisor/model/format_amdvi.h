/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Host page tables of AMD-Vi: DMA of devices by them. AMD IOMMU specification, 2.2.3. Which
 * addresses a device may reach is not decided here.
 */
#ifndef MODEL_FORMAT_AMDVI_H
#define MODEL_FORMAT_AMDVI_H

#include "model/pagetable.h"

/* The device table says how many levels are walked: any number will do. Three cover 39 bits. */
extern const struct pt_format pt_format_amdvi_3, pt_format_amdvi_4;

#endif
