/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An IOAPIC as a cell sees it: its own pins, others' as unused, an index register of its own, and
 * entries that reach its CPUs alone. The cell has the CPUs with APIC ids 2 and 3, and pins 4 and 11
 * of an IOAPIC whose first interrupt is 24.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/ioapic_policy.h"

static const struct bh_ioapic ioapic = { .name = "second", .at = 0xfec01000, .first = 24,
					 .pins = 24 };
static struct icr_filter filter;
static struct ioapic_view view;
static uint64_t entries[24];

static uint64_t read_entry(void *context, uint32_t pin)
{
	(void)context;
	assert_true(pin < 24);
	return entries[pin];
}

static const struct ioapic_reader reader = { read_entry, NULL };

static void fill(void)
{
	uint32_t pin;

	icr_filter_init(&filter);
	icr_filter_add_own(&filter, 2);
	icr_filter_add_own(&filter, 3);
	icr_filter_add_foreign(&filter, &(struct apic_target){ .apic_id = 0, .logical = 1u << 24,
							       .format = ~0u });
	ioapic_view_open(&view, &ioapic);
	ioapic_view_add(&view, 28);
	ioapic_view_add(&view, 35);
	ioapic_view_add(&view, 11); /* another IOAPIC's */
	ioapic_view_add(&view, 48);
	for (pin = 0; pin < 24; pin++)
		entries[pin] = 0x10000;
}

static struct ioapic_result write(uint32_t offset, uint32_t value)
{
	return ioapic_policy_write(&view, IOAPIC_OF_CELL, offset, 4, value, &filter, &reader);
}

/* Selects a register and writes it. */
static struct ioapic_result write_register(uint32_t index, uint32_t value)
{
	assert_int_equal(write(0x00, index).step, IOAPIC_ANSWER);
	return write(0x10, value);
}

static struct ioapic_result read_register(uint32_t index)
{
	assert_int_equal(write(0x00, index).step, IOAPIC_ANSWER);
	return ioapic_policy_read(&view, 0x10, 4);
}

static void own_pins(void **state)
{
	uint32_t pin;

	(void)state;
	fill();
	for (pin = 0; pin < 256; pin++)
		assert_int_equal(ioapic_view_has(&view, pin), pin == 4 || pin == 11);
	ioapic_view_remove(&view, 28);
	assert_false(ioapic_view_has(&view, 4));
	assert_true(ioapic_view_has(&view, 11));
}

static void reads(void **state)
{
	struct ioapic_result result;

	(void)state;
	fill();
	result = read_register(0x12018); /* only 8 bits count: pin 4, low */
	assert_int_equal(result.step, IOAPIC_CARRY_OUT);
	assert_int_equal(result.index, 0x18);
	assert_int_equal(ioapic_policy_read(&view, 0, 4).value, 0x18);
	assert_int_equal(read_register(0x27).step, IOAPIC_CARRY_OUT); /* pin 11, high */
	result = read_register(0x10);
	assert_int_equal(result.step, IOAPIC_ANSWER);
	assert_int_equal(result.value, 0x10000);
	result = read_register(0x11);
	assert_int_equal(result.step, IOAPIC_ANSWER);
	assert_int_equal(result.value, 0);
	assert_int_equal(read_register(0x00).step, IOAPIC_CARRY_OUT);
	assert_int_equal(read_register(0x01).step, IOAPIC_CARRY_OUT);
	assert_int_equal(read_register(0x40).value, 0); /* behind the last pin */
	assert_int_equal(read_register(0x40).step, IOAPIC_ANSWER);
	assert_int_equal(read_register(0x03).step, IOAPIC_ANSWER);
	assert_int_equal(ioapic_policy_read(&view, 0x10, 1).step, IOAPIC_DENIED);
	assert_int_equal(ioapic_policy_read(&view, 0x20, 4).value, 0);
}

