// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for the reasons of IOMMUs: see iommu_reason.h. Those that tell a user the same thing have
 * the same words.
 */
#include "model/iommu_reason.h"

struct row {
	uint32_t first, last;
	const char *words;
};

#define BLOCKED   "the IOMMU has no entry for it, so it is blocked"
#define BROKEN    "the IOMMU cannot make use of its own tables"
#define NO_WRITE  "nothing there that it may write"
#define NO_READ   "nothing there that it may read"
#define TOO_HIGH  "beyond all that the IOMMU translates"
#define NO_ATS    "the device translates addresses itself, which is not let through"
#define NO_TARGET "it names an entry that is not there"

/* VT-d specification, chapter 7, fault reasons: legacy mode, interrupts, scalable mode. */
static const struct row vtd[] = {
	{ 0x01, 0x02, BLOCKED },
	{ 0x03, 0x03, BROKEN },
	{ 0x04, 0x04, TOO_HIGH },
	{ 0x05, 0x05, NO_WRITE },
	{ 0x06, 0x06, NO_READ },
	{ 0x07, 0x0c, BROKEN },
	{ 0x0d, 0x0d, NO_ATS },
	{ 0x20, 0x20, "a message of no known form" },
	{ 0x21, 0x22, NO_TARGET },
	{ 0x23, 0x24, BROKEN },
	{ 0x25, 0x25, "a message that names no entry" },
	{ 0x26, 0x26, "it names an entry that is another's" },
	{ 0x38, 0x38, BROKEN },
	{ 0x39, 0x39, BLOCKED },
	{ 0x3a, 0x3a, BROKEN },
	{ 0x40, 0x40, BROKEN },
	{ 0x41, 0x41, BLOCKED },
	{ 0x42, 0x43, BROKEN },
	{ 0x44, 0x44, NO_ATS },
	{ 0x45, 0x46, "it has a PASID, which is not let through" },
	{ 0x50, 0x50, BROKEN },
	{ 0x51, 0x51, BLOCKED },
	{ 0x52, 0x52, BROKEN },
	{ 0x58, 0x58, BROKEN },
	{ 0x59, 0x59, BLOCKED },
	{ 0x5a, 0x5b, BROKEN },
	{ 0x78, 0x78, BROKEN },
	{ 0x79, 0x79, "nothing mapped for this" },
	{ 0x7a, 0x7b, BROKEN },
	{ 0x83, 0x84, TOO_HIGH },
	{ 0x85, 0x85, NO_WRITE },
	{ 0x86, 0x86, NO_READ },
};

/* AMD IOMMU specification, 2.5: event codes. */
static const struct row amdvi[] = {
	{ 1, 1, "its entry of the device table is not valid" },
	{ 2, 2, "a page fault: nothing mapped for this" },
	{ 8, 8, "a kind of request that it may not make" },
	{ 9, 9, "it asks for pages, which is not let through" },
};

static const struct {
	const char *name;
	const struct row *rows;
	size_t count;
} kinds[BH_IOMMU_KINDS] = {
	[BH_IOMMU_VTD] = { "VT-d", vtd, BH_ARRAY_SIZE(vtd) },
	[BH_IOMMU_AMDVI] = { "AMD-Vi", amdvi, BH_ARRAY_SIZE(amdvi) },
};

const char *iommu_kind_name(uint32_t kind)
{
	return kind < BH_IOMMU_KINDS ? kinds[kind].name : NULL;
}

const char *iommu_reason_words(uint32_t kind, uint32_t reason)
{
	size_t i;

	for (i = 0; kind < BH_IOMMU_KINDS && i < kinds[kind].count; i++)
		if (reason >= kinds[kind].rows[i].first && reason <= kinds[kind].rows[i].last)
			return kinds[kind].rows[i].words;
	return NULL;
}
