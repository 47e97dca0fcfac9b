/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Without debugging no invalidation is recorded.
 */
#include "core/invalidation.h"

void invalidation_record(uint32_t kind, uint32_t cpu, uint32_t cell, uint32_t vpid, uint64_t eptp)
{
	(void)kind;
	(void)cpu;
	(void)cell;
	(void)vpid;
	(void)eptp;
}

size_t invalidation_read(uint64_t *from, struct bh_invalidation *records, size_t count)
{
	(void)from;
	(void)records;
	(void)count;
	return 0;
}