static void entries_in_force(void **state)
{
	static const struct {
		uint32_t index, value;
		enum msi_verdict verdict;
	} cases[] = {
		{ 0x18, 0x00000041, MSI_OK },     { 0x18, 0x0000a141, MSI_OK },
		{ 0x18, 0x00000010, MSI_OK },     { 0x18, 0x0000000f, MSI_VECTOR },
		{ 0x18, 0x00000241, MSI_MODE },   { 0x18, 0x00000441, MSI_MODE },
		{ 0x18, 0x00000541, MSI_MODE },   { 0x18, 0x00000741, MSI_MODE },
		{ 0x18, 0x00010741, MSI_OK },     { 0x18, 0x00000841, MSI_OK },
		{ 0x19, 0x03000000, MSI_OK },     { 0x19, 0x00000000, MSI_DESTINATION },
		{ 0x19, 0xff000000, MSI_DESTINATION },
	};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(cases); i++) {
		struct ioapic_result result;

		fill();
		entries[4] = 0x0200000000000041; /* in force, to CPU 2 */
		result = write_register(cases[i].index, cases[i].value);
		assert_int_equal(result.verdict, cases[i].verdict);
		if (cases[i].verdict == MSI_OK) {
			assert_int_equal(result.step, IOAPIC_CARRY_OUT);
			assert_int_equal(result.index, cases[i].index);
			assert_int_equal(result.value, cases[i].value);
		} else {
			assert_int_equal(result.step, IOAPIC_DENIED);
			assert_int_equal(result.gsi, 28);
		}
	}
}

/* Half by half: what is masked may be wrong until it is not masked any more. */
static void entries_being_made(void **state)
{
	(void)state;
	fill();
	entries[11] = 0x10000;
	assert_int_equal(write_register(0x27, 0x00000000).step, IOAPIC_CARRY_OUT);
	assert_int_equal(write_register(0x26, 0x00010441).step, IOAPIC_CARRY_OUT);
	assert_int_equal(write_register(0x26, 0x00000041).verdict, MSI_DESTINATION);
	entries[11] = 0x0200000000010041;
	assert_int_equal(write_register(0x26, 0x00000041).step, IOAPIC_CARRY_OUT);
	/* Logical: the cell's are bits 2 and 3, CPU 0 of root is bit 0. */
	entries[11] = 0x0400000000010841;
	assert_int_equal(write_register(0x26, 0x00000841).step, IOAPIC_CARRY_OUT);
	entries[11] = 0x0500000000010841;
	assert_int_equal(write_register(0x26, 0x00000841).verdict, MSI_DESTINATION);
}

static void others_entries(void **state)
{
	struct ioapic_result result;

	(void)state;
	fill();
	assert_int_equal(write_register(0x10, 0x00010000).step, IOAPIC_ANSWER);
	assert_int_equal(write_register(0x11, 0x02000000).step, IOAPIC_ANSWER);
	result = write_register(0x10, 0x00000041);
	assert_int_equal(result.step, IOAPIC_DENIED);
	assert_int_equal(result.gsi, 24);
	assert_int_equal(write_register(0x00, 0x0f000000).step, IOAPIC_ANSWER);
	assert_int_equal(write_register(0x40, 0x00000041).step, IOAPIC_ANSWER);
	assert_int_equal(ioapic_policy_write(&view, IOAPIC_OF_CELL, 0x10, 2, 0, &filter,
					     &reader).step, IOAPIC_DENIED);
	assert_int_equal(write(0x30, 0).step, IOAPIC_ANSWER);
}

static void end_of_interrupt(void **state)
{
	struct ioapic_result result;

	(void)state;
	fill();
	entries[4] = 0x020000000000c041;
	entries[5] = 0x000000000000c042;
	result = write(0x40, 0x41);
	assert_int_equal(result.step, IOAPIC_SIGNAL_EOI);
	assert_int_equal(result.value, 0x41);
	assert_int_equal(write(0x40, 0x42).step, IOAPIC_ANSWER);
}

