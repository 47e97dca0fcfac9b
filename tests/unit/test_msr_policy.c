/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy for MSRs, of root and of other cells, and what is scrubbed when a CPU changes its
 * owner. What the manual or the design demands is written here by hand, not taken from the tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "model/counters.h"
#include "model/msr_policy.h"
#include "model/msr_scrub.h"

/* The registers of the maps' ranges, in turn; those of VMX come first. */
#define OF_VMX 0x4000u
#define ALL    0x6000u

static uint32_t nth(uint32_t i)
{
	static const uint32_t starts[] = { 0, 0xc0000000, 0xc0010000 };

	return starts[i / 0x2000] + i % 0x2000;
}

static bool bitmap_exits(const uint8_t *bitmap, uint32_t msr, bool write)
{
	uint32_t at = (msr >= 0xc0000000 ? 1024u : 0u) + (write ? 2048u : 0u);

	return bitmap[at + (msr & 0x1fff) / 8] >> (msr & 7) & 1;
}

static void rules_ascend(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < msr_policy_rules; i++) {
		assert_true(msr_policy[i].first <= msr_policy[i].last);
		assert_true((msr_policy[i].last & ~0xc0010000u) <= 0x1fff ||
			    msr_policy[i].root_read == MSR_FORWARD);
		assert_int_equal(msr_policy[i].first >> 13, msr_policy[i].last >> 13);
		if (i > 0)
			assert_true(msr_policy[i].first > msr_policy[i - 1].last);
	}
}

/* Registers by which any cell could reach past its map, or upset the hypervisor. */
static void dangers_exit(void **state)
{
	static const uint32_t writes[] = {
		0x1b,  0x3a,  0x79,  0x9b,	 0x9e,	 0x3f1,	     0x480, 0x48b,
		0x491, 0x560, 0x570, 0x58f,	 0x600,	 0x830,	     0x200, 0x2ff,
		0x610, 0x1fc, 0xe2,  0xc0000105, 0x1fff, 0xc0001fff,
		0x17d0, 0x17d1, 0x1f2, 0x985, 0x989, 0x98a, 0x981,
	};
	uint8_t bitmap[BH_PAGE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < 2 * BH_ARRAY_SIZE(writes); i++) {
		msr_bitmap_fill(bitmap, i & 1 ? MSR_OF_ROOT : MSR_OF_CELL, NULL, 0);
		assert_true(bitmap_exits(bitmap, writes[i / 2], true));
	}
}

/* What is of the core or the package, or root's: clock, power, caches, microcode, errors, time. */
static void cells_change_nothing_but_their_cpu(void **state)
{
	static const uint32_t writes[] = {
		0x0,   0x10,  0x33,  0x3b,  0x8b,  0xe7,  0xe8,  0x122, 0x179, 0x17a, 0x199, 0x19a,
		0x19b, 0x1a0, 0x1a4, 0x1a6, 0x1aa, 0x1b0, 0x1b2, 0x1f8, 0x200, 0x250, 0x280, 0x2ff,
		0x400, 0x401, 0x47f, 0x770, 0x772, 0x774, 0xc81, 0xc8f, 0xc90, 0xd8f, 0x10b, 0x10f,
	};
	static const uint32_t reads[] = {
		0x4f, 0xfe, 0x200, 0x2ff, 0x611, 0x639, 0x680, 0x6c0, 0x1c9, 0xc8e, 0xc90,
	};
	uint8_t bitmap[BH_PAGE_SIZE];
	size_t i;

	(void)state;
	msr_bitmap_fill(bitmap, MSR_OF_CELL, NULL, 0);
	for (i = 0; i < BH_ARRAY_SIZE(writes); i++)
		assert_true(bitmap_exits(bitmap, writes[i], true));
	for (i = 0; i < BH_ARRAY_SIZE(reads); i++)
		assert_true(bitmap_exits(bitmap, reads[i], false));
	/* Serving an access instead could still change something: only these are served. */
	assert_int_equal(msr_action_write(MSR_OF_CELL, 0x8b), MSR_IGNORE);
	assert_int_equal(msr_action_write(MSR_OF_CELL, 0x10), MSR_DENY);
	assert_int_equal(msr_action_write(MSR_OF_CELL, 0x200), MSR_DENY);
}

static void cells_may_nothing_that_root_may_not(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < ALL; i++) {
		if (msr_action_read(MSR_OF_CELL, nth(i)) == MSR_ALLOW)
			assert_int_equal(msr_action_read(MSR_OF_ROOT, nth(i)), MSR_ALLOW);
		if (msr_action_write(MSR_OF_CELL, nth(i)) == MSR_ALLOW)
			assert_int_equal(msr_action_write(MSR_OF_ROOT, nth(i)), MSR_ALLOW);
	}
}

