/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VT-d unit as Linux finds it while the hypervisor drives it: registers, its queue, its commands,
 * and what it may have in its table. CPUs with APIC ids 0 and 1 are root's, 2 and 3 a cell's; the
 * function 00:03.0 is a cell's as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/vtd_linux.h"

static struct vtd_linux linux_unit;

static int set_up(void **state)
{
	(void)state;
	linux_unit = (struct vtd_linux){
		.version = 0x10, .status = 0x07000000, .capabilities = 0x00d2008c22260206,
		.extended = 0xf00f4a, .queue = 0x12345000, .table = 0x2340000f,
		.head = 0x40, .tail = 0x40, .control = 0x80000000,
	};
	return 0;
}

static uint64_t read32(uint32_t offset)
{
	return vtd_linux_read(&linux_unit, offset, 4);
}

static enum vtd_linux_write write32(uint32_t offset, uint32_t value)
{
	return vtd_linux_write(&linux_unit, offset, 4, value);
}

static void registers_read_as_linux_had_them(void **state)
{
	(void)state;
	assert_int_equal(read32(0x00), 0x10);
	assert_int_equal(vtd_linux_read(&linux_unit, 0x08, 8), 0x00d2008c22260206);
	assert_int_equal(read32(0x0c), 0x00d2008c);
	assert_int_equal(vtd_linux_read(&linux_unit, 0x10, 8), 0xf00f4a);
	assert_int_equal(read32(0x1c), 0x07000000);
	assert_int_equal(read32(0x34), 0);
	assert_int_equal(vtd_linux_read(&linux_unit, 0x80, 8), 0x40);
	assert_int_equal(read32(0x88), 0x40);
	assert_int_equal(vtd_linux_read(&linux_unit, 0x90, 8), 0x12345000);
	assert_int_equal(vtd_linux_read(&linux_unit, 0xb8, 8), 0x2340000f);
	/* A record of a fault: there is none. */
	assert_int_equal(read32(0x22c), 0);
}

static void the_message_of_faults_is_kept(void **state)
{
	(void)state;
	assert_int_equal(write32(0x3c, 0x4021), VTD_LINUX_KEPT);
	assert_int_equal(write32(0x40, 0xfee01000), VTD_LINUX_KEPT);
	assert_int_equal(write32(0x44, 0x100), VTD_LINUX_KEPT);
	assert_int_equal(write32(0x38, 0), VTD_LINUX_KEPT);
	assert_int_equal(read32(0x3c), 0x4021);
	assert_int_equal(read32(0x40), 0xfee01000);
	assert_int_equal(read32(0x44), 0x100);
	assert_int_equal(read32(0x38), 0);
	assert_int_equal(write32(0x38, ~0u), VTD_LINUX_KEPT);
	assert_int_equal(read32(0x38), 0x80000000);
}

static void what_drives_the_unit_is_not_linuxs(void **state)
{
	static const uint32_t offsets[] = { 0x18, 0x20, 0x64, 0x80, 0x90, 0xb8, 0x108, 0xff8 };
	const struct vtd_linux before = linux_unit;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(offsets); i++) {
		assert_int_equal(write32(offsets[i], ~0u), VTD_LINUX_IGNORED);
		assert_int_equal(vtd_linux_write(&linux_unit, offsets[i], 8, ~0ULL),
				 VTD_LINUX_IGNORED);
	}
	assert_memory_equal(&before, &linux_unit, sizeof(before));
}

