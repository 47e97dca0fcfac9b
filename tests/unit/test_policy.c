/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies that are tables: MSRs, ports, CPUID, the local APIC. What the manual or the design
 * demands is written here by hand, not taken from the tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <bulkhead/hypercall.h>

#include "model/apic_policy.h"
#include "model/cpuid_policy.h"
#include "model/msr_policy.h"
#include "model/port_policy.h"

static bool bitmap_exits(const uint8_t *bitmap, uint32_t msr, bool write)
{
	uint32_t at = (msr >= 0xc0000000 ? 1024u : 0u) + (write ? 2048u : 0u);

	return bitmap[at + (msr & 0x1fff) / 8] >> (msr & 7) & 1;
}

static void msr_rows_ascend(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < msr_policy_rows; i++) {
		assert_true(msr_policy[i].first <= msr_policy[i].last);
		assert_true((msr_policy[i].last & ~0xc0000000u) <= 0x1fff);
		if (i > 0)
			assert_true(msr_policy[i].first > msr_policy[i - 1].last);
	}
}

/* Registers by which a cell could reach past its map, or upset the hypervisor. */
static void msr_dangers_exit(void **state)
{
	static const uint32_t writes[] = {
		0x1b,  0x3a,  0x79,  0x9b,	 0x9e,	 0x3f1,	     0x480, 0x48b,
		0x491, 0x560, 0x570, 0x58f,	 0x600,	 0x830,	     0x200, 0x2ff,
		0x610, 0x1fc, 0xe2,  0xc0000105, 0x1fff, 0xc0001fff,
	};
	uint8_t bitmap[BH_PAGE_SIZE];
	size_t i;

	(void)state;
	msr_bitmap_fill(bitmap, NULL, 0);
	for (i = 0; i < BH_ARRAY_SIZE(writes); i++)
		assert_true(bitmap_exits(bitmap, writes[i], true));
}

/* Registers that a running Linux reads or writes all the time (I8). */
static void msr_steady_state_does_not_exit(void **state)
{
	static const uint32_t both[] = {
		0x10, 0x3b, 0x48, 0x6e0, 0x808, 0x80f, 0x832, 0x838, 0xc0000080, 0xc0000082,
		0xc0000100, 0xc0000101, 0xc0000102, 0xc0000103, 0xda0, 0x277, 0x1d9,
	};
	uint8_t bitmap[BH_PAGE_SIZE];
	size_t i;

	(void)state;
	msr_bitmap_fill(bitmap, NULL, 0);
	for (i = 0; i < BH_ARRAY_SIZE(both); i++) {
		assert_false(bitmap_exits(bitmap, both[i], false));
		assert_false(bitmap_exits(bitmap, both[i], true));
	}
	assert_false(bitmap_exits(bitmap, 0x80b, true)); /* EOI */
	assert_false(bitmap_exits(bitmap, 0x83f, true)); /* self IPI */
}

static void msr_bitmap_is_the_table(void **state)
{
	uint8_t bitmap[BH_PAGE_SIZE];
	uint32_t i;

	(void)state;
	msr_bitmap_fill(bitmap, NULL, 0);
	for (i = 0; i < 0x4000; i++) {
		uint32_t msr = i < 0x2000 ? i : 0xc0000000 + (i - 0x2000);

		assert_int_equal(bitmap_exits(bitmap, msr, false),
				 msr_action_read(msr) != MSR_ALLOW);
		assert_int_equal(bitmap_exits(bitmap, msr, true),
				 msr_action_write(msr) != MSR_ALLOW);
	}
}

/* What an exit looks through is the table's rows that trap and are not denied, all of them. */
static void msr_served_is_the_table(void **state)
{
	struct msr_served served;
	uint32_t i;

	(void)state;
	msr_served_init(&served);
	assert_true(served.count < MSR_SERVED_ROWS);
	for (i = 0; i < 0x4000; i++) {
		uint32_t msr = i < 0x2000 ? i : 0xc0000000 + (i - 0x2000);
		const struct msr_row *row = msr_served_find(&served, msr);
		enum msr_action read = msr_action_read(msr), write = msr_action_write(msr);

		if (read != MSR_ALLOW)
			assert_int_equal(row ? row->read : MSR_DENY, read);
		if (write != MSR_ALLOW)
			assert_int_equal(row ? row->write : MSR_DENY, write);
	}
	assert_null(msr_served_find(&served, 0x4b564d00));
}

