// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `cell load` will copy: steps of ELF files, raw images and strings, in the order of the
 * command line, and what of it a cell's regions take.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/elf_file.h"
#include "tools/cell/load_plan.h"

static const unsigned char raw[] = { 1, 2, 3, 4 };

static const struct bh_region regions[] = {
	{ .name = "text", .at = 0x100000, .size = 0x1000, .access = BH_ACCESS_READ |
	  BH_ACCESS_EXECUTE, .flags = BH_REGION_LOADABLE },
	{ .name = "more", .at = 0x101000, .size = 0x1000, .access = BH_ACCESS_READ,
	  .flags = BH_REGION_LOADABLE },
	{ .name = "data", .at = 0x200000, .size = 0x3000, .access = BH_ACCESS_READ |
	  BH_ACCESS_WRITE, .flags = BH_REGION_LOADABLE },
	{ .name = "bare", .at = 0x203000, .size = 0x1000, .access = BH_ACCESS_READ },
	{ .name = "top", .at = 0xfffffffffffff000, .size = 0x1000, .access = BH_ACCESS_READ,
	  .flags = BH_REGION_LOADABLE },
};

static struct elf_file elf;

static struct load_piece elf_piece(void)
{
	elf_make(&elf, 64);
	return (struct load_piece){ .name = "x.elf", .data = elf.bytes, .size = sizeof(elf.bytes) };
}

static struct load_piece raw_piece(uint64_t at, size_t size)
{
	return (struct load_piece){ .name = "x.bin", .data = raw, .size = size,
				    .has_address = true, .address = at };
}

static void expect_step(const struct load_plan *plan, size_t index, uint64_t at, uint64_t size,
			const void *data)
{
	assert_int_equal(plan->steps[index].at, at);
	assert_int_equal(plan->steps[index].size, size);
	assert_ptr_equal(plan->steps[index].data, data);
}

static void pieces_become_steps_in_their_order(void **state)
{
	const struct load_piece pieces[] = {
		raw_piece(0x203000 - 4, 4),
		elf_piece(),
		{ .name = "a=1", .is_string = true, .data = "a=1", .size = 4, .has_address = true,
		  .address = 0x101000 },
	};
	struct bh_refusal refusal;
	struct load_plan plan;

	(void)state;
	assert_true(load_plan_make(&plan, pieces, BH_ARRAY_SIZE(pieces), &refusal));
	assert_int_equal(plan.count, 5);
	expect_step(&plan, 0, 0x203000 - 4, 4, raw);
	expect_step(&plan, 1, TEXT_AT, TEXT_SIZE, elf.bytes + TEXT_OFFSET);
	expect_step(&plan, 2, DATA_AT, DATA_SIZE, elf.bytes + DATA_OFFSET);
	expect_step(&plan, 3, DATA_AT + DATA_SIZE, DATA_MEMORY - DATA_SIZE, NULL);
	expect_step(&plan, 4, 0x101000, 4, pieces[2].data);
	assert_int_equal(plan.bytes, 4 + TEXT_SIZE + DATA_MEMORY + 4);
	assert_true(plan.has_entry);
	assert_int_equal(plan.entry, ELF_ENTRY);
	assert_true(load_plan_check(&plan, regions, BH_ARRAY_SIZE(regions), &refusal));
	load_plan_free(&plan);
}

static void the_first_elf_file_has_the_entry(void **state)
{
	struct load_piece pieces[] = { elf_piece(), elf_piece() };
	struct elf_file second;
	struct bh_refusal refusal;
	struct load_plan plan;

	(void)state;
	elf_make(&second, 64);
	elf_put(&second, 24, TEXT_AT, 8);
	pieces[1].data = second.bytes;
	assert_true(load_plan_make(&plan, pieces, 2, &refusal));
	assert_int_equal(plan.entry, ELF_ENTRY);
	load_plan_free(&plan);
	assert_true(load_plan_make(&plan, pieces + 1, 1, &refusal));
	assert_int_equal(plan.entry, TEXT_AT);
	load_plan_free(&plan);
}

static void an_image_without_elf_header_has_no_entry(void **state)
{
	const struct load_piece piece = { .name = "x.bin", .data = raw, .size = sizeof(raw) };
	struct bh_refusal refusal;
	struct load_plan plan;

	(void)state;
	assert_true(load_plan_make(&plan, &piece, 1, &refusal));
	assert_false(plan.has_entry);
	expect_step(&plan, 0, 0, sizeof(raw), raw);
	load_plan_free(&plan);
}

