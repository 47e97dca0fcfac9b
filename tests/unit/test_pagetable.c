// SPDX-License-Identifier: GPL-2.0-only
/*
 * The builder and its formats by hand: entries bit by bit as the processor manuals have them, the
 * words of each refusal, and the edges of the address spaces. Random regions are in
 * test_pagetable_random.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/page_arena.h"
#include "model/format_amdvi.h"
#include "model/format_ept.h"
#include "model/format_npt.h"
#include "model/format_vtd.h"
#include "model/format_x86.h"

#define MIB (1024 * 1024ULL)
#define GIB (1024 * MIB)

#define RWX (PT_READ | PT_WRITE | PT_EXECUTE)

#define HIGH 0xffff800000000000ULL

static struct pagetable make(const struct pt_format *format, uint64_t quota)
{
	struct pt_memory memory = arena_reset(quota);
	struct pagetable pt;

	assert_true(pt_init(&pt, format, &memory, 39, PT_1G, NULL));
	return pt;
}

static void map(struct pagetable *pt, uint64_t virt, uint64_t phys, uint64_t size,
		unsigned int attributes)
{
	struct pt_mapping m = { virt, HPA(phys), size, attributes, 0 };
	struct bh_refusal refusal = { "" };

	if (!pt_map(pt, &m, &refusal))
		fail_msg("%s", refusal.text);
}

static void refuses(struct pagetable *pt, struct pt_mapping m, const char *text)
{
	struct bh_refusal refusal = { "" };
	uint64_t before = arena_fingerprint();

	assert_false(pt_map(pt, &m, &refusal));
	assert_string_equal(refusal.text, text);
	assert_int_equal(arena_fingerprint(), before);
}

/* The entries on the way to an address, from the root down to the leaf or the empty entry. */
static void expect_entries(const struct pagetable *pt, uint64_t virt, const uint64_t *expected,
			   unsigned int count)
{
	uint64_t table = pt->root.v;
	unsigned int i;

	for (i = 0; i < count; i++) {
		uint64_t index = (virt >> (39 - 9 * i)) & 511;
		uint64_t entry = arena[(table - ARENA_PHYS) / BH_PAGE_SIZE][index];

		assert_int_equal(entry, expected[i]);
		table = entry & 0x000ffffffffff000;
	}
}

/* Pages are handed out in order: the root is page 0, then from the top down. */
#define TABLE(n) (ARENA_PHYS + (n) * BH_PAGE_SIZE)

/* SDM vol. 3, 29.3.2: R 0, W 1, X 2, memory type 5:3 (6 is WB), ignore PAT 6, page 7. */
static void ept_entries_are_as_the_manual_says(void **state)
{
	struct pagetable pt = make(&pt_format_ept, 16);

	(void)state;
	map(&pt, 0x1000, 0x5000, 0x1000, RWX);
	expect_entries(&pt, 0x1000, (uint64_t[]){ TABLE(1) | 7, TABLE(2) | 7, TABLE(3) | 7,
						  0x5000 | 0x37 }, 4);
	map(&pt, 0x2000, 0xfee00000, 0x1000, PT_READ | PT_UNCACHED);
	expect_entries(&pt, 0x2000, (uint64_t[]){ TABLE(1) | 7, TABLE(2) | 7, TABLE(3) | 7,
						  0xfee00000 | 0x01 }, 4);
	map(&pt, 0x3000, 0xa0000, 0x1000, PT_READ | PT_WRITE | PT_WRITE_COMBINING);
	expect_entries(&pt, 0x3000, (uint64_t[]){ TABLE(1) | 7, TABLE(2) | 7, TABLE(3) | 7,
						  0xa0000 | 0x0b }, 4);
	map(&pt, 2 * MIB, 6 * MIB, 2 * MIB, PT_READ | PT_WRITE | PT_UNCACHED);
	expect_entries(&pt, 2 * MIB, (uint64_t[]){ TABLE(1) | 7, TABLE(2) | 7, 6 * MIB | 0x83 }, 3);
	map(&pt, GIB, 5 * GIB, GIB, PT_READ | PT_EXECUTE);
	expect_entries(&pt, GIB, (uint64_t[]){ TABLE(1) | 7, 5 * GIB | 0xb5 }, 2);
	assert_int_equal(arena_used, 4);
}

