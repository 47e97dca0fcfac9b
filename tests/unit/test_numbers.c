/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hexadecimal numbers inside of text: only digits, no more than are asked for, and only with what
 * has to be behind them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/config/numbers.h"

static void expect_number(const char *text, char end, uint64_t expected, size_t length)
{
	const char *rest = text;
	uint64_t number;

	assert_true(hex_take(&rest, 16, end, &number));
	assert_int_equal(number, expected);
	assert_ptr_equal(rest, text + length);
}

static void number_is_taken_with_its_end(void **state)
{
	(void)state;
	expect_number("1f:03.0", ':', 0x1f, 3);
	expect_number("aBc", '\0', 0xabc, 3);
	expect_number("0", '\0', 0, 1);
	expect_number("00000000febc0000 ", ' ', 0xfebc0000, 17);
	expect_number("ffffffffffffffff", '\0', UINT64_MAX, 16);
}

static void expect_none(const char *text, size_t digits, char end)
{
	const char *rest = text;
	uint64_t number = 5;

	if (hex_take(&rest, digits, end, &number))
		fail_msg("\"%s\" is no number", text);
	assert_ptr_equal(rest, text);
	assert_int_equal(number, 5);
}

static void what_is_no_number_is_left(void **state)
{
	(void)state;
	expect_none("", 2, '\0');
	expect_none(":", 2, ':');
	expect_none("123:", 2, ':');
	expect_none("12", 2, ':');
	expect_none("12:", 2, '\0');
	expect_none("1g:", 2, ':');
	expect_none(" 1:", 3, ':');
	expect_none("1 :", 3, ':');
	expect_none("+1:", 3, ':');
	expect_none("-1:", 3, ':');
	expect_none("0x1:", 4, ':');
	expect_none("10000000000000000", 16, '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_is_taken_with_its_end),
		cmocka_unit_test(what_is_no_number_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
