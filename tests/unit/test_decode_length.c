// SPDX-License-Identifier: GPL-2.0-only
/* Prefixes before an opcode, by hand from the manual (SDM vol. 2A, 2.1.1 and 2.2.1). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "model/decode_length.h"

static const struct {
	uint8_t bytes[DECODE_INSN_MAX];
	enum decode_mode mode;
	unsigned int length;
} cases[] = {
	{ { 0x0f, 0xa2 }, DECODE_64, 0 },             /* cpuid */
	{ { 0x48, 0x0f, 0xa2 }, DECODE_64, 1 },       /* the same with REX.W */
	{ { 0x66, 0x0f, 0x32 }, DECODE_32, 1 },       /* rdmsr with an operand size */
	{ { 0x48, 0x0f, 0xa2 }, DECODE_32, 0 },       /* dec eax: no prefix there */
	{ { 0x48, 0x0f, 0xa2 }, DECODE_16, 0 },
	{ { 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0x0f, 0x30 }, DECODE_16, 6 }, /* segments */
	{ { 0xf3, 0xf2, 0xf0, 0x67, 0x4f, 0x0f, 0x01, 0xd9 }, DECODE_64, 5 },
};

static void test_prefixes_are_counted(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(cases); i++)
		assert_int_equal(decode_prefix_length(cases[i].bytes, DECODE_INSN_MAX,
						      cases[i].mode), cases[i].length);
}

static void test_no_more_is_read_than_there_is(void **state)
{
	uint8_t bytes[DECODE_INSN_MAX];
	unsigned int i;

	(void)state;
	for (i = 0; i < DECODE_INSN_MAX; i++)
		bytes[i] = 0x66;
	assert_int_equal(decode_prefix_length(bytes, 0, DECODE_64), 0);
	assert_int_equal(decode_prefix_length(bytes, 3, DECODE_64), 3);
	assert_int_equal(decode_prefix_length(bytes, DECODE_INSN_MAX, DECODE_64),
			 DECODE_INSN_MAX);
}

#define FOUR_GIB 0x100000000ULL

static void test_steps_are_an_instruction_long(void **state)
{
	(void)state;
	assert_int_equal(decode_step_length(0x1000, 0x1002, DECODE_64), 2);
	assert_int_equal(decode_step_length(0x1000, 0x100f, DECODE_32), 15);
	assert_int_equal(decode_step_length(FOUR_GIB - 1, FOUR_GIB + 1, DECODE_64), 2);
	/* Over the end of 4 GiB, as a processor may have it that counts in 32 or in 64 bits. */
	assert_int_equal(decode_step_length(FOUR_GIB - 1, 1, DECODE_32), 2);
	assert_int_equal(decode_step_length(FOUR_GIB - 1, FOUR_GIB + 1, DECODE_32), 2);
	assert_int_equal(decode_step_length(FOUR_GIB - 1, 1, DECODE_16), 2);
	/* None of these is possible. */
	assert_int_equal(decode_step_length(FOUR_GIB - 1, 1, DECODE_64), 1);
	assert_int_equal(decode_step_length(0x1000, 0x1000, DECODE_64), 1);
	assert_int_equal(decode_step_length(0x1000, 0x1010, DECODE_64), 1);
	assert_int_equal(decode_step_length(0x1000, 0xfff, DECODE_32), 1);
	assert_int_equal(decode_step_length(0x1000, 0, DECODE_64), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes_are_counted),
		cmocka_unit_test(test_no_more_is_read_than_there_is),
		cmocka_unit_test(test_steps_are_an_instruction_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