static void root_has_its_pic(void **state)
{
	(void)state;
	fill();
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0200000000000700, &filter), MSI_OK);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0200000000000400, &filter), MSI_OK);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0200000000000241, &filter), MSI_MODE);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0200000000000541, &filter), MSI_MODE);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0000000000000700, &filter),
			 MSI_DESTINATION);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_CELL, 0x0200000000000700, &filter), MSI_MODE);
}

/* VT-d specification, 5.1.5.1, by hand. */
static void a_remapped_pin_is_as_the_manual_says(void **state)
{
	(void)state;
	assert_int_equal(ioapic_remapped_entry(5, 0x31, false, false), 0x000b000000000031);
	assert_int_equal(ioapic_remapped_entry(0x8000, 0x31, true, true), 0x000100000000a831);
	assert_int_equal(ioapic_remapped_index(0x000b000000000031), 5);
	assert_int_equal(ioapic_remapped_index(0xffff00000000a831), 0xffff);
	assert_int_equal(ioapic_remapped_index(0x000100000000a831), 0x8000);
}

/* VT-d's: entry 3ffh is root's, 400h and those beyond 7fffh are not. */
static void entries_of_an_iommu_are_named(void **state)
{
	(void)state;
	fill();
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0003000000000004, &filter),
			 MSI_REMAPPABLE);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_CELL, 0x0203000000000041, &filter),
			 MSI_REMAPPABLE);
	filter.entries = 1024;
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0003000000000004, &filter), MSI_OK);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x07ff000000008004, &filter), MSI_OK);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0801000000000004, &filter),
			 MSI_REMAPPABLE);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0001000000000804, &filter),
			 MSI_REMAPPABLE);
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0801000000010004, &filter), MSI_OK);
	/* What names none is judged as ever. */
	assert_int_equal(ioapic_judge_entry(IOAPIC_OF_ROOT, 0x0000000000000041, &filter),
			 MSI_DESTINATION);
}

static void what_an_entry_asks_for(void **state)
{
	struct interrupt_target target;

	(void)state;
	assert_true(ioapic_target(&target, 0x030000000000a041));
	assert_int_equal(target.apic_id, 3);
	assert_int_equal(target.vector, 0x41);
	assert_true(target.is_level);
	assert_true(ioapic_target(&target, 0x0200000000000131));
	assert_false(target.is_level || target.is_x2apic);
	assert_false(ioapic_target(&target, 0x0300000000010041));
	/* Logical, which of a cell's reaches none. */
	assert_false(ioapic_target(&target, 0x0000000000000841));
}

/* CPU 2, then 3; vector 31h, level, active low. */
static void a_remapped_pin_keeps_what_did_not_change(void **state)
{
	(void)state;
	assert_true(ioapic_only_moves(0x020000000000a031, 0x030000000000a031));
	assert_true(ioapic_only_moves(0x020000000000a031, 0x020000000000a031));
	assert_false(ioapic_only_moves(0x020000000000a031, 0x0200000000002031));
	assert_false(ioapic_only_moves(0x020000000000a031, 0x020000000000a032));
	assert_false(ioapic_only_moves(0x020000000001a031, 0x020000000000a031));
	/* Masked: it ends by its vector, unless the cell makes it edge-triggered. */
	assert_int_equal(ioapic_at_rest(0x020000000001a031), 0x1a031);
	assert_int_equal(ioapic_at_rest(0x0200000000010031), 0x10031);
	/* What the format of a remapped one has other things for is not there. */
	assert_int_equal(ioapic_at_rest(0x0200000000010f31), 0x10031);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_pins),
		cmocka_unit_test(reads),
		cmocka_unit_test(entries_in_force),
		cmocka_unit_test(entries_being_made),
		cmocka_unit_test(others_entries),
		cmocka_unit_test(end_of_interrupt),
		cmocka_unit_test(root_has_its_pic),
		cmocka_unit_test(a_remapped_pin_is_as_the_manual_says),
		cmocka_unit_test(entries_of_an_iommu_are_named),
		cmocka_unit_test(what_an_entry_asks_for),
		cmocka_unit_test(a_remapped_pin_keeps_what_did_not_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
