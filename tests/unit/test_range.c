// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges against the obvious: membership of every address of a tiny space, and the edges of the
 * 64-bit one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "model/range.h"

/* Every pair of ranges within so many addresses. */
#define SPACE 12

/* A range as the set of its addresses, a bit each. */
static unsigned int set_of(struct bh_range r)
{
	unsigned int set = 0;
	uint64_t i;

	for (i = 0; i < r.size; i++)
		set |= 1U << (r.start + i);
	return set;
}

static void check_pair(struct bh_range a, struct bh_range b, uint64_t base)
{
	unsigned int in_a = set_of(a);
	unsigned int in_b = set_of(b);
	struct bh_range shared;

	a.start += base;
	b.start += base;
	shared = ranges_intersection(a, b);
	assert_int_equal(ranges_overlap(a, b), (in_a & in_b) != 0);
	assert_int_equal(range_is_inside(a, b), (in_a & ~in_b) == 0);
	if (!range_is_empty(shared))
		shared.start -= base;
	else
		shared.start = 0;
	assert_int_equal(set_of(shared), in_a & in_b);
}

/* At the bottom of the 64-bit space and at its very top. */
static void pairs_are_compared_as_sets(void **state)
{
	static const uint64_t bases[] = { 0, 0x1000, 0 - (uint64_t)SPACE };
	uint64_t i, a, n, b, m;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(bases); i++)
		for (a = 0; a < SPACE; a++)
			for (n = 0; n <= SPACE - a; n++)
				for (b = 0; b < SPACE; b++)
					for (m = 0; m <= SPACE - b; m++)
						check_pair(RANGE(a, n), RANGE(b, m), bases[i]);
}

static void addresses_are_found(void **state)
{
	struct bh_range top = RANGE(0 - 4ULL, 4);

	(void)state;
	assert_false(range_has(RANGE(8, 4), 7));
	assert_true(range_has(RANGE(8, 4), 8));
	assert_true(range_has(RANGE(8, 4), 11));
	assert_false(range_has(RANGE(8, 4), 12));
	assert_false(range_has(RANGE(8, 0), 8));
	assert_true(range_has(top, UINT64_MAX));
	assert_false(range_has(top, 0));
	assert_int_equal(range_distance(RANGE(8, 4), 5), 3);
	assert_int_equal(range_distance(RANGE(8, 4), 9), 0);
	assert_int_equal(range_distance(RANGE(8, 4), 12), 1);
	assert_int_equal(range_distance(top, 0), 0 - 4ULL);
}

static void ends_and_wraps(void **state)
{
	(void)state;
	assert_int_equal(range_end(RANGE(8, 4)), 12);
	assert_int_equal(range_last(RANGE(8, 4)), 11);
	assert_int_equal(range_end(RANGE(0 - 4ULL, 4)), 0);
	assert_false(range_wraps(RANGE(0 - 4ULL, 4)));
	assert_true(range_wraps(RANGE(0 - 4ULL, 5)));
	assert_false(range_wraps(RANGE(1, UINT64_MAX)));
	assert_true(range_wraps(RANGE(2, UINT64_MAX)));
	assert_false(range_wraps(RANGE(UINT64_MAX, 0)));
	assert_true(range_is_empty(RANGE(3, 0)));
	assert_false(range_is_empty(RANGE(0, 1)));
}

static void alignment_and_width(void **state)
{
	(void)state;
	assert_true(range_is_aligned(RANGE(0x2000, 0x1000), 0x1000));
	assert_false(range_is_aligned(RANGE(0x2001, 0x1000), 0x1000));
	assert_false(range_is_aligned(RANGE(0x2000, 0x0fff), 0x1000));
	assert_false(range_is_aligned(RANGE(0x2000, 0x1000), 0x2000));
	assert_true(range_fits_width(RANGE(0, 1ULL << 39), 39));
	assert_false(range_fits_width(RANGE(0, (1ULL << 39) + 1), 39));
	assert_false(range_fits_width(RANGE(1ULL << 39, 1), 39));
	assert_true(range_fits_width(RANGE(1ULL << 39, 0), 39));
	assert_true(range_fits_width(RANGE(0 - 4ULL, 4), 64));
	assert_false(range_fits_width(RANGE(0 - 4ULL, 5), 64));
	assert_false(range_fits_width(RANGE(0, 2), 0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_compared_as_sets),
		cmocka_unit_test(addresses_are_found),
		cmocka_unit_test(ends_and_wraps),
		cmocka_unit_test(alignment_and_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