static void msr_given_by_board(void **state)
{
	const struct bh_msrs given[] = { { 0x1ff0, 0x1fff }, { 0xc0000400, 0xc0000401 } };
	uint8_t bitmap[BH_PAGE_SIZE];

	(void)state;
	assert_true(msr_may_be_given(0x1ff0));
	assert_true(msr_may_be_given(0xc0000400));
	msr_bitmap_fill(bitmap, given, 2);
	assert_false(bitmap_exits(bitmap, 0x1ff0, true));
	assert_false(bitmap_exits(bitmap, 0x1fff, false));
	assert_false(bitmap_exits(bitmap, 0xc0000401, true));
	assert_true(bitmap_exits(bitmap, 0xc0000402, true));
	assert_true(bitmap_exits(bitmap, 0x1fef, true));
}

static void msr_never_given(void **state)
{
	static const uint32_t never[] = {
		0x1b, 0x3a, 0x79, 0x9e, 0x3f1, 0x48c, 0x570, 0x600, 0x830, 0x2000, 0x4b564d00,
		0x40000010, 0x80000010,
		0xbfffffff, 0xc0002000, 0xffffffff,
	};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(never); i++)
		assert_false(msr_may_be_given(never[i]));
}

static void ports_are_denied_unless_listed(void **state)
{
	const struct bh_ports ports[] = {{0x60, 0x60, 0}, {0x3f8, 0x3ff, 0}, {0xffff, 0xffff, 0}};
	static uint8_t bitmap[PORT_BITMAP_PAGES * BH_PAGE_SIZE];
	uint32_t port;

	(void)state;
	port_bitmap_fill(bitmap, ports, 3);
	for (port = 0; port < 0x10000; port++) {
		bool listed = port == 0x60 || (port >= 0x3f8 && port <= 0x3ff) || port == 0xffff;

		assert_int_equal(bitmap[port / 8] >> port % 8 & 1, !listed);
	}
}

static void cpuid_hides_and_shows(void **state)
{
	struct cpuid_policy policy;
	uint32_t r[CPUID_REGISTERS] = { 0, 0, ~0u & ~(1u << 31), ~0u };

	(void)state;
	cpuid_policy_init(&policy);
	cpuid_policy_apply(&policy, 1, 0, 0, r);
	assert_int_equal(r[CPUID_ECX] >> 5 & 1, 0);  /* VMX */
	assert_int_equal(r[CPUID_ECX] >> 6 & 1, 0);  /* SMX */
	assert_int_equal(r[CPUID_ECX] >> 31, 1);     /* a hypervisor is there */
	assert_int_equal(r[CPUID_ECX] >> 27 & 1, 0); /* OSXSAVE follows CR4 */
	assert_int_equal(r[CPUID_ECX] & 0x1f, 0x1f); /* the rest is as it was */
	cpuid_policy_apply(&policy, 1, 0, 1u << 18, r);
	assert_int_equal(r[CPUID_ECX] >> 27 & 1, 1);

	memset(r, 0xff, sizeof(r));
	cpuid_policy_apply(&policy, 7, 0, 0, r);
	assert_int_equal(r[CPUID_EBX] >> 25 & 1, 0); /* Processor Trace */
	assert_int_equal(r[CPUID_ECX] >> 4 & 1, 0);  /* OSPKE */
	memset(r, 0xff, sizeof(r));
	cpuid_policy_apply(&policy, 7, 1, 0, r);
	assert_int_equal(r[CPUID_EBX], ~0u);
	cpuid_policy_apply(&policy, 2, 0, 0, r);
	assert_int_equal(r[CPUID_EAX], ~0u);
	assert_true(cpuid_is_plain(&policy, 0));
	assert_true(cpuid_is_plain(&policy, 4));
	assert_false(cpuid_is_plain(&policy, 1));
	assert_false(cpuid_is_plain(&policy, 7));
	assert_false(cpuid_is_plain(&policy, 0x14));
	assert_false(cpuid_is_plain(&policy, 0x40000000));
	cpuid_policy_apply(&policy, 0x14, 3, 0, r);
	assert_int_equal(r[CPUID_EAX], 0);
}