/* SDM vol. 3, 4.5.4: P 0, W 1, PWT 3, PCD 4, A 5, D 6, PS 7, XD 63; never U (2) or G (8). */
static void own_entries_are_as_the_manual_says(void **state)
{
	struct pagetable pt = make(&pt_format_x86, 16);
	uint64_t nx = 1ULL << 63;

	(void)state;
	map(&pt, HIGH + 0x1000, 0x5000, 0x1000, PT_READ | PT_EXECUTE);
	expect_entries(&pt, HIGH + 0x1000, (uint64_t[]){ TABLE(1) | 0x23, TABLE(2) | 0x23,
							 TABLE(3) | 0x23, 0x5000 | 0x61 }, 4);
	map(&pt, HIGH + 0x2000, 0x6000, 0x1000, PT_READ);
	expect_entries(&pt, HIGH + 0x2000, (uint64_t[]){ TABLE(1) | 0x23, TABLE(2) | 0x23,
							 TABLE(3) | 0x23, 0x6000 | 0x61 | nx }, 4);
	map(&pt, HIGH + 0x3000, 0xfee00000, 0x1000, PT_READ | PT_WRITE | PT_UNCACHED);
	expect_entries(&pt, HIGH + 0x3000, (uint64_t[]){ TABLE(1) | 0x23, TABLE(2) | 0x23,
							 TABLE(3) | 0x23,
							 0xfee00000 | 0x7b | nx }, 4);
	map(&pt, HIGH + 2 * MIB, 6 * MIB, 2 * MIB, PT_READ | PT_WRITE);
	expect_entries(&pt, HIGH + 2 * MIB, (uint64_t[]){ TABLE(1) | 0x23, TABLE(2) | 0x23,
							  6 * MIB | 0xe3 | nx }, 3);
	map(&pt, HIGH + GIB, 5 * GIB, GIB, RWX);
	expect_entries(&pt, HIGH + GIB, (uint64_t[]){ TABLE(1) | 0x23, 5 * GIB | 0xe3 }, 2);
	assert_int_equal(arena_used, 4);
}

/*
 * APM vol. 2, 5.3.3 and 15.25.5: as above, but always U (2). Uncached is entry 3 of the PAT, which
 * is UC whether or not Linux wrote it.
 */
static void nested_entries_are_as_the_manual_says(void **state)
{
	struct pagetable pt = make(&pt_format_npt, 16);
	uint64_t nx = 1ULL << 63;

	(void)state;
	map(&pt, 0x1000, 0x5000, 0x1000, RWX);
	expect_entries(&pt, 0x1000, (uint64_t[]){ TABLE(1) | 0x27, TABLE(2) | 0x27,
						  TABLE(3) | 0x27, 0x5000 | 0x67 }, 4);
	map(&pt, 0x2000, 0xfee00000, 0x1000, PT_READ | PT_UNCACHED);
	expect_entries(&pt, 0x2000, (uint64_t[]){ TABLE(1) | 0x27, TABLE(2) | 0x27,
						  TABLE(3) | 0x27, 0xfee00000 | 0x7d | nx }, 4);
	map(&pt, 2 * MIB, 6 * MIB, 2 * MIB, PT_READ | PT_WRITE | PT_UNCACHED);
	expect_entries(&pt, 2 * MIB, (uint64_t[]){ TABLE(1) | 0x27, TABLE(2) | 0x27,
						   6 * MIB | 0xff | nx }, 3);
	map(&pt, GIB, 5 * GIB, GIB, PT_READ | PT_EXECUTE);
	expect_entries(&pt, GIB, (uint64_t[]){ TABLE(1) | 0x27, 5 * GIB | 0xe5 }, 2);
	assert_int_equal(arena_used, 4);
	refuses(&pt, (struct pt_mapping){ 0x3000, HPA(0), 0x1000, PT_WRITE, 0 },
		"NPT: 0x3000: cannot be -w-");
	refuses(&pt, (struct pt_mapping){ 0x3000, HPA(0), 0x1000,
					  PT_READ | PT_WRITE_COMBINING, 0 },
		"NPT: 0x3000: cannot be r-- write-combining");
}