/* Registers that a running Linux, and a cell, read or write all the time (I8). */
static void steady_state_does_not_exit(void **state)
{
	static const uint32_t both[] = {
		0x48, 0x6e0, 0x808, 0x80f, 0x828,
		0x838, 0x83e, 0xc0000080, 0xc0000081, 0xc0000082, 0xc0000084, 0xc0000100,
		0xc0000101, 0xc0000102, 0xc0000103, 0xda0, 0x277, 0x1d9, 0x174, 0x176, 0xe1, 0xc1,
		0x186, 0x38f,
	};
	static const uint32_t read[] = { 0x10, 0x3b, 0x802, 0x803, 0x80a, 0x80d, 0x810,
					 0x827, 0x830, 0x839, 0xe7, 0xe8 };
	static const uint32_t local_vectors[] = { 0x82f, 0x832, 0x833, 0x834, 0x835, 0x836,
						  0x837 };
	static const enum msr_who whose[] = { MSR_OF_ROOT, MSR_OF_CELL };
	uint8_t bitmap[BH_PAGE_SIZE];
	size_t i, who;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(local_vectors); i++)
		assert_int_equal(msr_action_write(MSR_OF_CELL, local_vectors[i]), MSR_CHECK_LOCAL);
	for (who = 0; who < BH_ARRAY_SIZE(whose); who++) {
		msr_bitmap_fill(bitmap, whose[who], NULL, 0);
		for (i = 0; i < BH_ARRAY_SIZE(both); i++) {
			assert_false(bitmap_exits(bitmap, both[i], false));
			assert_false(bitmap_exits(bitmap, both[i], true));
		}
		for (i = 0; i < BH_ARRAY_SIZE(read); i++)
			assert_false(bitmap_exits(bitmap, read[i], false));
		assert_false(bitmap_exits(bitmap, 0x80b, true)); /* EOI */
		assert_false(bitmap_exits(bitmap, 0x83f, true)); /* self IPI */
	}
	msr_bitmap_fill(bitmap, MSR_OF_ROOT, NULL, 0);
	for (i = 0; i < BH_ARRAY_SIZE(local_vectors); i++)
		assert_false(bitmap_exits(bitmap, local_vectors[i], true));
	assert_false(bitmap_exits(bitmap, 0x10, true));
	assert_false(bitmap_exits(bitmap, 0x3b, true));
}

static bool passes_vmx(enum msr_action action)
{
	return action == MSR_ALLOW || action == MSR_SWITCHED;
}

static void check_bitmap(enum msr_who who)
{
	uint8_t bitmap[BH_PAGE_SIZE];
	uint32_t i;

	msr_bitmap_fill(bitmap, who, NULL, 0);
	for (i = 0; i < OF_VMX; i++) {
		assert_int_equal(bitmap_exits(bitmap, nth(i), false),
				 !passes_vmx(msr_action_read(who, nth(i))));
		assert_int_equal(bitmap_exits(bitmap, nth(i), true),
				 !passes_vmx(msr_action_write(who, nth(i))));
	}
}

/* APM vol. 2, 15.11: 2 KiB for each range, two bits a register, the low one for reads. */
static bool map_exits(const uint8_t *map, uint32_t i, bool write)
{
	return map[i / 0x2000 * 2048 + i % 0x2000 / 4] >> (i % 4 * 2 + (write ? 1 : 0)) & 1;
}

static void check_map(enum msr_who who)
{
	uint8_t map[2 * BH_PAGE_SIZE];
	uint32_t i;

	msr_permission_fill(map, who, NULL, 0);
	for (i = 0; i < ALL; i++) {
		assert_int_equal(map_exits(map, i, false),
				 msr_action_read(who, nth(i)) != MSR_ALLOW);
		assert_int_equal(map_exits(map, i, true),
				 msr_action_write(who, nth(i)) != MSR_ALLOW);
	}
	for (i = 6144; i < sizeof(map); i++)
		assert_int_equal(map[i], 0xff);
}

static void permission_map_is_the_table(void **state)
{
	(void)state;
	check_map(MSR_OF_ROOT);
	check_map(MSR_OF_CELL);
}

