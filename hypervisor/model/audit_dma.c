// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every page of the map has to be one that a region asks for; and if all pages together have as
 * many bytes as the regions, none is missing. See audit_dma.h.
 */
#include "model/audit_dma.h"

#include "model/range.h"
#include "model/refuse.h"
#include "model/text.h"

struct visit {
	const struct audit_dma *audit;
	struct bh_refusal *refusal;
	uint64_t found; /* bytes */
};

/* What is due at that address; false if nothing. */
static bool find_mapping(const struct audit_dma *audit, uint64_t virt, struct pt_mapping *mapping)
{
	uint32_t i;

	for (i = 0; i < audit->count; i++)
		if (iommu_map_at(&audit->regions[i], audit->is_root, mapping) &&
		    range_has(RANGE(mapping->virt, mapping->size), virt))
			return true;
	return false;
}

static bool check_leaf(void *context, const struct pt_leaf *leaf)
{
	struct visit *visit = context;
	const struct audit_dma *audit = visit->audit;
	struct pt_mapping mapping;

	if (!find_mapping(audit, leaf->virt, &mapping) ||
	    !range_is_inside(RANGE(leaf->virt, leaf->size), RANGE(mapping.virt, mapping.size)))
		return refuse(visit->refusal, "audit: devices of %s reach 0x%llx, which is not for "
			      "them", audit->name, (hex)leaf->virt);
	if (leaf->phys.v != mapping.phys.v + (leaf->virt - mapping.virt) ||
	    leaf->attributes != mapping.attributes)
		return refuse(visit->refusal, "audit: devices of %s have 0x%llx otherwise than its "
			      "region says", audit->name, (hex)leaf->virt);
	visit->found += leaf->size;
	return true;
}

bool audit_dma(const struct audit_dma *audit, struct bh_refusal *refusal)
{
	struct visit visit = { .audit = audit, .refusal = refusal };
	struct pt_mapping mapping;
	uint64_t due = 0;
	uint32_t i;

	if (!pt_for_each_leaf(audit->map, check_leaf, &visit))
		return false;
	for (i = 0; i < audit->count; i++)
		if (iommu_map_at(&audit->regions[i], audit->is_root, &mapping))
			due += mapping.size;
	return visit.found == due ||
	       refuse(refusal, "audit: devices of %s lack memory that is for them", audit->name);
}