static void refuse_make(struct load_piece piece, const char *words)
{
	struct bh_refusal refusal;
	struct load_plan plan;

	assert_false(load_plan_make(&plan, &piece, 1, &refusal));
	if (!strstr(refusal.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, refusal.text);
}

static void bad_pieces_are_refused_by_name(void **state)
{
	struct load_piece piece = elf_piece();

	(void)state;
	piece.has_address = true;
	refuse_make(piece, "x.elf: an ELF file says itself where it goes");
	piece = elf_piece();
	piece.size = 100;
	refuse_make(piece, "x.elf: the file ends before its program header 0");
	refuse_make(raw_piece(0x1000, 0), "x.bin is empty");
	refuse_make(raw_piece(UINT64_MAX - 2, 4), "x.bin at 0xfffffffffffffffd runs past");
}

static void check(struct load_piece piece, const char *words)
{
	struct bh_refusal refusal = { .text = "" };
	struct load_plan plan;

	assert_true(load_plan_make(&plan, &piece, 1, &refusal));
	assert_int_equal(load_plan_check(&plan, regions, BH_ARRAY_SIZE(regions), &refusal), !words);
	if (words && !strstr(refusal.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, refusal.text);
	load_plan_free(&plan);
}

static void each_byte_must_be_loadable(void **state)
{
	struct load_piece string = {
		.name = "a=1", .is_string = true, .data = "a=1", .size = 4, .has_address = true,
		.address = 0x300000,
	};

	(void)state;
	check(raw_piece(0x100000, 4), NULL);
	check(raw_piece(0x100ffe, 4), NULL); /* from one region to the next */
	check(raw_piece(0x202ffc, 4), NULL);
	check(raw_piece(0xfffffffffffffffc, 4), NULL);
	check(raw_piece(0x202ffd, 4), "x.bin, 0x202ffd-0x203000, would go to region \"bare\", "
	      "0x203000-0x203fff, which is not loadable");
	check(raw_piece(0x101ffd, 4), "x.bin, 0x101ffd-0x102000, does not fit: 0x102000 is in no "
	      "region of the cell");
	check(raw_piece(0xfffff, 4), "0xfffff is in no region");
	check(string, "the string \"a=1\", 0x300000-0x300003, does not fit");
}

static void bad_segments_are_named(void **state)
{
	struct load_piece piece = elf_piece();

	(void)state;
	check(piece, NULL);
	elf_segment_put(&elf, 2, 1, DATA_AT, DATA_OFFSET, DATA_SIZE, 0x3001);
	check(piece, "segment 2 of x.elf (zeros), 0x200080-0x203000, would go to region \"bare\"");
	elf_segment_put(&elf, 2, 1, 0x102000, DATA_OFFSET, DATA_SIZE, DATA_SIZE);
	check(piece, "segment 2 of x.elf, 0x102000-0x10207f, does not fit");
}

static void the_entry_must_be_executable(void **state)
{
	struct load_piece piece = elf_piece();

	(void)state;
	elf_put(&elf, 24, DATA_AT, 8);
	check(piece, "the entry of x.elf, 0x200000, is in region \"data\", where no code may run");
}

static void a_copy_stays_in_one_region(void **state)
{
	(void)state;
	assert_int_equal(load_plan_part(regions, BH_ARRAY_SIZE(regions), 0x100000, 0x2000), 0x1000);
	assert_int_equal(load_plan_part(regions, BH_ARRAY_SIZE(regions), 0x100fff, 0x2000), 1);
	assert_int_equal(load_plan_part(regions, BH_ARRAY_SIZE(regions), 0x101000, 0x10), 0x10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_become_steps_in_their_order),
		cmocka_unit_test(the_first_elf_file_has_the_entry),
		cmocka_unit_test(an_image_without_elf_header_has_no_entry),
		cmocka_unit_test(bad_pieces_are_refused_by_name),
		cmocka_unit_test(each_byte_must_be_loadable),
		cmocka_unit_test(bad_segments_are_named),
		cmocka_unit_test(the_entry_must_be_executable),
		cmocka_unit_test(a_copy_stays_in_one_region),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
