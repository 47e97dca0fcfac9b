/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Without debugging these items do not exist.
 */
#include "core/debug_reads.h"

size_t debug_read_map(uint64_t position, void *page)
{
	(void)position;
	(void)page;
	return 0;
}

size_t debug_read_invalidations(uint64_t position, void *page)
{
	(void)position;
	(void)page;
	return 0;
}

size_t debug_read_device_entries(uint64_t position, void *page)
{
	(void)position;
	(void)page;
	return 0;
}
