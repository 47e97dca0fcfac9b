/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Performance counters of AMD's processors as RDPMC numbers them. Who may read one is decided by
 * its register, see msr_policy.h.
 */
#ifndef MODEL_COUNTERS_H
#define MODEL_COUNTERS_H

#include <bulkhead/types.h>

/* The register that holds the counter; false if no processor has one of that number. */
bool counter_register(uint32_t counter, uint32_t *msr);

#endif