static void a_wrong_mapping_is_refused_in_words(void **state)
{
	struct pagetable pt = make(&pt_format_ept, 5);

	(void)state;
	map(&pt, 0x10000, 0x10000, 0x10000, RWX);
	refuses(&pt, (struct pt_mapping){ 0x1000, HPA(0), 0, RWX, 0 },
		"EPT: the range at 0x1000 is empty");
	refuses(&pt, (struct pt_mapping){ 0x1200, HPA(0), 0x1000, RWX, 0 },
		"EPT: 0x1200, size 0x1000: not made of whole 4 KiB pages");
	refuses(&pt, (struct pt_mapping){ 0x1000, HPA(0), 0x800, RWX, 0 },
		"EPT: 0x1000, size 0x800: not made of whole 4 KiB pages");
	refuses(&pt, (struct pt_mapping){ 0x1000, HPA(0x10), 0x1000, RWX, 0 },
		"EPT: physical 0x10: not at a 4 KiB boundary");
	refuses(&pt, (struct pt_mapping){ 0x2000, HPA(0), 0 - 0x1000ULL, RWX, 0 },
		"EPT: 0x2000, size 0xfffffffffffff000: runs past the end of the address space");
	refuses(&pt, (struct pt_mapping){ 0xfffffffff000, HPA(0), 0x2000, RWX, 0 },
		"EPT: 0xfffffffff000-0x1000000000fff: not within its addresses of 48 bits");
	refuses(&pt, (struct pt_mapping){ 0, HPA(0x7fffff000), 1ULL << 39, RWX, 0 },
		"EPT: physical 0x7fffff000, size 0x8000000000: past the processor's 39 bits");
	refuses(&pt, (struct pt_mapping){ 0, HPA(0 - 0x1000ULL), 0x2000, RWX, 0 },
		"EPT: physical 0xfffffffffffff000, size 0x2000: past the processor's 39 bits");
	refuses(&pt, (struct pt_mapping){ 0x1f000, HPA(0), 0x2000, RWX, 0 },
		"EPT: 0x1f000-0x20fff: 0x1f000 is mapped already");
	refuses(&pt, (struct pt_mapping){ 0xf000, HPA(0), 0x2000, RWX, 0 },
		"EPT: 0xf000-0x10fff: 0x10000 is mapped already");
	refuses(&pt, (struct pt_mapping){ 0, HPA(0), GIB, RWX, 0 },
		"EPT: 0x0-0x3fffffff: 0x10000 is mapped already");
	refuses(&pt, (struct pt_mapping){ GIB, HPA(GIB), 0x1000, RWX, 0 },
		"EPT: 0x40000000-0x40000fff: needs 2 pages for tables, 1 are left");
	refuses(&pt, (struct pt_mapping){ 0x1000, HPA(0), 0x1000, PT_WRITE | PT_EXECUTE, 0 },
		"EPT: 0x1000: cannot be -wx");
	refuses(&pt, (struct pt_mapping){ 0x1000, HPA(0), 0x1000, 0, 0 },
		"EPT: 0x1000: cannot be ---");
	refuses(&pt, (struct pt_mapping){ 0x1000, HPA(0), 0x1000,
					  PT_READ | PT_UNCACHED | PT_WRITE_COMBINING, 0 },
		"EPT: 0x1000: cannot be r-- uncached write-combining");
}

static void the_hole_between_the_halves_is_refused(void **state)
{
	struct pagetable pt = make(&pt_format_x86, 16);
	uint64_t low_end = 1ULL << 47;
	struct pt_leaf leaf;

	(void)state;
	refuses(&pt, (struct pt_mapping){ low_end, HPA(0), 0x1000, RWX, 0 },
		"hypervisor page table: 0x800000000000-0x800000000fff: "
		"not within its addresses of 48 bits");
	refuses(&pt, (struct pt_mapping){ low_end - 0x1000, HPA(0), 0x2000, RWX, 0 },
		"hypervisor page table: 0x7ffffffff000-0x800000000fff: "
		"not within its addresses of 48 bits");
	refuses(&pt, (struct pt_mapping){ low_end - 0x1000, HPA(0), HIGH - low_end + 0x2000, RWX,
					  0 },
		"hypervisor page table: 0x7ffffffff000-0xffff800000000fff: "
		"not within its addresses of 48 bits");
	refuses(&pt, (struct pt_mapping){ HIGH, HPA(0), 0x1000, PT_READ | PT_WRITE_COMBINING, 0 },
		"hypervisor page table: 0xffff800000000000: cannot be r-- write-combining");

	/* The last page of each half is good, and what lies between the halves is not mapped. */
	map(&pt, low_end - 0x1000, 0x1000, 0x1000, RWX);
	map(&pt, 0 - 0x1000ULL, 0x2000, 0x1000, RWX);
	map(&pt, HIGH, 0x3000, 0x1000, RWX);
	assert_true(pt_lookup(&pt, UINT64_MAX, &leaf));
	assert_int_equal(leaf.virt, 0 - 0x1000ULL);
	assert_int_equal(leaf.phys.v, 0x2000);
	assert_false(pt_lookup(&pt, low_end, &leaf));
	assert_false(pt_lookup(&pt, HIGH & ((1ULL << 48) - 1), &leaf));
	assert_true(pt_lookup(&pt, HIGH, &leaf));
	assert_int_equal(leaf.virt, HIGH);
}

