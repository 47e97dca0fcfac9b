/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Items of enum bh_read that debug builds have for the test suite.
 */
#ifndef CORE_DEBUG_READS_H
#define CORE_DEBUG_READS_H

#include <bulkhead/types.h>

size_t debug_read_map(uint64_t position, void *page);
size_t debug_read_invalidations(uint64_t position, void *page);
size_t debug_read_device_entries(uint64_t position, void *page);

#endif
