// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest page walk against hand-made tables: every paging mode and page size, and at every
 * level what is absent, unreadable or reserved. Rights are in test_walk_rights.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/guest_tables.h"

/* Set @bits of the entry of table @level, walk to a reserved-bit fault, and set it right again. */
static void expect_reserved(struct guest *g, unsigned level, uint64_t bits, const char *what)
{
	uint64_t entry = entry_get(g, level);

	entry_set(g, level, entry | bits);
	expect_fault(g, WALK_READ, WALK_PF_PRESENT | WALK_PF_RESERVED, what);
	entry_set(g, level, entry);
}

static void expect_ignored(struct guest *g, unsigned level, uint64_t bits, const char *what)
{
	uint64_t entry = entry_get(g, level);

	entry_set(g, level, entry | bits);
	expect_translation(g, WALK_READ, what);
	entry_set(g, level, entry);
}

static void test_translates(void **state)
{
	const struct layout *l;
	struct guest g;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		guest_build(&g, l);
		expect_translation(&g, WALK_READ, "read");
		assert_int_equal(g.reads, l->tables);
		expect_translation(&g, WALK_WRITE, "write");
		expect_translation(&g, WALK_FETCH, "fetch");
	}
}

static void test_without_paging(void **state)
{
	static const struct layout none = { .name = "no paging", .shift = 32, .address = 0xfee00 };
	struct guest g = { .layout = &none, .state = { .cr0 = CR0_PE, .cpl = 3 } };

	(void)state;
	expect_translation(&g, WALK_WRITE, "write");
	assert_int_equal(g.reads, 0);
}

/* Outside of IA-32e mode an address has 32 bits, whatever the caller's arithmetic left above. */
static void test_wraps_addresses_of_32_bits(void **state)
{
	struct walk_result r;
	struct guest g;

	(void)state;
	guest_build(&g, &layouts[LAYOUT_32_4K]);
	assert_true(walk_guest(&g.state, GLA(layouts[LAYOUT_32_4K].address | 1ULL << 32), WALK_READ,
			       guest_read, &g, &r));
	assert_int_equal(r.gpa.v, 0x76543567);
}

static void test_refuses_non_canonical_addresses(void **state)
{
	static const uint64_t four[] = { 0x0000800000000000, 0xffff7fffffffffff, 1ULL << 63 };
	static const uint64_t five[] = { 0x0100000000000000, 0xfeffffffffffffff, 1ULL << 63 };
	struct walk_result r;
	struct guest g;
	unsigned i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(four); i++) {
		guest_build(&g, &layouts[LAYOUT_4_LEVEL_4K]);
		assert_false(walk_guest(&g.state, GLA(four[i]), WALK_READ, guest_read, &g, &r));
		assert_int_equal(r.status, WALK_NON_CANONICAL);
		g.state.cr4 |= CR4_LA57;
		assert_false(walk_guest(&g.state, GLA(five[i]), WALK_READ, guest_read, &g, &r));
		assert_int_equal(r.status, WALK_NON_CANONICAL);
		assert_int_equal(g.reads, 0);
	}
}

static void test_reports_unreadable_tables(void **state)
{
	const struct layout *l;
	struct walk_result r;
	struct guest g;
	unsigned level;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		guest_build(&g, l);
		for (level = 0; level < l->tables; level++) {
			g.refused = entry_at(&g, level);
			r = guest_walk(&g, WALK_READ);
			assert_int_equal(r.status, WALK_UNREADABLE);
			assert_int_equal(r.gpa.v, g.refused);
		}
	}
}

/* Nothing else in an entry counts if it is not present, not even reserved bits. */
static void test_faults_where_nothing_is_present(void **state)
{
	const struct layout *l;
	struct guest g;
	unsigned level;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		for (level = 0; level < l->tables; level++) {
			guest_build(&g, l);
			entry_set(&g, level, ~P);
			expect_fault(&g, WALK_READ, 0, "read");
			expect_fault(&g, WALK_WRITE, WALK_PF_WRITE, "write");
			expect_fault(&g, WALK_FETCH, is_wide(l) ? WALK_PF_FETCH : 0, "fetch");
			g.state.cpl = 3;
			expect_fault(&g, WALK_WRITE, WALK_PF_WRITE | WALK_PF_USER, "user write");
			g.state.efer &= ~EFER_NXE;
			expect_fault(&g, WALK_FETCH, WALK_PF_USER, "fetch without NX");
			g.state.cr4 |= CR4_SMEP;
			expect_fault(&g, WALK_FETCH, WALK_PF_USER | WALK_PF_FETCH, "with SMEP");
		}
	}
}

