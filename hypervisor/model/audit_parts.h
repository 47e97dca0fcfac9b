/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of the audit share: audit.c holds configurations against each other,
 * audit_tables.c holds the tables against the configurations.
 */
#ifndef MODEL_AUDIT_PARTS_H
#define MODEL_AUDIT_PARTS_H

#include "model/audit.h"

struct audit {
	const struct config_view *board;
	const struct audit_cell *cells;
	uint32_t count;
	struct bh_refusal *refusal;
};

/* The same bytes; a communication page has no place that a configuration tells. */
static inline bool audit_is_same_place(const struct bh_region *a, const struct bh_region *b)
{
	return a->phys == b->phys && a->size == b->size && a->kind != BH_REGION_COMM &&
	       b->kind != BH_REGION_COMM;
}

/* Is the cell's table what its regions say, no more and no less? */
bool audit_table(const struct audit *audit, const struct audit_cell *cell);

#endif
