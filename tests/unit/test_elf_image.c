// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF files for cells: what is taken from a good one, of either class, and each way in which one
 * can be bad with the words that say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/elf_file.h"
#include "tools/cell/elf_image.h"

static const unsigned int classes[] = { 32, 64 };

/* In memory of its own size, so that a byte too far is seen. */
static bool parse(struct elf_image *image, const struct elf_file *file, size_t size,
		  struct bh_refusal *refusal)
{
	void *copy = malloc(size ? size : 1);
	bool done;

	memcpy(copy, file->bytes, size);
	memset(refusal, 0, sizeof(*refusal));
	done = elf_parse(image, copy, size, refusal);
	free(copy);
	return done;
}

static void a_good_file_is_understood(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(classes); i++) {
		struct elf_image image;
		struct elf_file file;
		struct bh_refusal refusal;

		elf_make(&file, classes[i]);
		assert_true(elf_claimed(file.bytes, sizeof(file.bytes)));
		assert_true(parse(&image, &file, sizeof(file.bytes), &refusal));
		assert_int_equal(image.bits, classes[i]);
		assert_int_equal(image.entry, ELF_ENTRY);
		assert_int_equal(image.count, 2);
		assert_int_equal(image.segments[0].index, 0);
		assert_int_equal(image.segments[0].at, TEXT_AT);
		assert_int_equal(image.segments[0].offset, TEXT_OFFSET);
		assert_int_equal(image.segments[0].file_size, TEXT_SIZE);
		assert_int_equal(image.segments[0].memory_size, TEXT_SIZE);
		assert_int_equal(image.segments[1].index, 2);
		assert_int_equal(image.segments[1].at, DATA_AT);
		assert_int_equal(image.segments[1].offset, DATA_OFFSET);
		assert_int_equal(image.segments[1].file_size, DATA_SIZE);
		assert_int_equal(image.segments[1].memory_size, DATA_MEMORY);
	}
}