/* To the end of the queue and from its beginning again, and no further than its tail. */
static void commands_follow_each_other(void **state)
{
	uint64_t at;

	(void)state;
	assert_false(vtd_linux_next(&linux_unit, &at));
	linux_unit.head = 0xff0;
	assert_int_equal(write32(0x88, 0x10), VTD_LINUX_QUEUE);
	assert_true(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(at, 0x12345ff0);
	vtd_linux_advance(&linux_unit);
	assert_true(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(at, 0x12345000);
	vtd_linux_advance(&linux_unit);
	assert_false(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(read32(0x80), 0x10);
}

/* Two pages of commands of 256 bits, as scalable mode has them. */
static void a_wide_queue_is_followed(void **state)
{
	uint64_t at;

	(void)state;
	linux_unit.queue = 0x12344801;
	linux_unit.head = 0x1fe0;
	assert_int_equal(vtd_linux_queue_size(&linux_unit), 0x2000);
	assert_int_equal(write32(0x88, 0x20), VTD_LINUX_QUEUE);
	assert_true(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(at, 0x12345fe0);
	vtd_linux_advance(&linux_unit);
	assert_true(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(at, 0x12344000);
	/* Half a command is none. */
	assert_int_equal(write32(0x88, 0x30), VTD_LINUX_KEPT);
	assert_int_equal(read32(0x34), 0x10);
}

/* FSTS.IQE, by which Linux's driver finds the command and replaces it. */
static void a_wrong_command_stops_the_queue_until_it_is_told(void **state)
{
	uint64_t at;

	(void)state;
	write32(0x88, 0x60);
	vtd_linux_fail(&linux_unit);
	assert_int_equal(read32(0x34), 0x10);
	assert_int_equal(read32(0x80), 0x40);
	assert_false(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(write32(0x34, 0x10), VTD_LINUX_QUEUE);
	assert_int_equal(read32(0x34), 0);
	assert_true(vtd_linux_next(&linux_unit, &at));
	assert_int_equal(at, 0x12345040);
}

static void a_tail_that_is_no_place_is_wrong(void **state)
{
	uint64_t at;

	(void)state;
	assert_int_equal(write32(0x88, 0x1000), VTD_LINUX_KEPT);
	assert_int_equal(read32(0x34), 0x10);
	assert_int_equal(read32(0x88), 0x40);
	assert_false(vtd_linux_next(&linux_unit, &at));
}

static struct vtd_linux_command decode(struct vtd_entry command)
{
	return vtd_linux_decode(command);
}

static void expect_entries(uint64_t low, uint32_t first, uint32_t count)
{
	struct vtd_linux_command command = decode((struct vtd_entry){ .low = low });

	assert_int_equal(command.order, VTD_LINUX_CHANGES);
	assert_int_equal(command.count, count);
	if (count)
		assert_int_equal(command.first, first);
}

static void entries_are_told_by_place_and_order(void **state)
{
	(void)state;
	expect_entries(0x4, 0, 1024);
	expect_entries(0x0000002500000014, 0x25, 1);
	expect_entries(0x0000002728000014, 0x20, 32);
	expect_entries(0x000003ff00000014, 0x3ff, 1);
	/* Those of cells are not Linux's to name. */
	expect_entries(0x0000040000000014, 0, 0);
	expect_entries(0x0000ffff00000014, 0, 0);
	/* 2^31 of them: all. */
	expect_entries(0x000003fff8000014, 0, 1024);
	assert_int_equal(decode(vtd_invalidate_entries(0x40, 5)).count, 32);
	assert_int_equal(decode(vtd_invalidate_interrupts()).count, 1024);
}

static uint32_t beyond(uint64_t low)
{
	return decode((struct vtd_entry){ .low = low }).beyond;
}

static void what_there_is_no_room_for_is_told(void **state)
{
	(void)state;
	assert_int_equal(beyond(0x000003ff00000014), 0);
	assert_int_equal(beyond(0x0000040000000014), 0x400);
	assert_int_equal(beyond(0x0000ffff00000014), 0xffff);
	/* 32 of them, from 3e0h and from 420h; and 2048. */
	assert_int_equal(beyond(0x000003ff28000014), 0);
	assert_int_equal(beyond(0x0000042128000014), 0x420);
	assert_int_equal(beyond(0x0000000058000014), 0x400);
	/* Not by index. */
	assert_int_equal(beyond(0x4), 0);
}

static void a_wait_is_answered(void **state)
{
	struct vtd_linux_command command = decode(vtd_wait(HPA(0x12345678), 2));

	(void)state;
	assert_int_equal(command.order, VTD_LINUX_ANSWER);
	assert_int_equal(command.at, 0x12345678);
	assert_int_equal(command.value, 2);
	/* With nothing to write, with an interrupt. */
	assert_int_equal(decode((struct vtd_entry){ .low = 0x5 }).order, VTD_LINUX_NOTHING);
	assert_int_equal(decode((struct vtd_entry){ .low = 0x15 }).order, VTD_LINUX_UNKNOWN);
}

static void of_other_commands_those_of_translation_are_known(void **state)
{
	(void)state;
	assert_int_equal(decode(vtd_invalidate_contexts()).order, VTD_LINUX_NOTHING);
	assert_int_equal(decode(vtd_invalidate_pages()).order, VTD_LINUX_NOTHING);
	assert_int_equal(decode((struct vtd_entry){ .low = 3 }).order, VTD_LINUX_NOTHING);
	assert_int_equal(decode((struct vtd_entry){ 0 }).order, VTD_LINUX_UNKNOWN);
	assert_int_equal(decode((struct vtd_entry){ .low = 0xf }).order, VTD_LINUX_UNKNOWN);
	/* Type 44h: not one of entries. */
	assert_int_equal(decode((struct vtd_entry){ .low = 0x804 }).order, VTD_LINUX_UNKNOWN);
}

/* CPUs 2 and 3, which may be in either mode. */
static bool reaches(const struct icr *icr, bool x2apic)
{
	struct apic_target target = { .format = ~0u };
	bool found = false;

	for (target.apic_id = 2; target.apic_id < 4; target.apic_id++) {
		target.logical = 1u << (24 + target.apic_id);
		for (target.x2apic = 0; target.x2apic < 2; target.x2apic++)
			found = found || icr_reaches(icr, x2apic, &target);
	}
	return found;
}

static bool admits(const void *context, struct vtd_entry entry)
{
	return vtd_entry_admits(entry, *(const uint16_t *)context);
}

static const uint16_t cells_device = 0x18;
static const struct vtd_walls narrow = { false, reaches, admits, &cells_device };
static const struct vtd_walls wide = { true, reaches, admits, &cells_device };

/* As Linux writes them: present, with a hint, vector 31h; of 00:1f.2, the whole of it. */
#define LOW  0x0000000000310009ULL
#define HIGH 0x400faULL

static enum vtd_flaw judge(uint64_t low, uint64_t high)
{
	return vtd_linux_judge((struct vtd_entry){ low, high }, &narrow);
}

static void an_entry_reaches_cpus_of_root_alone(void **state)
{
	(void)state;
	assert_int_equal(judge(LOW, HIGH), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW | 1ULL << 40, HIGH), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW | 2ULL << 40, HIGH), VTD_ENTRY_CPU);
	assert_int_equal(judge(LOW | 0xffULL << 40, HIGH), VTD_ENTRY_CPU);
	/* Logical: a bit a CPU. */
	assert_int_equal(judge(LOW | 4 | 3ULL << 40, HIGH), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW | 4 | 6ULL << 40, HIGH), VTD_ENTRY_CPU);
	/* None that is present. */
	assert_int_equal(judge((LOW | 2ULL << 40) & ~1ULL, 0), VTD_ENTRY_GOOD);
}

static void wide_ids_are_read_where_the_unit_has_them(void **state)
{
	struct vtd_entry entry = { LOW | 2ULL << 32, HIGH };

	(void)state;
	assert_int_equal(vtd_linux_judge(entry, &wide), VTD_ENTRY_CPU);
	assert_int_equal(vtd_linux_judge(entry, &narrow), VTD_ENTRY_GOOD);
	entry.low = LOW | 0x10001ULL << 32;
	assert_int_equal(vtd_linux_judge(entry, &wide), VTD_ENTRY_GOOD);
	/* In xAPIC mode a cell's CPU sees the low byte: 2, and everybody. */
	entry.low = LOW | 0x10002ULL << 32;
	assert_int_equal(vtd_linux_judge(entry, &wide), VTD_ENTRY_CPU);
	entry.low = LOW | 0xffULL << 32;
	assert_int_equal(vtd_linux_judge(entry, &wide), VTD_ENTRY_CPU);
	/* Logical: cluster 0, CPUs 0 and 1, then 1 and 2. */
	entry.low = LOW | 4 | 3ULL << 32;
	assert_int_equal(vtd_linux_judge(entry, &wide), VTD_ENTRY_GOOD);
	entry.low = LOW | 4 | 6ULL << 32;
	assert_int_equal(vtd_linux_judge(entry, &wide), VTD_ENTRY_CPU);
}

static void an_entry_is_an_ordinary_interrupt(void **state)
{
	uint64_t mode;

	(void)state;
	assert_int_equal(judge(LOW | 1 << 5, HIGH), VTD_ENTRY_GOOD);
	for (mode = 2; mode < 8; mode++)
		assert_int_equal(judge(LOW | mode << 5, HIGH), VTD_ENTRY_MODE);
	assert_int_equal(judge(LOW | 1 << 15, HIGH), VTD_ENTRY_POSTED);
	assert_int_equal(judge((LOW & ~0xff0000ULL) | 0x0f0000, HIGH), VTD_ENTRY_VECTOR);
	assert_int_equal(judge((LOW & ~0xff0000ULL) | 0x100000, HIGH), VTD_ENTRY_GOOD);
}

static void an_entry_is_of_roots_devices_alone(void **state)
{
	(void)state;
	/* Unverified, and what the manual reserves. */
	assert_int_equal(judge(LOW, 0xfa), VTD_ENTRY_OPEN);
	assert_int_equal(judge(LOW, 0xc00fa), VTD_ENTRY_OPEN);
	assert_int_equal(judge(LOW, 0x40018), VTD_ENTRY_DEVICE);
	/* 00:03.4: another, but where that bit does not count. */
	assert_int_equal(judge(LOW, 0x4001c), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW, 0x5001c), VTD_ENTRY_DEVICE);
	assert_int_equal(judge(LOW, 0x5001a), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW, 0x6001e), VTD_ENTRY_DEVICE);
	assert_int_equal(judge(LOW, 0x6001f), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW, 0x7001f), VTD_ENTRY_DEVICE);
	/* Buses 1 to 3, and 0 to 3. */
	assert_int_equal(judge(LOW, 0x80103), VTD_ENTRY_GOOD);
	assert_int_equal(judge(LOW, 0x80003), VTD_ENTRY_DEVICE);
}

