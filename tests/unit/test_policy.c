/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies for ports and CPUID. What the manual or the design demands is written here by hand,
 * not taken from the tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <bulkhead/hypercall.h>

#include "model/cpuid_policy.h"
#include "model/port_policy.h"

static void ports_are_denied_unless_listed(void **state)
{
	const struct bh_ports ports[] = {{0x60, 0x60, 0}, {0x3f8, 0x3ff, 0}, {0x7ff0, 0x8004, 0},
					 {0xffff, 0xffff, 0}};
	static uint8_t bitmap[PORT_BITMAP_PAGES][2 * BH_PAGE_SIZE]; /* a page, and one behind it */
	uint32_t port, half;

	(void)state;
	for (half = 0; half < PORT_BITMAP_PAGES; half++) {
		memset(bitmap[half], 0x55, sizeof(bitmap[half]));
		port_bitmap_fill(bitmap[half], half, ports, 4);
		for (port = 0; port < BH_PAGE_SIZE; port++)
			assert_int_equal(bitmap[half][BH_PAGE_SIZE + port], 0x55);
	}
	for (port = 0; port < 0x10000; port++) {
		bool listed = port == 0x60 || (port >= 0x3f8 && port <= 0x3ff) ||
			      (port >= 0x7ff0 && port <= 0x8004) || port == 0xffff;
		uint8_t byte = bitmap[port / 0x8000][port % 0x8000 / 8];

		assert_int_equal(byte >> port % 8 & 1, !listed);
	}
}

static void a_half_is_needed_if_it_has_a_port(void **state)
{
	static const struct bh_ports low = { 0, 0x7fff, 0 }, high = { 0x8000, 0xffff, 0 },
				     both = { 0x7fff, 0x8000, 0 };
	static const struct bh_ports all[] = {
		{0x10, 0x20, 0}, {0xcf8, 0xcff, 0}, {0x9000, 0x9000, 0},
	};

	(void)state;
	assert_true(port_bitmap_needed(0, &low, 1));
	assert_false(port_bitmap_needed(1, &low, 1));
	assert_false(port_bitmap_needed(0, &high, 1));
	assert_true(port_bitmap_needed(1, &high, 1));
	assert_true(port_bitmap_needed(0, &both, 1) && port_bitmap_needed(1, &both, 1));
	assert_true(port_bitmap_needed(1, all, 3));
	assert_false(port_bitmap_needed(1, all, 2));
	assert_false(port_bitmap_needed(0, NULL, 0));
}