/* A format of second-level tables, and the translation made of it. */
static void ends_with_48_bits(const struct pt_format *format,
			      bool (*translate)(const struct pagetable *pt, gpa_t address,
						hpa_t *physical))
{
	struct pagetable pt = make(format, 16);
	struct pt_leaf leaf;
	hpa_t phys;

	map(&pt, 0, 0, 0x1000, RWX);
	map(&pt, (1ULL << 48) - 0x1000, 0x1000, 0x1000, RWX);
	assert_true(translate(&pt, GPA((1ULL << 48) - 1), &phys));
	assert_int_equal(phys.v, 0x1fff);
	assert_false(translate(&pt, GPA(1ULL << 48), &phys));
	assert_false(translate(&pt, GPA(1ULL << 63), &phys));
	assert_false(translate(&pt, GPA(0x1000), &phys));
	assert_false(pt_lookup(&pt, 1ULL << 48, &leaf));
}

static void second_levels_end_with_48_bits(void **state)
{
	(void)state;
	ends_with_48_bits(&pt_format_ept, ept_translate);
	ends_with_48_bits(&pt_format_npt, npt_translate);
}

/* The processor's limit, the mapping's own limit, and the lower of the two. */
static void pages_are_no_larger_than_allowed(void **state)
{
	static const struct {
		unsigned int table, mapping, level;
	} cases[] = {
		{ PT_1G, 0, PT_1G }, { PT_1G, PT_2M, PT_2M }, { PT_1G, PT_4K, PT_4K },
		{ PT_2M, 0, PT_2M }, { PT_2M, PT_1G, PT_2M }, { PT_4K, 0, PT_4K },
	};
	struct pt_mapping half_tera = { 512 * GIB, HPA(0), 512 * GIB, RWX, 0 };
	struct pt_memory memory = arena_reset(2);
	struct pagetable pt;
	struct pt_leaf leaf;
	size_t i;

	(void)state;
	/* A processor that could do more than the format knows. */
	assert_true(pt_init(&pt, &pt_format_ept, &memory, 39, 4, NULL));
	assert_true(pt_map(&pt, &half_tera, NULL));
	assert_true(pt_lookup(&pt, 512 * GIB, &leaf));
	assert_int_equal(leaf.level, PT_1G);
	assert_int_equal(pt_predict(&pt_format_ept, 4, &half_tera, 1), 2);

	for (i = 0; i < BH_ARRAY_SIZE(cases); i++) {
		struct pt_mapping m = { GIB, HPA(GIB), GIB, RWX, cases[i].mapping };

		memory = arena_reset(ARENA_PAGES);
		assert_true(pt_init(&pt, &pt_format_ept, &memory, 39, cases[i].table, NULL));
		assert_true(pt_map(&pt, &m, NULL));
		assert_true(pt_lookup(&pt, 2 * GIB - 1, &leaf));
		assert_int_equal(leaf.level, cases[i].level);
		assert_int_equal(pt_predict(&pt_format_ept, cases[i].table, &m, 1), arena_used);
	}
}