/* APM vol. 2, 15.4 and 15.30: what SVM itself lives by, and what leads past the map. */
static void dangers_of_amd_exit(void **state)
{
	static const uint32_t writes[] = {
		0xc0000080, 0xc0010010, 0xc0010016, 0xc0010019, 0xc001001a, 0xc001001d, 0xc0010020,
		0xc0010050, 0xc0010056, 0xc0010058, 0xc0010111, 0xc0010113, 0xc0010114, 0xc0010116,
		0xc0010117, 0xc0010118, 0xc001011b, 0xc001011e, 0xc0010130, 0xc0010131, 0xc0010132,
		0xc0000104, 0xc0011fff,
	};
	static const uint32_t of_cells[] = {
		0xc0010015, 0xc0010062, 0xc0011020, 0xc0011029, 0xc0011030, 0xc00102b3, 0xc0010230,
		0xc0000200, 0xc0010400, 0xc0011004, 0xc0010115,
	};
	uint8_t map[2 * BH_PAGE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < 2 * BH_ARRAY_SIZE(writes); i++) {
		uint32_t msr = writes[i / 2];

		msr_permission_fill(map, i & 1 ? MSR_OF_ROOT : MSR_OF_CELL, NULL, 0);
		assert_true(map_exits(map, (msr >= 0xc0010000 ? 0x4000 : 0x2000) + msr % 0x2000,
				      true));
		assert_int_not_equal(msr_action_write(MSR_OF_ROOT, msr), MSR_FORWARD);
		assert_false(msr_may_be_given(BH_BACKEND_SVM, msr) && msr != 0xc0011fff);
	}
	msr_permission_fill(map, MSR_OF_CELL, NULL, 0);
	for (i = 0; i < BH_ARRAY_SIZE(of_cells); i++)
		assert_true(map_exits(map, (of_cells[i] >= 0xc0010000 ? 0x4000 : 0x2000) +
				      of_cells[i] % 0x2000, true));
	assert_int_equal(msr_action_read(MSR_OF_ROOT, 0xc0002001), MSR_FORWARD);
	assert_int_equal(msr_action_read(MSR_OF_CELL, 0xc0002001), MSR_DENY);
	assert_int_equal(msr_action_read(MSR_OF_CELL, 0xc0010114), MSR_SHOW_FEATURES);
}

/* Root's Linux sets AMD's extended local vectors on each CPU that comes online (APM, 16.4). */
static void extended_local_vectors_are_roots(void **state)
{
	uint32_t msr;

	(void)state;
	for (msr = 0x840; msr <= 0x853; msr++) {
		bool is_vector = msr >= 0x850;

		assert_int_equal(msr_action_read(MSR_OF_ROOT, msr),
				 msr <= 0x841 || is_vector ? MSR_ALLOW : MSR_DENY);
		assert_int_equal(msr_action_write(MSR_OF_ROOT, msr),
				 is_vector ? MSR_ALLOW : MSR_DENY);
		assert_int_equal(msr_action_read(MSR_OF_CELL, msr), MSR_DENY);
		assert_int_equal(msr_action_write(MSR_OF_CELL, msr), MSR_DENY);
	}
}

/* Their numbers in RDPMC, and the registers with their counts (APM vol. 3; vol. 2, 13.2.1). */
static void counters_are_as_their_registers(void **state)
{
	static const struct {
		uint32_t counter, msr;
		bool is_cells;
	} cases[] = {
		{ 0, 0xc0010201, true },  { 5, 0xc001020b, true },   { 6, 0xc0010241, false },
		{ 9, 0xc0010247, false }, { 10, 0xc0010231, false }, { 15, 0xc001023b, false },
		{ 16, 0xc0010249, false }, { 27, 0xc001025f, false },
	};
	const struct bh_msrs given = { 0xc0010240, 0xc0010247 };
	uint8_t map[2 * BH_PAGE_SIZE];
	uint32_t msr;
	size_t i;

	(void)state;
	msr_permission_fill(map, MSR_OF_CELL, NULL, 0);
	for (i = 0; i < BH_ARRAY_SIZE(cases); i++) {
		assert_true(counter_register(cases[i].counter, &msr));
		assert_int_equal(msr, cases[i].msr);
		assert_int_equal(msr_permission_reads(map, msr), cases[i].is_cells);
	}
	assert_false(counter_register(28, &msr));
	assert_false(counter_register(0xffffffff, &msr));
	msr_permission_fill(map, MSR_OF_CELL, &given, 1);
	for (i = 0; i < ALL; i++)
		assert_int_equal(msr_permission_reads(map, nth((uint32_t)i)),
				 !map_exits(map, (uint32_t)i, false));
	assert_true(msr_permission_reads(map, 0xc0010241));
	assert_false(msr_permission_reads(map, 0x4b564d00));
	assert_false(msr_permission_reads(map, 0xffffffff));
}

