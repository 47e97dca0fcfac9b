/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why an IOMMU stopped a device's request: the numbers in its records, in words.
 */
#ifndef MODEL_IOMMU_REASON_H
#define MODEL_IOMMU_REASON_H

#include <bulkhead/iommu.h>

/* "VT-d"; null for what is no kind. */
const char *iommu_kind_name(uint32_t kind);

/* Null where there are none: the number has to do. */
const char *iommu_reason_words(uint32_t kind, uint32_t reason);

#endif
