// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deadlines: by the frequency that Linux told, and by a high one where it told none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/deadline.h"
#include "core/hypervisor.h"
#include "x86/control.h"

#define HOUR_MS 3600000u

static struct bh_handover handover;
struct hypervisor hypervisor = { .handover = &handover };

/* Ticks from now on; of the time between the two looks a second at 4 GHz is let pass. */
static void expect_ticks(uint32_t khz, uint32_t ms, uint64_t ticks)
{
	uint64_t before = tsc_read();
	uint64_t deadline;

	handover.tsc_khz = khz;
	deadline = deadline_in_ms(ms);
	assert_in_range(deadline - before, ticks, ticks + 4000000000ULL);
}

static void deadlines_go_by_the_frequency(void **state)
{
	(void)state;
	expect_ticks(1000000, 1000, 1000000000ULL);
	expect_ticks(3000000, 1000, 3000000000ULL);
	expect_ticks(1, HOUR_MS, HOUR_MS);
	/* More than 32 bits. */
	expect_ticks(4000000, HOUR_MS, 14400000000000ULL);
}

static void waits_are_rather_long_where_no_frequency_is_known(void **state)
{
	(void)state;
	expect_ticks(0, HOUR_MS, 14400000000000ULL);
}

static void a_deadline_is_over_when_it_has_come(void **state)
{
	(void)state;
	handover.tsc_khz = 1000000;
	assert_false(deadline_is_over(deadline_in_ms(HOUR_MS)));
	assert_true(deadline_is_over(deadline_in_ms(0)));
	assert_true(deadline_is_over(tsc_read() - 1));
	/* One that was set before the counter began anew. */
	assert_true(deadline_is_over(UINT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines_go_by_the_frequency),
		cmocka_unit_test(waits_are_rather_long_where_no_frequency_is_known),
		cmocka_unit_test(a_deadline_is_over_when_it_has_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