static void expect(const struct elf_file *file, size_t size, const char *words)
{
	struct bh_refusal refusal;
	struct elf_image image;

	assert_false(parse(&image, file, size, &refusal));
	if (!strstr(refusal.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, refusal.text);
}

/* Fields at the same place in both classes. */
static void a_bad_head_is_refused(void **state)
{
	static const struct {
		size_t at;
		uint64_t value;
		unsigned int size;
		const char *words;
	} bad[] = {
		{ 0, 0x7e, 1, "it is no ELF file" },
		{ 4, 3, 1, "of a kind that x86 does not know" },
		{ 5, 2, 1, "of a kind that x86 does not know" },
		{ 6, 2, 1, "of a kind that x86 does not know" },
		{ 16, 1, 2, "it is an object file" },
		{ 16, 3, 2, "link it with -no-pie" },
		{ 16, 4, 2, "it is no program (ELF type 4)" },
		{ 18, 183, 2, "it is for another processor (ELF machine 183)" },
	};
	size_t i, c;

	(void)state;
	for (c = 0; c < BH_ARRAY_SIZE(classes); c++) {
		for (i = 0; i < BH_ARRAY_SIZE(bad); i++) {
			struct elf_file file;

			elf_make(&file, classes[c]);
			elf_put(&file, bad[i].at, bad[i].value, bad[i].size);
			expect(&file, sizeof(file.bytes), bad[i].words);
		}
	}
}

static void bad_program_headers_are_refused(void **state)
{
	struct elf_file file;

	(void)state;
	elf_make(&file, 64);
	elf_put(&file, 56, 0, 2);
	expect(&file, sizeof(file.bytes), "it has no program headers");
	elf_make(&file, 64);
	elf_put(&file, 54, 32, 2);
	expect(&file, sizeof(file.bytes), "32 bytes each instead of 56");
	elf_make(&file, 32);
	elf_put(&file, 42, 56, 2);
	expect(&file, sizeof(file.bytes), "56 bytes each instead of 32");
	elf_make(&file, 64);
	elf_put(&file, 32, sizeof(file.bytes) - 56, 8);
	expect(&file, sizeof(file.bytes), "the file ends before its program header 1");
	elf_put(&file, 32, UINT64_MAX - 100, 8);
	expect(&file, sizeof(file.bytes), "the file ends before its program header 0");
	elf_put(&file, 32, UINT64_MAX - 55, 8);
	expect(&file, sizeof(file.bytes), "the file ends before its program header 0");
	elf_make(&file, 64);
	elf_put(&file, elf_places(&file, 0).type, 0, 4);
	elf_put(&file, elf_places(&file, 2).type, 6, 4);
	expect(&file, sizeof(file.bytes), "it has no segment to load");
}

static void bad_segments_are_refused(void **state)
{
	size_t c;

	(void)state;
	for (c = 0; c < BH_ARRAY_SIZE(classes); c++) {
		struct elf_file file;

		elf_make(&file, classes[c]);
		elf_segment_put(&file, 2, 1, DATA_AT, DATA_OFFSET, 0x81, 0x80);
		expect(&file, sizeof(file.bytes), "segment 2 has more bytes in the file (0x81) "
		       "than in memory (0x80)");
		elf_make(&file, classes[c]);
		elf_segment_put(&file, 2, 1, DATA_AT, DATA_OFFSET, 0x101, 0x101);
		expect(&file, sizeof(file.bytes), "the file ends before its segment 2");
		elf_segment_put(&file, 2, 1, DATA_AT, 0x401, 0, 0x1000);
		expect(&file, sizeof(file.bytes), "the file ends before its segment 2");
		elf_segment_put(&file, 2, 1, DATA_AT, 0xfffffff0, 0x20, 0x20);
		expect(&file, sizeof(file.bytes), "the file ends before its segment 2");
		/* The last byte of one is the first of the other. */
		elf_segment_put(&file, 2, 1, TEXT_AT + TEXT_SIZE - 1, DATA_OFFSET, 1, 1);
		expect(&file, sizeof(file.bytes), "its segments 0 and 2 overlap at 0x1000ff");
		elf_segment_put(&file, 2, 1, TEXT_AT - 0x10, DATA_OFFSET, 0, 0x11);
		expect(&file, sizeof(file.bytes), "its segments 0 and 2 overlap at 0xffff0");
	}
}

static void segments_that_touch_do_not_overlap(void **state)
{
	struct bh_refusal refusal;
	struct elf_image image;
	struct elf_file file;

	(void)state;
	elf_make(&file, 64);
	elf_segment_put(&file, 2, 1, TEXT_AT + TEXT_SIZE, DATA_OFFSET, 1, 1);
	assert_true(parse(&image, &file, sizeof(file.bytes), &refusal));
	elf_segment_put(&file, 2, 1, TEXT_AT - 0x10, DATA_OFFSET, 0, 0x10);
	assert_true(parse(&image, &file, sizeof(file.bytes), &refusal));
	/* Up to the very last address, and one further. */
	elf_segment_put(&file, 2, 1, UINT64_MAX - 0xf, DATA_OFFSET, 0, 0x10);
	assert_true(parse(&image, &file, sizeof(file.bytes), &refusal));
	elf_segment_put(&file, 2, 1, UINT64_MAX - 0xf, DATA_OFFSET, 0, 0x11);
	expect(&file, sizeof(file.bytes), "segment 2 at 0xfffffffffffffff0 runs past the end");
}

static void empty_segments_are_left_out(void **state)
{
	struct bh_refusal refusal;
	struct elf_image image;
	struct elf_file file;

	(void)state;
	elf_make(&file, 64);
	elf_segment_put(&file, 2, 1, TEXT_AT, DATA_OFFSET, 0, 0);
	assert_true(parse(&image, &file, sizeof(file.bytes), &refusal));
	assert_int_equal(image.count, 1);
}

static void the_entry_must_be_in_memory(void **state)
{
	struct elf_file file;

	(void)state;
	elf_make(&file, 64);
	elf_put(&file, 24, TEXT_AT + TEXT_SIZE, 8);
	expect(&file, sizeof(file.bytes), "its entry, 0x100100, is in none of its segments");
	/* By virtual address it would be. */
	elf_put(&file, 24, TEXT_AT + 0x40000000, 8);
	expect(&file, sizeof(file.bytes), "its entry, 0x40100000, is in none of its segments");
	/* Among zeros there is no code. */
	elf_put(&file, 24, DATA_AT + DATA_SIZE, 8);
	expect(&file, sizeof(file.bytes), "is in none of its segments");
	elf_make(&file, 64);
	elf_segment_put(&file, 0, 1, 0x100000000, TEXT_OFFSET, TEXT_SIZE, TEXT_SIZE);
	elf_put(&file, 24, 0x100000000, 8);
	expect(&file, sizeof(file.bytes), "its entry, 0x100000000, is not below 4 GiB");
}

static void a_file_may_end_anywhere(void **state)
{
	size_t c, size;

	(void)state;
	for (c = 0; c < BH_ARRAY_SIZE(classes); c++) {
		struct bh_refusal refusal;
		struct elf_image image;
		struct elf_file file;

		elf_make(&file, classes[c]);
		for (size = 0; size < DATA_OFFSET + DATA_SIZE; size++) {
			assert_false(parse(&image, &file, size, &refusal));
			assert_true(refusal.text[0]);
		}
		assert_true(parse(&image, &file, size, &refusal));
	}
}

static void there_is_a_limit_to_segments(void **state)
{
	const size_t size = 64 + 56 * (ELF_SEGMENTS_MAX + 1);
	struct elf_image image;
	struct bh_refusal refusal;
	struct elf_file file;
	uint8_t *large = calloc(1, size);
	unsigned int i;

	(void)state;
	elf_make(&file, 64);
	memcpy(large, file.bytes, 64);
	for (i = 0; i <= ELF_SEGMENTS_MAX; i++) {
		elf_segment_put(&file, 0, 1, ELF_ENTRY + i, 0, 1, 1);
		memcpy(large + 64 + 56 * i, file.bytes + 64, 56);
	}
	large[56] = ELF_SEGMENTS_MAX;
	assert_true(elf_parse(&image, large, size, &refusal));
	assert_int_equal(image.count, ELF_SEGMENTS_MAX);
	large[56] = ELF_SEGMENTS_MAX + 1;
	assert_false(elf_parse(&image, large, size, &refusal));
	assert_string_equal(refusal.text, "it has more than 64 segments to load");
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file_is_understood),
		cmocka_unit_test(a_bad_head_is_refused),
		cmocka_unit_test(bad_program_headers_are_refused),
		cmocka_unit_test(bad_segments_are_refused),
		cmocka_unit_test(segments_that_touch_do_not_overlap),
		cmocka_unit_test(empty_segments_are_left_out),
		cmocka_unit_test(the_entry_must_be_in_memory),
		cmocka_unit_test(a_file_may_end_anywhere),
		cmocka_unit_test(there_is_a_limit_to_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
