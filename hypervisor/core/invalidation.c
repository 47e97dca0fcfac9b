/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring of invalidations and of what makes them necessary.
 */
#include "core/invalidation.h"

#include "core/spinlock.h"

#define RECORDS 256U

static struct spinlock lock;
static struct bh_invalidation ring[RECORDS];
static uint64_t recorded;

void invalidation_record(uint32_t kind, uint32_t cpu, uint32_t cell, uint32_t vpid, uint64_t eptp)
{
	spin_lock(&lock);
	ring[recorded % RECORDS] = (struct bh_invalidation){
		.sequence = recorded + 1,
		.kind = kind, .cpu = cpu, .cell = cell, .vpid = vpid, .eptp = eptp,
	};
	recorded++;
	spin_unlock(&lock);
}

size_t invalidation_read(uint64_t *from, struct bh_invalidation *records, size_t count)
{
	size_t i;

	spin_lock(&lock);
	if (*from == 0)
		*from = 1;
	if (*from > recorded + 1)
		*from = recorded + 1;
	if (recorded + 1 - *from > RECORDS)
		*from = recorded + 1 - RECORDS;
	if (count > recorded + 1 - *from)
		count = recorded + 1 - *from;
	for (i = 0; i < count; i++)
		records[i] = ring[(*from + i - 1) % RECORDS];
	spin_unlock(&lock);
	return count;
}