static void predictions_by_hand(void **state)
{
	struct pt_mapping pieces[] = {
		{ 3 * GIB, HPA(3 * GIB), 0x1000, RWX, 0 },           /* three tables of its own */
		{ 0x1000, HPA(0x1000), 2 * MIB, RWX, 0 },             /* two ends: 1 + 1 + 2 */
		{ 4 * MIB, HPA(4 * MIB), 4 * MIB, RWX, 0 },           /* two large pages: none */
		{ 512 * GIB, HPA(0), 2 * GIB, RWX, 0 },               /* huge pages: one */
		{ 3 * GIB + 0x1000, HPA(0), 0x1000, RWX, 0 },         /* beside the first: none */
	};

	(void)state;
	assert_int_equal(pt_predict(&pt_format_ept, PT_1G, pieces, 0), 1);
	assert_int_equal(pt_predict(&pt_format_ept, PT_1G, pieces, 1), 1 + 3);
	assert_int_equal(pt_predict(&pt_format_ept, PT_1G, pieces, 2), 1 + 3 + 3);
	assert_int_equal(pt_predict(&pt_format_ept, PT_1G, pieces, 3), 1 + 3 + 3);
	assert_int_equal(pt_predict(&pt_format_ept, PT_1G, pieces, 4), 1 + 3 + 3 + 1);
	assert_int_equal(pt_predict(&pt_format_ept, PT_1G, pieces, 5), 1 + 3 + 3 + 1);
	assert_int_equal(pt_predict(&pt_format_ept, PT_2M, pieces + 3, 1), 1 + 1 + 2);
	assert_int_equal(pt_predict(&pt_format_ept, PT_4K, pieces + 3, 1), 1 + 1 + 2 + 1024);
}

static void a_root_needs_a_page(void **state)
{
	struct pt_memory memory = arena_reset(0);
	struct bh_refusal refusal;
	struct pagetable pt;

	(void)state;
	assert_false(pt_init(&pt, &pt_format_ept, &memory, 39, PT_1G, &refusal));
	assert_string_equal(refusal.text, "EPT: no page left for its root");
}

static void changes_never_split_a_page(void **state)
{
	struct pagetable pt = make(&pt_format_ept, 16);
	struct pt_mapping inside = { 4 * MIB, HPA(0), 0x1000, RWX, 0 };
	struct bh_refusal refusal;
	uint64_t before;

	(void)state;
	map(&pt, 0, 0, 4 * MIB, RWX);
	before = arena_fingerprint();
	assert_false(pt_clear(&pt, 0, 0x1000, &refusal));
	assert_string_equal(refusal.text,
			    "EPT: 0x0-0xfff: cuts the page of 0x200000 bytes at 0x0");
	assert_false(pt_clear(&pt, 0x1ff000, 0x201000, &refusal));
	assert_string_equal(refusal.text,
			    "EPT: 0x1ff000-0x3fffff: cuts the page of 0x200000 bytes at 0x0");
	assert_false(pt_protect(&pt, 0, 6 * MIB, PT_READ, &refusal));
	assert_string_equal(refusal.text, "EPT: 0x0-0x5fffff: 0x400000 is not mapped");
	assert_false(pt_protect(&pt, 0, 2 * MIB, PT_WRITE, &refusal));
	assert_string_equal(refusal.text, "EPT: 0x0: cannot be -w-");
	assert_false(pt_clear(&pt, 0, 0, &refusal));
	assert_string_equal(refusal.text, "EPT: the range at 0x0 is empty");
	assert_false(pt_restore(&pt, &inside, &refusal));
	assert_string_equal(refusal.text,
			    "EPT: 0x400000-0x400fff: its boundaries were not made beforehand");
	assert_int_equal(arena_fingerprint(), before);
}

static void what_was_cleared_leaves_no_bit(void **state)
{
	struct pagetable pt = make(&pt_format_ept, 16);
	struct pt_mapping back = { 2 * MIB, HPA(8 * MIB), 2 * MIB, PT_READ, 0 };
	uint64_t empty;

	(void)state;
	map(&pt, 0, 0, 2 * MIB, RWX);
	empty = arena_fingerprint();
	map(&pt, 2 * MIB, 2 * MIB, 2 * MIB, RWX);
	assert_true(pt_protect(&pt, 2 * MIB, 2 * MIB, PT_READ, NULL));
	expect_entries(&pt, 2 * MIB, (uint64_t[]){ TABLE(1) | 7, TABLE(2) | 7, 2 * MIB | 0xb1 }, 3);
	assert_true(pt_clear(&pt, 2 * MIB, 2 * MIB, NULL));
	assert_int_equal(arena_fingerprint(), empty);
	assert_true(pt_restore(&pt, &back, NULL));
	expect_entries(&pt, 2 * MIB, (uint64_t[]){ TABLE(1) | 7, TABLE(2) | 7, 8 * MIB | 0xb1 }, 3);
}