/* APM vol. 2, 15.10.1: one map; what reaches behind the last port exits too. */
static void all_ports_are_in_one_map_of_svm(void **state)
{
	const struct bh_ports ports[] = { { 0x60, 0x60, 0 }, { 0x7ff0, 0x8004, 0 },
					  { 0xfffc, 0xffff, 0 } };
	static uint8_t map[4 * BH_PAGE_SIZE];
	uint32_t port;

	(void)state;
	memset(map, 0x55, sizeof(map));
	port_permission_fill(map, 0, ports, 3);
	for (port = 0; port < 3 * 0x8000; port++)
		assert_int_equal(map[port / 8] >> port % 8 & 1,
				 !(port == 0x60 || (port >= 0x7ff0 && port <= 0x8004) ||
				   (port >= 0xfffc && port <= 0xffff)));
	for (port = 3 * BH_PAGE_SIZE; port < sizeof(map); port++)
		assert_int_equal(map[port], 0x55);
	assert_true(port_permission_needed(0, ports + 2, 1));
	assert_false(port_permission_needed(0, NULL, 0));
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

/* Of what the MSRs deny a cell, its CPUID says nothing. */
static void cpuid_of_cells_says_less(void **state)
{
	struct cpuid_policy policy;
	uint32_t r[CPUID_REGISTERS] = { ~0u, ~0u, ~0u, ~0u };

	(void)state;
	cpuid_policy_init(&policy);
	cpuid_policy_restrict(&policy);
	cpuid_policy_apply(&policy, 1, 0, 0, r);
	assert_int_equal(r[CPUID_EDX] >> 12 & 1, 0); /* MTRRs */
	assert_int_equal(r[CPUID_EDX] >> 14 & 1, 0); /* machine checks */
	assert_int_equal(r[CPUID_ECX] >> 7 & 1, 0);  /* SpeedStep */
	assert_int_equal(r[CPUID_ECX] >> 5 & 1, 0);  /* VMX, as for root */
	assert_int_equal(r[CPUID_ECX] >> 31, 1);
	assert_int_equal(r[CPUID_ECX] >> 21 & 1, 1); /* x2APIC */
	assert_int_equal(r[CPUID_ECX] >> 24 & 1, 1); /* TSC deadline */
	memset(r, 0xff, sizeof(r));
	cpuid_policy_apply(&policy, 6, 0, 0, r);
	assert_int_equal(r[CPUID_EAX], 1u << 2);     /* the APIC timer always runs */
	memset(r, 0xff, sizeof(r));
	cpuid_policy_apply(&policy, 7, 0, 0, r);
	assert_int_equal(r[CPUID_EBX] >> 15 & 1, 0); /* cache allocation */
	assert_int_equal(r[CPUID_EDX] >> 30 & 1, 0); /* core capabilities */
	assert_int_equal(r[CPUID_EDX] >> 5 & 1, 0);  /* user interrupts */
	assert_false(cpuid_is_plain(&policy, 6));
}

/* Ports of a device come and go, and others stay as they are. */
static void ports_come_and_go(void **state)
{
	static const struct bh_ports all = { .first = 0x7ff0, .last = 0x800f };
	static const struct bh_ports device = { .first = 0x7ffc, .last = 0x8003 };
	static uint8_t bitmap[PORT_BITMAP_PAGES][BH_PAGE_SIZE];
	unsigned int half;

	(void)state;
	for (half = 0; half < PORT_BITMAP_PAGES; half++) {
		port_bitmap_fill(bitmap[half], half, &all, 1);
		port_bitmap_change(bitmap[half], half, &device, false);
	}
	assert_int_equal(bitmap[0][0xffe], 0x00);
	assert_int_equal(bitmap[0][0xfff], 0xf0);
	assert_int_equal(bitmap[1][0], 0x0f);
	assert_int_equal(bitmap[1][1], 0x00);
	assert_int_equal(bitmap[1][2], 0xff);
	for (half = 0; half < PORT_BITMAP_PAGES; half++)
		port_bitmap_change(bitmap[half], half, &device, true);
	assert_int_equal(bitmap[0][0xfff], 0x00);
	assert_int_equal(bitmap[1][0], 0x00);
}

/* APM vol. 3, appendix E. */
static void cpuid_hides_svm(void **state)
{
	struct cpuid_policy policy;
	uint32_t r[CPUID_REGISTERS] = { ~0u, ~0u, ~0u, ~0u };

	(void)state;
	cpuid_policy_init(&policy);
	cpuid_policy_apply(&policy, 0x80000001, 0, 0, r);
	assert_int_equal(r[CPUID_ECX], ~(1u << 2 | 1u << 12)); /* SVM, SKINIT */
	cpuid_policy_apply(&policy, 0x8000000a, 0, 0, r);
	assert_int_equal(r[CPUID_EAX] | r[CPUID_EBX] | r[CPUID_EDX], 0);
	memset(r, 0xff, sizeof(r));
	cpuid_policy_apply(&policy, 0x8000001f, 0, 0, r);
	assert_int_equal(r[CPUID_EAX] | r[CPUID_EBX], 0); /* memory encryption */
	cpuid_policy_restrict(&policy);
	memset(r, 0xff, sizeof(r));
	cpuid_policy_apply(&policy, 0x80000007, 0, 0, r);
	assert_int_equal(r[CPUID_EDX], 1u << 8 | 1u << 10); /* no power management */
	cpuid_policy_apply(&policy, 0x80000001, 0, 0, r);
	assert_int_equal(r[CPUID_ECX] >> 10 & 1, 0); /* instruction-based sampling */
	assert_int_equal(r[CPUID_ECX] >> 23 & 1, 1); /* counters of the core */
}

/* In the one map of SVM as in the two of VMX; what is behind the last port is never reached. */
static void ports_come_and_go_in_the_map_of_svm(void **state)
{
	static const struct bh_ports device = { .first = 0x7ffc, .last = 0x8003 };
	static const struct bh_ports last = { .first = 0xfffe, .last = 0xffff };
	static uint8_t map[PORT_PERMISSION_PAGES * BH_PAGE_SIZE];

	(void)state;
	port_permission_fill(map, 0, &device, 1);
	assert_int_equal(map[0xfff], 0x0f);
	assert_int_equal(map[0x1000], 0xf0);
	port_permission_change(map, 0, &device, false);
	assert_int_equal(map[0xfff], 0xff);
	assert_int_equal(map[0x1000], 0xff);
	port_permission_change(map, 0, &last, true);
	assert_int_equal(map[0x1fff], 0x3f);
	assert_int_equal(map[0x2000], 0xff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_come_and_go),
		cmocka_unit_test(ports_come_and_go_in_the_map_of_svm),
		cmocka_unit_test(ports_are_denied_unless_listed),
		cmocka_unit_test(a_half_is_needed_if_it_has_a_port),
		cmocka_unit_test(all_ports_are_in_one_map_of_svm),
		cmocka_unit_test(cpuid_hides_and_shows),
		cmocka_unit_test(cpuid_of_cells_says_less),
		cmocka_unit_test(cpuid_hides_svm),
		cmocka_unit_test(cpuid_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
