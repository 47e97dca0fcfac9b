// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text formatting against the C library's: random formats of all that text.h promises, with random
 * values, into buffers of random size. What the library leaves open is checked by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "model/refuse.h"
#include "model/text.h"

#define CASES 20000

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static unsigned int random_below(unsigned int limit)
{
	return (unsigned int)(random_bits() >> 33) % limit;
}

/* Numbers of all magnitudes, and the extremes. */
static uint64_t random_number(void)
{
	static const uint64_t extremes[] = {
		0, 1, UINT64_MAX, INT64_MAX, (uint64_t)INT64_MIN,
		INT_MAX, (uint64_t)INT_MIN, UINT_MAX,
	};

	if (random_below(4) == 0)
		return extremes[random_below(BH_ARRAY_SIZE(extremes))];
	return random_bits() >> random_below(64);
}

/* A buffer of some size with a guard behind it; the two must agree on it and on the length. */
#define compare(format, ...)								\
	do {										\
		const char *chosen = (format);						\
		size_t size = random_below(80);						\
		char ours[96], theirs[96];						\
		size_t length;								\
											\
		memset(ours, '#', sizeof(ours));					\
		memset(theirs, '#', sizeof(theirs));					\
		length = text_format(ours, size, chosen, __VA_ARGS__);			\
		assert_int_equal(length, snprintf(theirs, size, chosen, __VA_ARGS__));	\
		if (memcmp(ours, theirs, sizeof(ours)) != 0)				\
			fail_msg("\"%s\", size %zu: \"%.80s\", not \"%.80s\"", chosen, size,\
				 ours, theirs);						\
	} while (0)

/* Formats made at random, and wrong ones, are the point here. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-overflow"
#pragma GCC diagnostic ignored "-Wformat-truncation"

/* "ab%-012<length and conversion>cd": flags and width at random. */
static const char *random_format(char *format, size_t size, bool zeros, const char *conversion)
{
	const char *flags[] = { "", "-", zeros ? "0" : "", zeros ? "-0" : "-" };
	char width[8] = "";

	if (random_below(2))
		snprintf(width, sizeof(width), "%u", 1 + random_below(30));
	snprintf(format, size, "ab%%%s%s%scd", flags[random_below(4)], width, conversion);
	return format;
}

static void numbers_as_the_library_writes_them(void **state)
{
	char format[32];
	int i;

	(void)state;
	for (i = 0; i < CASES; i++) {
		uint64_t value = random_number();

		compare(random_format(format, sizeof(format), true, "d"), (int)value);
		compare(random_format(format, sizeof(format), true, "u"), (unsigned int)value);
		compare(random_format(format, sizeof(format), true, "x"), (unsigned int)value);
		compare(random_format(format, sizeof(format), true, "ld"), (long)value);
		compare(random_format(format, sizeof(format), true, "lu"), (unsigned long)value);
		compare(random_format(format, sizeof(format), true, "lx"), (unsigned long)value);
		compare(random_format(format, sizeof(format), true, "lld"), (long long)value);
		compare(random_format(format, sizeof(format), true, "llu"),
			(unsigned long long)value);
		compare(random_format(format, sizeof(format), true, "llx"),
			(unsigned long long)value);
		compare(random_format(format, sizeof(format), true, "zu"), (size_t)value);
		compare(random_format(format, sizeof(format), true, "zx"), (size_t)value);
		compare(random_format(format, sizeof(format), true, "zd"), (ssize_t)value);
		compare(random_format(format, sizeof(format), false, "p"), (void *)(value | 1));
	}
}

static void strings_as_the_library_writes_them(void **state)
{
	static const char letters[] = "the quick brown fox jumps over it";
	char format[32];
	int i;

	(void)state;
	for (i = 0; i < CASES; i++) {
		const char *string = letters + random_below(sizeof(letters));
		int number = (int)random_below(40) - 10;

		compare(random_format(format, sizeof(format), false, "s"), string);
		compare(random_format(format, sizeof(format), false, "c"), 'x');
		compare(random_format(format, sizeof(format), false, ".7s"), string);
		compare(random_format(format, sizeof(format), false, ".*s"), number, string);
		compare("%*s|", number, string);
		compare("%-*d|", number, number);
		compare("%0*d|", number < 0 ? 0 : number, number);
		compare("%*.*s|", number, 5, string);
	}
}

/* Arguments beyond the six that travel in registers must still be found. */
static void many_arguments_in_one_text(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		uint64_t value = random_number();

		compare("%s=%s %d%% %c %08lx|%-5u|%5d|%llu %x %s", "a", "b", (int)value, 'z',
			(unsigned long)value, (unsigned int)value, (int)value,
			(unsigned long long)value, (unsigned int)value, "end");
	}
}

static void what_the_library_leaves_open(void **state)
{
	const char *nothing = NULL;
	char text[32];

	(void)state;
	text_format(text, sizeof(text), "%s", nothing);
	assert_string_equal(text, "(null)");
	text_format(text, sizeof(text), "%p", nothing);
	assert_string_equal(text, "0x0");
	text_format(text, sizeof(text), "%04p", (void *)1);
	assert_string_equal(text, "0x01");
	text_format(text, sizeof(text), "50%");
	assert_string_equal(text, "50%");
	text_format(text, sizeof(text), "%q%");
	assert_string_equal(text, "%q%");
}

static void no_buffer_is_needed_to_count(void **state)
{
	(void)state;
	assert_int_equal(text_format(NULL, 0, "%d %s", 12, "three"), 8);
}

static void a_refusal_is_false_and_ends(void **state)
{
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	assert_false(refuse(&refusal, "memory at 0x%x is %s", 0x1000, "taken"));
	assert_string_equal(refusal.text, "memory at 0x1000 is taken");
	assert_false(refuse(&refusal, "%400s", "far away"));
	for (i = 0; i < BH_REFUSAL_TEXT - 1; i++)
		assert_int_equal(refusal.text[i], ' ');
	assert_int_equal(refusal.text[i], 0);
	assert_false(refuse(NULL, "nobody asks"));
}

static void what_went_wrong_besides_is_added(void **state)
{
	struct bh_refusal refusal = { .text = "" };

	(void)state;
	assert_false(refuse_also(&refusal, "no %s", "memory"));
	assert_string_equal(refusal.text, "no memory");
	assert_false(refuse_also(&refusal, "CPU %u is gone", 3));
	assert_string_equal(refusal.text, "no memory; and CPU 3 is gone");
	assert_false(refuse_also(NULL, "nobody asks"));
}

static void what_does_not_fit_any_more_is_cut(void **state)
{
	struct bh_refusal refusal;
	char expected[BH_REFUSAL_TEXT];
	int room;

	(void)state;
	for (room = 0; room < 20; room++) {
		refuse(&refusal, "%*s", BH_REFUSAL_TEXT - 1 - room, "first");
		snprintf(expected, sizeof(expected), "%s; and CPU 12345 is gone", refusal.text);
		assert_false(refuse_also(&refusal, "CPU %u is gone", 12345));
		assert_string_equal(refusal.text, expected);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_as_the_library_writes_them),
		cmocka_unit_test(strings_as_the_library_writes_them),
		cmocka_unit_test(many_arguments_in_one_text),
		cmocka_unit_test(what_the_library_leaves_open),
		cmocka_unit_test(no_buffer_is_needed_to_count),
		cmocka_unit_test(a_refusal_is_false_and_ends),
		cmocka_unit_test(what_went_wrong_besides_is_added),
		cmocka_unit_test(what_does_not_fit_any_more_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
