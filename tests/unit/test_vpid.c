/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VPIDs (I4): never 0, never two owners, never a second owner before the first one's translations
 * were invalidated; held against a plain list over random histories.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/vpid.h"

static void taken_once_each(void **state)
{
	struct vpid_pool pool;
	bool taken[100] = { false };
	uint32_t i, vpid;

	(void)state;
	vpid_pool_init(&pool, 5, 70);
	for (i = 0; i < 70; i++) {
		vpid = vpid_take(&pool);
		assert_in_range(vpid, 5, 74);
		assert_false(taken[vpid]);
		taken[vpid] = true;
	}
	assert_int_equal(vpid_take(&pool), 0);
}

static void dirty_until_invalidated(void **state)
{
	struct vpid_pool pool;

	(void)state;
	vpid_pool_init(&pool, 9, 1);
	assert_int_equal(vpid_take(&pool), 9);
	assert_int_equal(vpid_take(&pool), 0);
	/* While it is somebody's, invalidating it does not make it free. */
	vpid_invalidated(&pool, 9);
	assert_int_equal(vpid_take(&pool), 0);
	vpid_return(&pool, 9);
	assert_int_equal(vpid_take(&pool), 0);
	vpid_invalidated(&pool, 9);
	assert_int_equal(vpid_take(&pool), 9);
}

static void others_numbers_change_nothing(void **state)
{
	struct vpid_pool pool;

	(void)state;
	vpid_pool_init(&pool, 3, 2);
	vpid_return(&pool, 0);
	vpid_return(&pool, 2);
	vpid_return(&pool, 5);
	vpid_return(&pool, 0xffffffff);
	vpid_return(&pool, 3); /* which is nobody's */
	vpid_invalidated(&pool, 5);
	vpid_invalidated(&pool, 2);
	assert_int_equal(vpid_take(&pool), 3);
	assert_int_equal(vpid_take(&pool), 4);
	assert_int_equal(vpid_take(&pool), 0);
	vpid_pool_init(&pool, 1, 100000);
	assert_int_equal(pool.count, VPID_POOL_MAX);
}

enum { FREE, USED, DIRTY };

static void random_histories(void **state)
{
	static int plain[2000];
	struct vpid_pool pool;
	uint32_t step, used = 0, n;

	(void)state;
	srand(3);
	vpid_pool_init(&pool, 17, VPID_POOL_MAX);
	for (step = 0; step < 200000; step++) {
		n = 17 + (uint32_t)rand() % VPID_POOL_MAX;
		switch (rand() % 4) {
		case 0:
		case 1:
			n = vpid_take(&pool);
			if (n == 0)
				break;
			assert_in_range(n, 17, 17 + VPID_POOL_MAX - 1);
			assert_int_equal(plain[n], FREE);
			plain[n] = USED;
			used++;
			break;
		case 2:
			vpid_return(&pool, n);
			plain[n] = plain[n] == USED ? DIRTY : plain[n];
			break;
		default:
			vpid_invalidated(&pool, n);
			plain[n] = plain[n] == DIRTY ? FREE : plain[n];
			break;
		}
	}
	assert_true(used > 2 * VPID_POOL_MAX);
	/* In the end those that are free can be had, no others. */
	for (n = vpid_take(&pool); n; n = vpid_take(&pool)) {
		assert_int_equal(plain[n], FREE);
		plain[n] = USED;
	}
	for (n = 17; n < 17 + VPID_POOL_MAX; n++)
		assert_int_not_equal(plain[n], FREE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken_once_each),
		cmocka_unit_test(dirty_until_invalidated),
		cmocka_unit_test(others_numbers_change_nothing),
		cmocka_unit_test(random_histories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
