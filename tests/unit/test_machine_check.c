// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which machine checks a CPU survives, by what its banks say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <bulkhead/fault.h>

#include "model/machine_check.h"

#define BANKS 40
#define UC (MC_STATUS_VALID | MC_STATUS_UNCORRECTED | MC_STATUS_ENABLED)
#define GOING_ON (MCG_STATUS_MCIP | MCG_STATUS_RIPV)

struct registers {
	uint64_t capabilities; /* 0: the processor has none of them */
	uint64_t status;
	uint64_t banks[BANKS];
};

static bool read_msr(void *context, uint32_t number, uint64_t *value)
{
	const struct registers *r = context;
	uint32_t bank = (number - MSR_MC_STATUS(0)) / 4;

	if (!r->capabilities)
		return false;
	if (number == MSR_MCG_CAP) {
		*value = r->capabilities;
	} else if (number == MSR_MCG_STATUS) {
		*value = r->status;
	} else {
		/* Those of VMX begin behind. */
		assert_true(number == MSR_MC_STATUS(bank) && number < 0x480);
		*value = r->banks[bank];
	}
	return true;
}

static struct machine_check look(struct registers registers)
{
	const struct feature_reader reader = { .read_msr = read_msr, .context = &registers };

	return machine_check_look(&reader);
}

static void goes_on(struct registers registers)
{
	struct machine_check check = look(registers);

	assert_true(check.in_progress && check.can_go_on);
	assert_int_equal(check.bank, BH_CHECK_NO_BANK);
}

static void ends(struct registers registers, uint32_t bank)
{
	struct machine_check check = look(registers);

	assert_true(check.in_progress && !check.can_go_on);
	assert_int_equal(check.bank, bank);
	if (bank != BH_CHECK_NO_BANK)
		assert_int_equal(check.bank_status, registers.banks[bank]);
}

static void what_is_anothers_is_survived(void **state)
{
	(void)state;
	goes_on((struct registers){ 10, GOING_ON, { 0 } });
	goes_on((struct registers){ 10, GOING_ON, { UC & ~MC_STATUS_VALID } });
	/* Corrected; and what is no reason for an exception, as QEMU tells the others. */
	goes_on((struct registers){ 10, GOING_ON, { UC & ~MC_STATUS_UNCORRECTED } });
	goes_on((struct registers){ 10, GOING_ON, { UC & ~MC_STATUS_ENABLED } });
	/* Banks that it does not have, or that are not there. */
	goes_on((struct registers){ 2, GOING_ON, { [2] = UC } });
	goes_on((struct registers){ BANKS, GOING_ON, { [32] = UC } });
}

static void what_is_its_own_ends_it(void **state)
{
	(void)state;
	ends((struct registers){ 10, GOING_ON, { [9] = UC } }, 9);
	ends((struct registers){ BANKS, GOING_ON, { [31] = UC | MC_STATUS_CORRUPT } }, 31);
	ends((struct registers){ 10, GOING_ON, { [3] = UC, [5] = UC } }, 3);
	ends((struct registers){ 10, MCG_STATUS_MCIP, { 0 } }, BH_CHECK_NO_BANK);
	ends((struct registers){ 10, MCG_STATUS_MCIP, { [1] = UC } }, 1);
}

static void with_recovery_memory_found_bad_is_no_end(void **state)
{
	uint64_t ser = 10 | MCG_CAP_SER;

	(void)state;
	goes_on((struct registers){ ser, GOING_ON, { [7] = UC } });
	goes_on((struct registers){ ser, GOING_ON, { [7] = UC | 1ULL << 56 } });
	ends((struct registers){ ser, GOING_ON, { [7] = UC, [8] = UC | MC_STATUS_CORRUPT } }, 8);
	ends((struct registers){ ser, MCG_STATUS_MCIP, { [7] = UC } }, BH_CHECK_NO_BANK);
}

/* Table 15-20: of the threads that see the bank, those that only see it have RIPV alone. */
static void what_the_other_thread_took_is_no_end(void **state)
{
	uint64_t ser = 10 | MCG_CAP_SER, action = UC | 1ULL << 56 | MC_STATUS_ACTION;

	(void)state;
	goes_on((struct registers){ ser, GOING_ON, { [1] = action } });
	ends((struct registers){ ser, GOING_ON | MCG_STATUS_EIPV, { [1] = action } }, 1);
	ends((struct registers){ ser, MCG_STATUS_MCIP | MCG_STATUS_EIPV, { [1] = action } }, 1);
	ends((struct registers){ ser, MCG_STATUS_MCIP, { [0] = action } }, 0);
	/* What the processor works with is lost for both. */
	ends((struct registers){ ser, GOING_ON, { [1] = action | MC_STATUS_CORRUPT } }, 1);
	/* Without SER the bit says nothing. */
	ends((struct registers){ 10, GOING_ON, { [1] = action } }, 1);
}

static void without_one_there_is_nothing_to_do(void **state)
{
	(void)state;
	assert_false(look((struct registers){ 10, MCG_STATUS_RIPV, { 0 } }).in_progress);
	assert_false(look((struct registers){ .status = GOING_ON }).in_progress);
	assert_true(look((struct registers){ .status = 0 }).can_go_on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_anothers_is_survived),
		cmocka_unit_test(what_is_its_own_ends_it),
		cmocka_unit_test(with_recovery_memory_found_bad_is_no_end),
		cmocka_unit_test(what_the_other_thread_took_is_no_end),
		cmocka_unit_test(without_one_there_is_nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