static void each_flaw_has_words(void **state)
{
	enum vtd_flaw flaw;

	(void)state;
	for (flaw = VTD_ENTRY_GOOD; flaw < VTD_FLAWS; flaw++)
		assert_non_null(vtd_flaw_text(flaw));
	assert_string_equal(vtd_flaw_text(VTD_ENTRY_OPEN), "any device could use it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(registers_read_as_linux_had_them, set_up),
		cmocka_unit_test_setup(the_message_of_faults_is_kept, set_up),
		cmocka_unit_test_setup(what_drives_the_unit_is_not_linuxs, set_up),
		cmocka_unit_test_setup(commands_follow_each_other, set_up),
		cmocka_unit_test_setup(a_wide_queue_is_followed, set_up),
		cmocka_unit_test_setup(a_wrong_command_stops_the_queue_until_it_is_told, set_up),
		cmocka_unit_test_setup(a_tail_that_is_no_place_is_wrong, set_up),
		cmocka_unit_test(entries_are_told_by_place_and_order),
		cmocka_unit_test(what_there_is_no_room_for_is_told),
		cmocka_unit_test(a_wait_is_answered),
		cmocka_unit_test(of_other_commands_those_of_translation_are_known),
		cmocka_unit_test(an_entry_reaches_cpus_of_root_alone),
		cmocka_unit_test(wide_ids_are_read_where_the_unit_has_them),
		cmocka_unit_test(an_entry_is_an_ordinary_interrupt),
		cmocka_unit_test(an_entry_is_of_roots_devices_alone),
		cmocka_unit_test(each_flaw_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