static void bitmap_is_the_table(void **state)
{
	(void)state;
	check_bitmap(MSR_OF_ROOT);
	check_bitmap(MSR_OF_CELL);
}

static void check_row(const struct msr_served *served, enum bh_backend backend, enum msr_who who,
		      uint32_t msr)
{
	const struct msr_row *row = msr_served_find(served, msr);
	enum msr_action read = msr_action_read(who, msr), write = msr_action_write(who, msr);
	bool is_vmx = backend == BH_BACKEND_VMX;

	/* Of registers that only AMD's processors have VMX knows nothing. */
	if (is_vmx && msr > MSR_VMX_LAST) {
		assert_null(row);
		return;
	}
	if (read != MSR_ALLOW && (read != MSR_SWITCHED || !is_vmx))
		assert_int_equal(row ? row->read : MSR_DENY, read);
	if (write != MSR_ALLOW && (write != MSR_SWITCHED || !is_vmx))
		assert_int_equal(row ? row->write : MSR_DENY, write);
}

static void check_served(enum bh_backend backend, enum msr_who who)
{
	struct msr_served served;
	uint32_t i;

	msr_served_init(&served, backend, who);
	assert_true(served.count < MSR_SERVED_ROWS);
	for (i = 0; i < ALL; i++)
		check_row(&served, backend, who, nth(i));
	for (i = 0xc0002000; i < 0xc0003000; i++)
		check_row(&served, backend, who, i);
	assert_null(msr_served_find(&served, 0x4b564d00));
	assert_int_equal(msr_served_find(&served, 0x830)->write, MSR_FILTER_ICR);
	assert_int_equal(msr_served_find(&served, 0x1b)->write, MSR_CHECK_APIC_BASE);
	assert_int_equal(msr_served_find(&served, 0x3a)->read, MSR_SHOW_FEATURES);
}

/* What an exit looks through is the table's rows that trap and are not denied, all of them. */
static void served_is_the_table(void **state)
{
	(void)state;
	check_served(BH_BACKEND_VMX, MSR_OF_ROOT);
	check_served(BH_BACKEND_VMX, MSR_OF_CELL);
	check_served(BH_BACKEND_SVM, MSR_OF_ROOT);
	check_served(BH_BACKEND_SVM, MSR_OF_CELL);
}

static void given_by_a_file(void **state)
{
	const struct bh_msrs given[] = {
		{ 0x1ff0, 0x1fff }, { 0xc0000400, 0xc0000401 }, { 0xc90, 0xc97 },
	};
	uint8_t bitmap[BH_PAGE_SIZE], map[2 * BH_PAGE_SIZE];

	(void)state;
	assert_true(msr_may_be_given(BH_BACKEND_VMX, 0x1ff0));
	assert_true(msr_may_be_given(BH_BACKEND_VMX, 0xc0000400));
	assert_true(msr_may_be_given(BH_BACKEND_SVM, 0xc0000400));
	assert_true(msr_may_be_given(BH_BACKEND_SVM, 0xc0010062));
	assert_false(msr_may_be_given(BH_BACKEND_VMX, 0xc0010062));
	msr_permission_fill(map, MSR_OF_CELL, given, 3);
	assert_false(map_exits(map, 0x1fff, true));
	assert_false(map_exits(map, 0x2401, false));
	assert_false(map_exits(map, 0xc90, true));
	assert_true(map_exits(map, 0xc98, true));
	assert_true(map_exits(map, 0x2402, false));
	assert_true(map_exits(map, 0x23ff, true));
	msr_bitmap_fill(bitmap, MSR_OF_CELL, given, 3);
	assert_false(bitmap_exits(bitmap, 0x1ff0, true));
	assert_false(bitmap_exits(bitmap, 0x1fff, false));
	assert_false(bitmap_exits(bitmap, 0xc0000401, true));
	assert_false(bitmap_exits(bitmap, 0xc90, true));
	assert_false(bitmap_exits(bitmap, 0xc97, false));
	assert_true(bitmap_exits(bitmap, 0xc98, true));
	assert_true(bitmap_exits(bitmap, 0xc8f, true));
	assert_true(bitmap_exits(bitmap, 0xc0000402, true));
	assert_true(bitmap_exits(bitmap, 0x1fef, true));
}

