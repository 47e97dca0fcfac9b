/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of changes that a TLB could have cached and of invalidations (I4), kept by debug
 * builds only: no emulator shows a stale TLB, so a test reads the record instead.
 */
#ifndef CORE_INVALIDATION_H
#define CORE_INVALIDATION_H

#include <bulkhead/manage.h>

void invalidation_record(uint32_t kind, uint32_t cpu, uint32_t cell, uint32_t vpid, uint64_t eptp);

/* As fault_log_read(). */
size_t invalidation_read(uint64_t *from, struct bh_invalidation *records, size_t count);

#endif