static void cpuid_hides_more_on_request(void **state)
{
	struct cpuid_policy policy;
	uint32_t r[CPUID_REGISTERS] = { ~0u, ~0u, ~0u, ~0u };

	(void)state;
	cpuid_policy_init(&policy);
	cpuid_policy_hide(&policy, 0x80000001, CPUID_ANY, CPUID_EDX, 1u << 27);
	cpuid_policy_apply(&policy, 0x80000001, 0, 0, r);
	assert_int_equal(r[CPUID_EDX], ~(1u << 27));
}

static void cpuid_signature(void **state)
{
	uint32_t r[CPUID_REGISTERS];

	(void)state;
	assert_true(cpuid_is_hypervisor_leaf(0x40000000));
	assert_true(cpuid_is_hypervisor_leaf(0x400000ff));
	assert_false(cpuid_is_hypervisor_leaf(0x40000100));
	assert_false(cpuid_is_hypervisor_leaf(0x3fffffff));
	cpuid_hypervisor_leaf(0x40000000, r);
	assert_memory_equal(&r[CPUID_EBX], "BulkheadCell", 12);
	cpuid_hypervisor_leaf(0x40000001, r);
	assert_int_equal(r[CPUID_EAX] | r[CPUID_EBX] | r[CPUID_ECX] | r[CPUID_EDX], 0);
}

static void apic_writes(void **state)
{
	static const uint32_t read_only[] = {0x000, 0x010, 0x020, 0x030, 0x090, 0x0a0, 0x0c0,
					     0x100, 0x170, 0x180, 0x200, 0x270, 0x390, 0x3f0};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(read_only); i++)
		assert_int_equal(apic_write_action(read_only[i]), APIC_DENY);
	assert_int_equal(apic_write_action(0x0b0), APIC_PASS);
	assert_int_equal(apic_write_action(0x380), APIC_PASS);
	assert_int_equal(apic_write_action(0x300), APIC_SEND);
	assert_int_equal(apic_write_action(0x304), APIC_DENY);
	assert_int_equal(apic_write_action(0x0b4), APIC_DENY);
	assert_int_equal(apic_write_action(0x400), APIC_DENY);
	assert_int_equal(apic_write_action(0xffc), APIC_DENY);
}

static void icr_fields(void **state)
{
	struct icr icr = icr_decode(0x000c4500, 3); /* INIT, assert, all but self */

	(void)state;
	assert_int_equal(icr.mode, ICR_INIT);
	assert_int_equal(icr.shorthand, ICR_TO_OTHERS);
	assert_false(icr.deassert);
	assert_int_equal(icr_decode(0x00008500, 0).deassert, true);
	icr = icr_decode(0x0000069a, 7);
	assert_int_equal(icr.mode, ICR_STARTUP);
	assert_int_equal(icr.vector, 0x9a);
	assert_int_equal(icr.destination, 7);
	assert_int_equal(icr.shorthand, ICR_TO_DESTINATION);
	assert_true(icr_decode(0x00000800, 1).logical);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(msr_rows_ascend),
		cmocka_unit_test(msr_dangers_exit),
		cmocka_unit_test(msr_steady_state_does_not_exit),
		cmocka_unit_test(msr_bitmap_is_the_table),
		cmocka_unit_test(msr_served_is_the_table),
		cmocka_unit_test(msr_given_by_board),
		cmocka_unit_test(msr_never_given),
		cmocka_unit_test(ports_are_denied_unless_listed),
		cmocka_unit_test(cpuid_hides_and_shows),
		cmocka_unit_test(cpuid_hides_more_on_request),
		cmocka_unit_test(cpuid_signature),
		cmocka_unit_test(apic_writes),
		cmocka_unit_test(icr_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
