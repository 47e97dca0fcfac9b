/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is written for full performance: figures 14-4 and 14-7 of SDM vol. 3B by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/performance.h"

/* CPUID leaf 6, EAX: hardware P-states, activity window, preference, request of the package. */
#define BASE       (1u << 7)
#define WINDOW     (1u << 9)
#define PREFERENCE (1u << 10)
#define PACKAGE    (1u << 11)
#define ALL        (BASE | WINDOW | PREFERENCE | PACKAGE)

/* Highest 0x2d, guaranteed 0x20, most efficient 0x0c, lowest 0x04. */
#define CAPABILITIES 0x040c202dULL

static void which_registers_there_are(void **state)
{
	(void)state;
	assert_true(performance_has_hwp(BASE));
	assert_false(performance_has_hwp(~BASE));
	assert_true(performance_has_bias(1u << 3));
	assert_false(performance_has_bias(~(1u << 3)));
	assert_true(performance_hwp_is_on(1));
	assert_false(performance_hwp_is_on(0));
}

static void highest_and_nothing_else(void **state)
{
	(void)state;
	/* As Linux leaves it: from lowest to highest, balanced. */
	assert_int_equal(performance_hwp_request(ALL, CAPABILITIES, 0x80002d04), 0x2d2d);
	/* Desired performance, window, and the package's request instead of this one all go. */
	assert_int_equal(performance_hwp_request(ALL, CAPABILITIES, 0x000007ffff102d04), 0x2d2d);
	/* Twice is as once. */
	assert_int_equal(performance_hwp_request(ALL, CAPABILITIES, 0x2d2d), 0x2d2d);
}

static void reserved_fields_stay(void **state)
{
	(void)state;
	assert_int_equal(performance_hwp_request(ALL, CAPABILITIES, 0xf800080000002d04),
			 0xf800080000002d2d);
	/* A field that this processor lacks is reserved. */
	assert_int_equal(performance_hwp_request(BASE, CAPABILITIES, 0x000007ff80ff2d04),
			 0x000007ff80002d2d);
	assert_int_equal(performance_hwp_request(BASE | PREFERENCE, CAPABILITIES, 0x7ff80002d04),
			 0x7ff00002d2d);
}

static void no_highest_no_request(void **state)
{
	(void)state;
	assert_int_equal(performance_hwp_request(ALL, 0x040c2000, 0x80002d04), 0x80002d04);
}

static void bias(void **state)
{
	(void)state;
	assert_int_equal(performance_energy_bias(6), 0);
	assert_int_equal(performance_energy_bias(0xfffffffffffffff6), 0xfffffffffffffff0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which_registers_there_are),
		cmocka_unit_test(highest_and_nothing_else),
		cmocka_unit_test(reserved_fields_stay),
		cmocka_unit_test(no_highest_no_request),
		cmocka_unit_test(bias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
