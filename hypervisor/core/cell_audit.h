/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The isolation audit of all cells' real tables (I1), at every create, start and destroy.
 */
#ifndef CORE_CELL_AUDIT_H
#define CORE_CELL_AUDIT_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

bool cell_audit(struct bh_refusal *refusal);

#endif