static void test_pae_registers(void **state)
{
	struct guest g;
	unsigned i;

	(void)state;
	guest_build(&g, &layouts[LAYOUT_PAE_4K]);
	for (i = 0; i < 3; i++)
		assert_int_equal(g.state.pdpte[i], 0);
	g.state.pdpte[3] |= 0xe18; /* caching and ignored bits */
	expect_translation(&g, WALK_WRITE, "write");
	g.state.pdpte[3] &= ~P;
	expect_fault(&g, WALK_WRITE, WALK_PF_WRITE, "absent");
	assert_int_equal(g.reads, 2);
}

/* Bits 39:32 of a 4 MiB page's address are in bits 20:13, as far as the processor is wide. */
static void test_reserved_bits_of_4m_pages(void **state)
{
	struct guest g;

	(void)state;
	guest_build(&g, &layouts[LAYOUT_32_4M]);
	expect_reserved(&g, 0, 1ULL << 21, "bit 21");
	g.state.physical_width = 39;
	expect_reserved(&g, 0, 0, "bit 39 on a width of 39");
	g.state.physical_width = 46;
	expect_translation(&g, WALK_READ, "width of 46");
	entry_set(&g, 0, 0x80000000 | P | PS);
	g.state.physical_width = 32;
	expect_reserved(&g, 0, 1ULL << 13, "bit 32 on a width of 32");
}

/* Without CR4.PSE, bit 7 means nothing. */
static void test_ps_needs_pse(void **state)
{
	struct guest g;

	(void)state;
	guest_build(&g, &layouts[LAYOUT_32_4K]);
	g.state.cr4 &= ~CR4_PSE;
	expect_ignored(&g, 0, PS, "PS without CR4.PSE");
}

static void test_reserved_bits_of_wide_entries(void **state)
{
	const struct layout *l;
	struct guest g;
	unsigned level, bit;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		if (!is_wide(l))
			continue;
		guest_build(&g, l);
		for (level = 0; level < l->tables; level++) {
			for (bit = WIDTH; bit < 52; bit++)
				expect_reserved(&g, level, 1ULL << bit, "address past the width");
			for (bit = 52; bit < 63; bit++) {
				if (is_long(l))
					expect_ignored(&g, level, 1ULL << bit, "bits 62:52");
				else
					expect_reserved(&g, level, 1ULL << bit, "bits 62:52");
			}
			for (bit = 8; bit < 12; bit++)
				expect_ignored(&g, level, 1ULL << bit, "bits 11:8");
			g.state.efer &= ~EFER_NXE;
			expect_reserved(&g, level, XD, "XD without NXE");
			g.state.efer |= EFER_NXE;
		}
	}
}

static void test_reserved_bits_of_large_pages(void **state)
{
	const struct layout *l;
	struct guest g;
	unsigned bit;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		if (!is_wide(l))
			continue;
		guest_build(&g, l);
		for (bit = 13; bit < l->shift; bit++)
			expect_reserved(&g, l->tables - 1, 1ULL << bit, "offset of a large page");
	}
}

/* PS where there are no large pages: from 512 GiB on, and of 1 GiB on processors without. */
static void test_ps_is_reserved_above(void **state)
{
	const struct layout *l;
	struct guest g;
	unsigned level, shift;
	uint64_t entry;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		if (!is_long(l))
			continue;
		guest_build(&g, l);
		for (level = 0; level + 1 < l->tables; level++) {
			shift = l->shift + 9 * (l->tables - 1 - level);
			entry = entry_get(&g, level);
			entry_set(&g, level, P | RW | US); /* no bit of an address is amiss */
			if (shift > 30)
				expect_reserved(&g, level, PS, "PS of a top table");
			entry_set(&g, level, entry);
		}
		if (l->shift == 30) {
			g.state.has_1g_pages = false;
			expect_reserved(&g, l->tables - 1, 0, "1 GiB without support");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translates),
		cmocka_unit_test(test_without_paging),
		cmocka_unit_test(test_wraps_addresses_of_32_bits),
		cmocka_unit_test(test_refuses_non_canonical_addresses),
		cmocka_unit_test(test_reports_unreadable_tables),
		cmocka_unit_test(test_faults_where_nothing_is_present),
		cmocka_unit_test(test_pae_registers),
		cmocka_unit_test(test_reserved_bits_of_4m_pages),
		cmocka_unit_test(test_ps_needs_pse),
		cmocka_unit_test(test_reserved_bits_of_wide_entries),
		cmocka_unit_test(test_reserved_bits_of_large_pages),
		cmocka_unit_test(test_ps_is_reserved_above),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
