/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What accesses of all widths and places read of an MSI-X table, and that none looks at anything
 * but whole words of it: a wider look could run over the end of a page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/msi_policy.h"
#include "model/msix_table.h"

#define BYTES 64

static uint8_t table[BYTES];
static unsigned int words_read;

static uint32_t read_word(void *context, uint64_t offset)
{
	uint32_t word;

	(void)context;
	assert_int_equal(offset % 4, 0);
	assert_true(offset + 4 <= BYTES);
	memcpy(&word, &table[offset], sizeof(word));
	words_read++;
	return word;
}

static void write_word(void *context, uint64_t offset, uint32_t value)
{
	(void)context;
	assert_int_equal(offset % 4, 0);
	assert_true(offset + 4 <= BYTES);
	memcpy(&table[offset], &value, sizeof(value));
}

static const struct msix_words words = { .read = read_word, .write = write_word };

static int set_up(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < BYTES; i++)
		table[i] = (uint8_t)(0x81 + 37 * i);
	return 0;
}

static void accesses_read_their_bytes(void **state)
{
	uint32_t offset, size;

	(void)state;
	for (size = 1; size <= 8; size *= 2)
		for (offset = 0; offset + size <= BYTES; offset++) {
			uint64_t expected = 0;

			memcpy(&expected, &table[offset], size);
			assert_int_equal(msix_table_read(&words, offset, size), expected);
		}
}

/* Two words, or three where the access is not aligned: never one of eight bytes. */
static void words_are_read_one_by_one(void **state)
{
	(void)state;
	words_read = 0;
	msix_table_read(&words, 0xc, 8);
	assert_int_equal(words_read, 2);
	words_read = 0;
	msix_table_read(&words, 0xd, 8);
	assert_int_equal(words_read, 3);
	words_read = 0;
	msix_table_read(&words, 0xf, 1);
	assert_int_equal(words_read, 1);
}

static bool is_masked(uint32_t entry)
{
	return msix_table_read(&words, entry * MSIX_ENTRY_SIZE + 12, 4) == MSIX_MASKED;
}

static void tables_are_masked_in_slices(void **state)
{
	uint32_t entries = 3, left = 2;

	(void)state;
	assert_false(msix_table_mask(&words, &entries, &left));
	assert_int_equal(entries, 1);
	assert_int_equal(left, 0);
	assert_true(!is_masked(0) && is_masked(1) && is_masked(2) && !is_masked(3));
	left = 2;
	assert_true(msix_table_mask(&words, &entries, &left));
	assert_int_equal(left, 1);
	assert_true(is_masked(0) && !is_masked(3));
	assert_true(msix_table_mask(&words, &entries, &left));
	left = 0;
	assert_true(msix_table_mask(&words, &entries, &left));
	/* Messages stay: only the mask is written. */
	assert_int_equal(table[4], (uint8_t)(0x81 + 37 * 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(accesses_read_their_bytes, set_up),
		cmocka_unit_test_setup(words_are_read_one_by_one, set_up),
		cmocka_unit_test_setup(tables_are_masked_in_slices, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
