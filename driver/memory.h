/* SPDX-License-Identifier: GPL-2.0-only */
/* Reserved memory: is it really nobody's, and claiming it. */
#ifndef DRIVER_MEMORY_H
#define DRIVER_MEMORY_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

/* Refuses memory that Linux uses or that is not there; `whose` begins the refusal. */
bool memory_check(const struct bh_range *range, const char *whose, struct bh_refusal *refusal);

/* Checks a range and keeps it from other drivers until memory_release(). */
bool memory_claim(const struct bh_range *range, const char *whose, struct bh_refusal *refusal);
void memory_release(const struct bh_range *range);

#endif