/* Where small pages were cleared, their table stays, and larger pages go around it. */
static void an_emptied_table_is_used_again(void **state)
{
	struct pagetable pt = make(&pt_format_ept, 4);
	struct pt_leaf leaf;

	(void)state;
	map(&pt, 2 * MIB + 0x1000, 0, 0x1000, RWX);
	assert_true(pt_clear(&pt, 2 * MIB + 0x1000, 0x1000, NULL));
	map(&pt, 0, 0, 6 * MIB, RWX);
	assert_int_equal(pt_count_pages(&pt), 4);
	assert_true(pt_lookup(&pt, 0, &leaf));
	assert_int_equal(leaf.level, PT_2M);
	assert_true(pt_lookup(&pt, 2 * MIB + 0x1000, &leaf));
	assert_int_equal(leaf.level, PT_4K);
	assert_int_equal(leaf.phys.v, 2 * MIB + 0x1000);
	assert_true(pt_lookup(&pt, 6 * MIB - 1, &leaf));
	assert_int_equal(leaf.level, PT_2M);
	assert_int_equal(leaf.phys.v, 4 * MIB);
}

static void mark_table(void *context, hpa_t table)
{
	uint8_t *seen = context;
	uint64_t page = (table.v - ARENA_PHYS) >> BH_PAGE_SHIFT;

	assert_true(table.v >= ARENA_PHYS && page < arena_used);
	assert_int_equal(table.v & BH_PAGE_MASK, 0);
	seen[page]++;
}

/* Who writes tables back for a unit goes by that: pages between leaves, and one that is empty. */
static void every_table_is_visited_once(void **state)
{
	static const struct pt_format *const formats[] = {
		&pt_format_ept, &pt_format_vtd_4, &pt_format_vtd_3, &pt_format_amdvi_4,
	};
	size_t i, page;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(formats); i++) {
		struct pagetable pt = make(formats[i], 64);
		uint8_t seen[64] = { 0 };

		map(&pt, 0x1000, 0x1000, 4 * MIB, PT_READ | PT_WRITE);
		map(&pt, 16 * MIB, 16 * MIB, 2 * MIB, PT_READ);
		map(&pt, 5 * GIB, 5 * GIB, GIB, PT_READ);
		map(&pt, (1ULL << 39) - 0x1000, 0, 0x1000, PT_READ);
		map(&pt, GIB, 0, 0x1000, PT_READ);
		assert_true(pt_clear(&pt, GIB, 0x1000, NULL));
		pt_for_each_table(&pt, mark_table, seen);
		for (page = 0; page < arena_used; page++)
			assert_int_equal(seen[page], 1);
		assert_true(arena_used >= 8);
	}
}

static bool stop_at_second(void *context, const struct pt_leaf *leaf)
{
	uint64_t *last = context;

	*last = leaf->virt;
	return leaf->virt == 0;
}

static void a_visit_may_end_early(void **state)
{
	struct pagetable pt = make(&pt_format_ept, 16);
	uint64_t last = 0;

	(void)state;
	map(&pt, 0, 0, 0x4000, RWX);
	assert_false(pt_for_each_leaf(&pt, stop_at_second, &last));
	assert_int_equal(last, 0x1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ept_entries_are_as_the_manual_says),
		cmocka_unit_test(own_entries_are_as_the_manual_says),
		cmocka_unit_test(nested_entries_are_as_the_manual_says),
		cmocka_unit_test(a_wrong_mapping_is_refused_in_words),
		cmocka_unit_test(the_hole_between_the_halves_is_refused),
		cmocka_unit_test(second_levels_end_with_48_bits),
		cmocka_unit_test(pages_are_no_larger_than_allowed),
		cmocka_unit_test(predictions_by_hand),
		cmocka_unit_test(a_root_needs_a_page),
		cmocka_unit_test(changes_never_split_a_page),
		cmocka_unit_test(what_was_cleared_leaves_no_bit),
		cmocka_unit_test(an_emptied_table_is_used_again),
		cmocka_unit_test(every_table_is_visited_once),
		cmocka_unit_test(a_visit_may_end_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
