/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What cells may do with the local APIC, and whom an interrupt command reaches: cases of the manual
 * (SDM vol. 3A, 10.6.2 and 10.12.10), and the filter's glance against a plain account of who gets
 * an interrupt, over random machines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/apic_policy.h"

static void writes(void **state)
{
	static const uint32_t read_only[] = {0x000, 0x010, 0x020, 0x030, 0x090, 0x0a0, 0x0c0,
					     0x100, 0x170, 0x180, 0x200, 0x270, 0x390, 0x3f0,
					     0x400, 0x410, 0x420, 0x480, 0x4f0};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(read_only); i++)
		assert_int_equal(apic_write_action(read_only[i]), APIC_DENY);
	assert_int_equal(apic_write_action(0x0b0), APIC_PASS);
	assert_int_equal(apic_write_action(0x380), APIC_PASS);
	assert_int_equal(apic_write_action(0x300), APIC_SEND);
	assert_int_equal(apic_write_action(0x0d0), APIC_LOGICAL);
	assert_int_equal(apic_write_action(0x0e0), APIC_LOGICAL);
	assert_int_equal(apic_write_action(0x304), APIC_DENY);
	assert_int_equal(apic_write_action(0x0b4), APIC_DENY);
	assert_int_equal(apic_write_action(0xffc), APIC_DENY);
}

/*
 * SDM vol. 3A, 10.5.1: delivery mode in bits 10:8, mask in bit 16. Those of timer and errors have a
 * mode with AMD (APM vol. 2, 16.4).
 */
static void local_vectors(void **state)
{
	static const uint32_t offsets[] = { 0x2f0, 0x320, 0x330, 0x340, 0x350, 0x360,
					    0x370 };
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(offsets); i++)
		assert_int_equal(apic_write_action(offsets[i]), APIC_LOCAL);
	assert_true(apic_local_is_own(0x320, 0x00000040));
	assert_true(apic_local_is_own(0x320, 0x00000400)); /* NMI */
	assert_false(apic_local_is_own(0x320, 0x00000200)); /* SMI */
	assert_false(apic_local_is_own(0x320, 0x00000500)); /* INIT */
	assert_false(apic_local_is_own(0x320, 0x00000700)); /* ExtINT */
	assert_false(apic_local_is_own(0x320, 0x00000140)); /* reserved */
	assert_true(apic_local_is_own(0x320, 0x00010200));
}

/* APM vol. 2, 16.3.5 and 16.4: how many there are is in bits 23:16 of the features. */
static void extended_local_vectors(void **state)
{
	uint32_t offset;

	(void)state;
	for (offset = 0x500; offset <= 0x530; offset += 0x10) {
		assert_int_equal(apic_write_action(offset), APIC_LOCAL);
		assert_false(apic_local_is_own(offset, 0x000000f9));
		assert_false(apic_local_is_own(offset, 0x00010000));
	}
	assert_int_equal(apic_write_action(0x504), APIC_DENY);
	assert_int_equal(apic_write_action(0x540), APIC_DENY);
	assert_true(apic_is_extended(0x80050010));
	assert_false(apic_is_extended(0x00050014));
	assert_int_equal(apic_extended_lvts(0x00040007), 4);
	assert_int_equal(apic_extended_lvts(0x00010007), 1);
	assert_int_equal(apic_extended_lvts(0xff000000), 0);
	/* No more than there are registers for. */
	assert_int_equal(apic_extended_lvts(0x00ff0000), 4);
}

static void fields(void **state)
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

#define PHYSICAL 0x000000f0u
#define LOGICAL  0x000008f0u

#define FLAT    0xffffffffu
#define CLUSTER 0x0fffffffu

static bool reaches(uint32_t low, uint32_t destination, bool x2apic, uint32_t id, uint32_t mode,
		    uint32_t ldr, uint32_t dfr)
{
	const struct apic_target target = { .apic_id = id, .x2apic = mode, .logical = ldr << 24,
					    .format = dfr };
	const struct icr icr = icr_decode(low, destination);

	return icr_reaches(&icr, x2apic, &target);
}