static void never_given(void **state)
{
	static const uint32_t never[] = {
		0x1b, 0x3a, 0x79, 0x9e, 0x3f1, 0x48c, 0x570, 0x600, 0x830, 0x2000, 0x4b564d00,
		0x40000010, 0x80000010, 0xbfffffff, 0xc0002000, 0xffffffff, 0x17d0, 0x17d1, 0x1f2,
		0x985, 0x98a,
	};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(never); i++) {
		assert_false(msr_may_be_given(BH_BACKEND_VMX, never[i]));
		assert_false(msr_may_be_given(BH_BACKEND_SVM, never[i]));
	}
}

static bool is_in(uint32_t msr, const struct bh_msrs *ranges, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (msr >= ranges[i].first && msr <= ranges[i].last)
			return true;
	return false;
}

static bool is_scrubbed(uint32_t msr)
{
	size_t i;

	for (i = 0; i < msr_scrub_rows; i++)
		if (msr_scrub[i].msr == msr)
			return true;
	return false;
}

/* What one owner of a CPU leaves in a register that cells write, the next must not find. */
static void nothing_is_left_behind(void **state)
{
	static const struct bh_msrs elsewhere[] = {
		/* Switched by the processor at each entry (SDM vol. 3C, 24.4.1). */
		{ 0x174, 0x176 }, { 0x1d9, 0x1d9 }, { 0x277, 0x277 },
		{ 0xc0000080, 0xc0000080 }, { 0xc0000100, 0xc0000101 },
		/* The local APIC is reset as a whole. */
		{ 0x800, 0x8ff },
		/* A barrier, which holds no state. */
		{ 0x49, 0x49 },
		/* Status of the counters: read-only, and what sets it; 0x390 clears it. */
		{ 0x38e, 0x38e }, { 0x391, 0x391 },
		/* The counters once more, in full width. */
		{ 0x4c1, 0x4c8 },
		/* AMD's status of the counters, and what sets it; 0xc0000302 clears it. */
		{ 0xc0000300, 0xc0000300 }, { 0xc0000303, 0xc0000303 },
		/* Between the registers of CET there are none. */
		{ 0x6a1, 0x6a1 }, { 0x6a3, 0x6a3 },
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < ALL; i++) {
		uint32_t msr = nth(i);

		if (msr_action_write(MSR_OF_CELL, msr) == MSR_ALLOW && !is_scrubbed(msr) &&
		    !is_in(msr, elsewhere, BH_ARRAY_SIZE(elsewhere)))
			fail_msg("MSR 0x%x keeps what its last owner wrote", msr);
	}
}

/* Counters stop before they are cleared, and would count again if their selection went last. */
static void scrubbing_has_an_order(void **state)
{
	size_t i, stop = 0, selection = 0, count = 0, overflow = 0;
	size_t amd_stop = 0, amd_selection = 0, amd_count = 0, amd_overflow = 0;

	(void)state;
	for (i = 0; i < msr_scrub_rows; i++) {
		stop = msr_scrub[i].msr == 0x38f ? i : stop;
		amd_stop = msr_scrub[i].msr == 0xc0000301 ? i : amd_stop;
		amd_selection = msr_scrub[i].msr == 0xc001020e ? i : amd_selection;
		amd_count = msr_scrub[i].msr == 0xc0010201 ? i : amd_count;
		amd_overflow = msr_scrub[i].msr == 0xc0000302 ? i : amd_overflow;
		selection = msr_scrub[i].msr == 0x18d ? i : selection;
		count = msr_scrub[i].msr == 0xc1 ? i : count;
		overflow = msr_scrub[i].msr == 0x390 ? i : overflow;
		assert_true(msr_scrub[i].value == 0 || msr_scrub[i].msr == 0x390 ||
			    msr_scrub[i].msr == 0xc0000302);
	}
	assert_true(stop < selection && selection < count && count < overflow);
	assert_true(amd_stop < amd_selection && amd_selection < amd_count &&
		    amd_count < amd_overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_ascend),
		cmocka_unit_test(dangers_exit),
		cmocka_unit_test(cells_change_nothing_but_their_cpu),
		cmocka_unit_test(cells_may_nothing_that_root_may_not),
		cmocka_unit_test(steady_state_does_not_exit),
		cmocka_unit_test(bitmap_is_the_table),
		cmocka_unit_test(permission_map_is_the_table),
		cmocka_unit_test(dangers_of_amd_exit),
		cmocka_unit_test(extended_local_vectors_are_roots),
		cmocka_unit_test(counters_are_as_their_registers),
		cmocka_unit_test(served_is_the_table),
		cmocka_unit_test(given_by_a_file),
		cmocka_unit_test(never_given),
		cmocka_unit_test(nothing_is_left_behind),
		cmocka_unit_test(scrubbing_has_an_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
