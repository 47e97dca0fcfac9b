/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The root cell: Linux, with all CPUs and what the board file gives it.
 */
#ifndef CORE_ROOT_H
#define CORE_ROOT_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

/* Builds its map and its policies, before any CPU enters it. */
bool root_start(struct bh_refusal *refusal);

#endif
