/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which interrupts messages of a cell's functions become. The cell has the CPUs with APIC ids 2
 * and 3; root the one with 0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/msi_routes.h"

static struct icr_filter filter;

static int set_up(void **state)
{
	(void)state;
	icr_filter_init(&filter);
	icr_filter_add_own(&filter, 2);
	icr_filter_add_own(&filter, 3);
	icr_filter_add_foreign(&filter, &(struct apic_target){ .apic_id = 0, .format = ~0u });
	filter.foreign_logical = 0xff;
	return 0;
}

static bool becomes(uint32_t address, uint32_t upper, uint32_t data, uint32_t index,
		    uint32_t messages, struct interrupt_target *target)
{
	const uint32_t words[MSI_WORDS] = { address, upper, data };

	return msi_target(target, words, index, messages, &filter);
}

static void messages_become_interrupts(void **state)
{
	struct interrupt_target target;

	(void)state;
	assert_true(becomes(0xfee02000, 0, 0x41, 0, 1, &target));
	assert_int_equal(target.apic_id, 2);
	assert_int_equal(target.vector, 0x41);
	assert_false(target.is_level || target.is_x2apic);
	/* Lowest priority: to the one that is named. Four messages from 0x44 on. */
	assert_true(becomes(0xfee03008, 0, 0x146, 3, 4, &target));
	assert_int_equal(target.apic_id, 3);
	assert_int_equal(target.vector, 0x47);
}

static void messages_that_leave_the_cell_become_none(void **state)
{
	struct interrupt_target target;

	(void)state;
	assert_false(becomes(0xfee00000, 0, 0x41, 0, 1, &target)); /* root's CPU */
	assert_false(becomes(0xfeeff000, 0, 0x41, 0, 1, &target)); /* everybody */
	assert_false(becomes(0xfee02000, 0, 0x441, 0, 1, &target)); /* NMI */
	assert_false(becomes(0xfee02000, 0, 0x541, 0, 1, &target)); /* INIT */
	assert_false(becomes(0xfee02000, 0, 0x0f, 0, 1, &target));
	assert_false(becomes(0xfee02000, 1, 0x41, 0, 1, &target));
	assert_false(becomes(0xfee02010, 0, 0x41, 0, 1, &target)); /* for remapping */
	assert_false(becomes(0xfee02004, 0, 0x41, 0, 1, &target)); /* logical */
	assert_false(becomes(0xfee00004, 0, 0x41, 0, 1, &target)); /* to nobody at all */
	assert_false(becomes(0, 0, 0, 0, 1, &target));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(messages_become_interrupts, set_up),
		cmocka_unit_test_setup(messages_that_leave_the_cell_become_none, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