static void physical_destinations(void **state)
{
	(void)state;
	assert_true(reaches(PHYSICAL, 5, false, 5, 0, 0, FLAT));
	assert_false(reaches(PHYSICAL, 4, false, 5, 0, 0x10, FLAT));
	assert_true(reaches(PHYSICAL, 0xff, false, 5, 0, 0, FLAT));
	assert_true(reaches(PHYSICAL, 0xff, false, 5, 1, 0, FLAT));
	assert_true(reaches(PHYSICAL, 0x12345, true, 0x12345, 1, 0, FLAT));
	assert_false(reaches(PHYSICAL, 0xff, true, 5, 1, 0, FLAT));
	assert_true(reaches(PHYSICAL, 0xff, true, 0xff, 1, 0, FLAT));
	assert_true(reaches(PHYSICAL, 0xffffffff, true, 5, 1, 0, FLAT));
	/* One in xAPIC mode sees the low byte of what was sent in the other. */
	assert_true(reaches(PHYSICAL, 0x105, true, 5, 0, 0, FLAT));
	assert_false(reaches(PHYSICAL, 0x105, true, 5, 1, 0, FLAT));
	assert_false(reaches(PHYSICAL, 0x501, true, 5, 0, 0, FLAT));
	assert_true(reaches(PHYSICAL, 0xff, true, 5, 0, 0, FLAT));
	assert_true(reaches(PHYSICAL, 0x2ff, true, 5, 0, 0, FLAT));
}

static void logical_destinations(void **state)
{
	(void)state;
	/* Flat: any common bit. */
	assert_true(reaches(LOGICAL, 0x24, false, 9, 0, 0x20, FLAT));
	assert_false(reaches(LOGICAL, 0xdf, false, 9, 0, 0x20, FLAT));
	assert_false(reaches(LOGICAL, 9, false, 9, 0, 0, FLAT));
	/* Cluster: the same number, and any common bit of the lower four. */
	assert_true(reaches(LOGICAL, 0x23, false, 9, 0, 0x22, CLUSTER));
	assert_false(reaches(LOGICAL, 0x13, false, 9, 0, 0x22, CLUSTER));
	assert_false(reaches(LOGICAL, 0x2d, false, 9, 0, 0x22, CLUSTER));
	assert_true(reaches(LOGICAL, 0xf2, false, 9, 0, 0x22, CLUSTER));
	/* Broadcasts. */
	assert_true(reaches(LOGICAL, 0xff, false, 9, 0, 0x20, FLAT));
	assert_true(reaches(LOGICAL, 0xff, false, 9, 0, 0x22, CLUSTER));
	assert_true(reaches(LOGICAL, 0xff, false, 9, 0, 0, FLAT));
	/* x2APIC: cluster in the upper half, one of sixteen in the lower. */
	assert_true(reaches(LOGICAL, 0x00020008, true, 0x23, 1, 0, FLAT));
	assert_true(reaches(LOGICAL, 0x0002ffff, true, 0x23, 1, 0, FLAT));
	assert_false(reaches(LOGICAL, 0x00020010, true, 0x23, 1, 0, FLAT));
	assert_false(reaches(LOGICAL, 0x00030008, true, 0x23, 1, 0, FLAT));
	assert_true(reaches(LOGICAL, 0xffffffff, true, 0x23, 1, 0, FLAT));
	/* A byte is of cluster 0 for a CPU in x2APIC mode. */
	assert_true(reaches(LOGICAL, 0x08, false, 0x03, 1, 0, FLAT));
	assert_false(reaches(LOGICAL, 0x08, false, 0x13, 1, 0, FLAT));
}

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint32_t random_below(uint32_t limit)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)(random_state * 0x2545f4914f6cdd1d >> 33) % limit;
}

/* Who gets it, told once more: one question after the other. */
static bool plainly_gets(const struct apic_target *cpu, bool x2apic, bool is_logical,
			 uint32_t destination)
{
	uint32_t ldr = cpu->logical >> 24;

	if (destination == (x2apic ? 0xffffffff : 0xff))
		return true;
	if (!cpu->x2apic && destination % 256 == 255)
		return true;
	if (!is_logical)
		return cpu->apic_id == (cpu->x2apic ? destination : destination % 256);
	if (cpu->x2apic)
		return cpu->apic_id / 16 == destination / 65536 &&
		       (destination >> cpu->apic_id % 16 & 1);
	if (cpu->format / 0x10000000 == 15)
		return (ldr & destination & 0xff) != 0;
	return (ldr / 16 == destination / 16 % 16 || destination / 16 % 16 == 15) &&
	       (ldr % 16 & destination % 16) != 0;
}

#define CPUS 6

