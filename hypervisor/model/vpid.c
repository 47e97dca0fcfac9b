/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two bits a VPID: used, dirty. A number is free when both are clear.
 */
#include "model/vpid.h"

void vpid_pool_init(struct vpid_pool *pool, uint32_t first, uint32_t count)
{
	*pool = (struct vpid_pool){
		.first = first, .count = count < VPID_POOL_MAX ? count : VPID_POOL_MAX,
	};
}

static bool has(const uint64_t *bits, uint32_t n)
{
	return bits[n / 64] >> n % 64 & 1;
}

static bool is_ours(const struct vpid_pool *pool, uint32_t vpid)
{
	return vpid >= pool->first && vpid - pool->first < pool->count;
}

uint32_t vpid_take(struct vpid_pool *pool)
{
	uint32_t n;

	for (n = 0; n < pool->count; n++) {
		if (has(pool->used, n) || has(pool->dirty, n))
			continue;
		pool->used[n / 64] |= 1ULL << n % 64;
		return pool->first + n;
	}
	return 0;
}

void vpid_return(struct vpid_pool *pool, uint32_t vpid)
{
	uint32_t n = vpid - pool->first;

	if (!is_ours(pool, vpid) || !has(pool->used, n))
		return;
	pool->used[n / 64] &= ~(1ULL << n % 64);
	pool->dirty[n / 64] |= 1ULL << n % 64;
}

void vpid_invalidated(struct vpid_pool *pool, uint32_t vpid)
{
	uint32_t n = vpid - pool->first;

	if (is_ours(pool, vpid))
		pool->dirty[n / 64] &= ~(1ULL << n % 64);
}