static void a_glance_lets_nothing_out(void **state)
{
	uint32_t round, i, passed = 0;

	(void)state;
	for (round = 0; round < 1000000; round++) {
		struct apic_target cpus[CPUS];
		struct icr_filter filter;
		bool x2apic = random_below(2);
		bool is_logical = random_below(2);
		uint32_t shorthand = random_below(3) ? 0 : random_below(4);
		uint32_t low = random_below(256) | random_below(2) << 8 |
			       (uint32_t)is_logical << 11 | shorthand << 18;
		uint32_t destination = x2apic ? random_below(4) << 16 | random_below(0x10000) :
						random_below(256);
		uint32_t own = 1 + random_below(CPUS);

		icr_filter_init(&filter);
		for (i = 0; i < CPUS; i++) {
			cpus[i] = (struct apic_target){
				.apic_id = random_below(40), .x2apic = random_below(2),
				.logical = random_below(256) << 24,
				.format = random_below(2) ? FLAT : CLUSTER,
			};
			if (random_below(4) == 0)
				destination = cpus[i].apic_id;
			/* Two of the same id there are not. */
			cpus[i].apic_id = cpus[i].apic_id * CPUS + i;
			if (i < own)
				icr_filter_add_own(&filter, cpus[i].apic_id);
			else
				icr_filter_add_foreign(&filter, &cpus[i]);
		}
		if (!icr_stays_inside(&filter, x2apic, low, destination))
			continue;
		passed++;
		for (i = own; i < CPUS; i++) {
			assert_true(shorthand == ICR_TO_DESTINATION || shorthand == ICR_TO_SELF);
			if (shorthand == ICR_TO_DESTINATION)
				assert_false(plainly_gets(&cpus[i], x2apic, is_logical,
							  destination));
		}
	}
	assert_true(passed > round / 20);
}

static void reaching_is_the_plain_account(void **state)
{
	uint32_t round;

	(void)state;
	for (round = 0; round < 1000000; round++) {
		const struct apic_target cpu = {
			.apic_id = random_below(64), .x2apic = random_below(2),
			.logical = random_below(256) << 24,
			.format = random_below(2) ? FLAT : CLUSTER,
		};
		bool x2apic = random_below(2);
		bool is_logical = random_below(2);
		uint32_t destination = random_below(64) ? random_below(x2apic ? 0x50000 : 256) :
							  x2apic ? ~0u : 0xff;
		const struct icr icr = icr_decode(is_logical ? LOGICAL : PHYSICAL, destination);

		assert_int_equal(icr_reaches(&icr, x2apic, &cpu),
				 plainly_gets(&cpu, x2apic, is_logical, destination));
	}
}

/* What cells send all the time goes out at a glance. */
static void usual_commands_pass(void **state)
{
	const struct apic_target root[] = {
		{ .apic_id = 0, .logical = 0x01000000, .format = FLAT },
		{ .apic_id = 1, .logical = 0x02000000, .format = FLAT },
	};
	const struct apic_target late = { .apic_id = 20, .format = FLAT };
	struct icr_filter filter;

	(void)state;
	icr_filter_init(&filter);
	assert_true(icr_stays_inside(&filter, false, PHYSICAL, 0xff));
	assert_true(icr_stays_inside(&filter, false, 0xc00f0, 0)); /* all but self */
	assert_true(icr_stays_inside(&filter, true, LOGICAL, 0x30007));
	assert_false(icr_stays_inside(&filter, false, 0x4f0, 2));  /* NMI */
	icr_filter_add_own(&filter, 2);
	icr_filter_add_own(&filter, 3);
	icr_filter_add_foreign(&filter, &root[0]);
	icr_filter_add_foreign(&filter, &root[1]);
	assert_true(icr_stays_inside(&filter, false, PHYSICAL, 3));
	assert_true(icr_stays_inside(&filter, true, PHYSICAL, 3));
	assert_true(icr_stays_inside(&filter, false, LOGICAL, 0x0c));
	assert_true(icr_stays_inside(&filter, false, 0x400f0, 0)); /* self */
	assert_false(icr_stays_inside(&filter, false, PHYSICAL, 1));
	assert_false(icr_stays_inside(&filter, false, PHYSICAL, 0xff));
	assert_false(icr_stays_inside(&filter, false, LOGICAL, 0x06));
	assert_false(icr_stays_inside(&filter, false, 0x800f0, 0)); /* all */
	assert_false(icr_stays_inside(&filter, true, PHYSICAL, 0x103));
	assert_false(icr_stays_inside(&filter, true, PHYSICAL, 0xffffffff));
	assert_false(icr_stays_inside(&filter, false, 0x5f0, 3));   /* INIT */
	assert_false(icr_stays_inside(&filter, false, 0x2f0, 3));   /* SMI */
	/* A broadcast never, even if the only other CPU has no logical id. */
	icr_filter_init(&filter);
	icr_filter_add_foreign(&filter, &late);
	assert_false(icr_stays_inside(&filter, false, LOGICAL, 0xff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes),
		cmocka_unit_test(local_vectors),
		cmocka_unit_test(extended_local_vectors),
		cmocka_unit_test(fields),
		cmocka_unit_test(physical_destinations),
		cmocka_unit_test(logical_destinations),
		cmocka_unit_test(a_glance_lets_nothing_out),
		cmocka_unit_test(reaching_is_the_plain_account),
		cmocka_unit_test(usual_commands_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
