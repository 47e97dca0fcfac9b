// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables and entries of IOMMUs bit by bit, against values put together by hand from the
 * specifications of VT-d and AMD-Vi.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <bulkhead/iommu.h>

#include "tests/unit/page_arena.h"
#include "model/amdvi_entries.h"
#include "model/format_amdvi.h"
#include "model/format_ept.h"
#include "model/format_npt.h"
#include "model/format_vtd.h"
#include "model/vtd_command.h"
#include "model/vtd_entries.h"
#include "model/vtd_registers.h"

#define MIB (1024 * 1024ULL)
#define GIB (1024 * MIB)

#define RW (PT_READ | PT_WRITE)

#define TABLE(n) (ARENA_PHYS + (n) * BH_PAGE_SIZE)

static void expect_map(const struct pt_format *format, struct pt_mapping mapping,
		       const uint64_t *expected, unsigned int count)
{
	struct pt_memory memory = arena_reset(16);
	struct bh_refusal refusal = { "" };
	struct pagetable pt;
	unsigned int i;

	assert_true(pt_init(&pt, format, &memory, 48, PT_1G, NULL));
	if (!pt_map(&pt, &mapping, &refusal))
		fail_msg("%s", refusal.text);
	for (i = 0; i < count; i++) {
		unsigned int shift = 12 + 9 * (format->levels - 1 - i);

		assert_int_equal(arena[i][mapping.virt >> shift & 511], expected[i]);
	}
	assert_int_equal(arena_used, count);
}

/* VT-d specification, chapter 9: R 0, W 1, PS 7, SNP 11 off. */
static void vtd_tables_are_as_the_manual_says(void **state)
{
	(void)state;
	expect_map(&pt_format_vtd_4,
		   (struct pt_mapping){ 0x1000, HPA(0x5000), 0x1000, RW, 0 },
		   (uint64_t[]){ TABLE(1) | 3, TABLE(2) | 3, TABLE(3) | 3, 0x5003 }, 4);
	expect_map(&pt_format_vtd_3,
		   (struct pt_mapping){ 2 * MIB, HPA(6 * MIB), 2 * MIB, PT_READ, 0 },
		   (uint64_t[]){ TABLE(1) | 3, (6 * MIB) | 0x81 }, 2);
	expect_map(&pt_format_vtd_3, (struct pt_mapping){ GIB, HPA(GIB), GIB, RW, 0 },
		   (uint64_t[]){ GIB | 0x83 }, 1);
}

/* AMD IOMMU specification, 2.2.3: PR 0, NextLevel 11:9, FC 60, IR 61, IW 62. */
static void amdvi_tables_are_as_the_manual_says(void **state)
{
	const uint64_t both = 3ULL << 61, coherent = 1ULL << 60, read = 1ULL << 61;

	(void)state;
	expect_map(&pt_format_amdvi_4,
		   (struct pt_mapping){ 0x1000, HPA(0x5000), 0x1000, RW, 0 },
		   (uint64_t[]){ TABLE(1) | both | 0x601, TABLE(2) | both | 0x401,
				 TABLE(3) | both | 0x201, 0x5001 | both | coherent }, 4);
	expect_map(&pt_format_amdvi_3,
		   (struct pt_mapping){ 2 * MIB, HPA(6 * MIB), 2 * MIB, PT_READ, 0 },
		   (uint64_t[]){ TABLE(1) | both | 0x401, (6 * MIB) | 1 | read | coherent }, 2);
}

static void tables_say_neither_execute_nor_memory_types(void **state)
{
	static const struct pt_format *const formats[] = {
		&pt_format_vtd_3, &pt_format_vtd_4, &pt_format_amdvi_3, &pt_format_amdvi_4,
	};
	uint64_t bits;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(formats); i++) {
		assert_false(formats[i]->encode(RW | PT_EXECUTE, PT_4K, &bits));
		assert_false(formats[i]->encode(RW | PT_UNCACHED, PT_4K, &bits));
		assert_false(formats[i]->encode(PT_WRITE, PT_4K, &bits));
		assert_true(formats[i]->encode(RW, PT_2M, &bits));
		assert_int_equal(formats[i]->decode(bits), RW);
		assert_true(formats[i]->encode(PT_READ, PT_4K, &bits));
		assert_int_equal(formats[i]->decode(bits), PT_READ);
	}
}

/* What a unit reads in an entry that the builder made for another: pages, or a way on. */
static void vtd_reads_ept_as_its_own(void **state)
{
	static const unsigned int attributes[] = {
		PT_READ, RW, PT_READ | PT_EXECUTE, RW | PT_EXECUTE, RW | PT_UNCACHED,
	};
	const struct pt_format *vtd = &pt_format_vtd_4;
	unsigned int level;
	uint64_t bits, due;
	size_t i;

	(void)state;
	for (level = PT_4K; level <= PT_1G; level++)
		for (i = 0; i < BH_ARRAY_SIZE(attributes); i++) {
			assert_true(pt_format_ept.encode(attributes[i], level, &bits));
			assert_true(vtd->encode(attributes[i] & RW, level, &due));
			/* Only bits that a unit ignores are more: execute and memory type. */
			assert_int_equal((bits ^ due) & ~0x7cULL, 0);
			assert_int_equal(vtd->decode(bits), attributes[i] & RW);
			if (level > PT_4K)
				assert_false(pt_is_table(vtd, bits, level));
		}
	for (level = 2; level <= 4; level++) {
		assert_int_equal(pt_format_ept.table[level] & ~4ULL, vtd->table[level]);
		assert_true(pt_is_table(vtd, pt_format_ept.table[level], level));
	}
}

/* AMD-Vi would take tables of NPT for pages, as they name no next level. */
static void amdvi_does_not_read_npt(void **state)
{
	(void)state;
	assert_false(pt_is_table(&pt_format_amdvi_4, pt_format_npt.table[4], 4));
}

static void expect_words(const uint64_t *words, const uint64_t *expected, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		assert_int_equal(words[i], expected[i]);
}

static void vtd_entries_are_as_the_manual_says(void **state)
{
	struct vtd_entry entry = vtd_root_entry(HPA(0x12345000));
	struct vtd_scalable_context context;
	struct vtd_pasid_entry pasid;

	(void)state;
	expect_words(&entry.low, (uint64_t[]){ 0x12345001, 0 }, 2);
	entry = vtd_context_entry(HPA(0x12345000), 3, 0x0102);
	expect_words(&entry.low, (uint64_t[]){ 0x12345001, 0x10201 }, 2);
	entry = vtd_context_entry(HPA(0x12345000), 4, 1);
	expect_words(&entry.low, (uint64_t[]){ 0x12345001, 0x102 }, 2);

	entry = vtd_scalable_root_entry(HPA(0x1000), HPA(0x2000));
	expect_words(&entry.low, (uint64_t[]){ 0x1001, 0x2001 }, 2);
	context = vtd_scalable_context_entry(HPA(0x3000));
	expect_words(context.words, (uint64_t[]){ 0x3001, 0, 0, 0 }, 4);
	assert_int_equal(vtd_directory_entry(HPA(0x4000)), 0x4001);
	/* PWSNP, bit 23 of the second word, is 0: see vtd_snoops_maps(). */
	pasid = vtd_pasid_entry(HPA(0x5000), 4, 7);
	expect_words(pasid.words, (uint64_t[]){ 0x5089, 7, 0, 0, 0, 0, 0, 0 }, 8);
}

/* The capabilities are those of units in PCs, bit 48 is SMPWC. */
static void vtd_units_look_into_caches_by_ecap_c_in_legacy_mode_only(void **state)
{
	const uint64_t smpwc = 1ULL << 48;

	(void)state;
	assert_false(vtd_snoops_maps(0xf0101a, false));
	assert_false(vtd_snoops_maps(0xf010da | smpwc, false));
	assert_true(vtd_snoops_maps(0xf020df, false));
	assert_false(vtd_snoops_maps(0xf020df, true));
	assert_false(vtd_snoops_maps(0xf020df | smpwc, true));
}

/* 11.4.2: 2^(4 + 2 ND). */
static void vtd_domains_are_as_the_manual_says(void **state)
{
	(void)state;
	assert_int_equal(CAP_DOMAINS(0xc9008020e30260), 16);
	assert_int_equal(CAP_DOMAINS(1), 64);
	assert_int_equal(CAP_DOMAINS(0xd2008c20660462), 256);
	assert_int_equal(CAP_DOMAINS(6), 65536);
}

/* Whatever the status register tells by then. */
static void vtd_commands_keep_what_stays(void **state)
{
	uint32_t staying = GCMD_QUEUE;

	(void)state;
	assert_int_equal(vtd_command_value(&staying, GCMD_TRANSLATION, true),
			 GCMD_TRANSLATION | GCMD_QUEUE);
	/* Done once: it is not in the next one. */
	assert_int_equal(vtd_command_value(&staying, GCMD_INTERRUPT_TABLE, true),
			 GCMD_TRANSLATION | GCMD_QUEUE | GCMD_INTERRUPT_TABLE);
	assert_int_equal(vtd_command_value(&staying, GCMD_COMPATIBLE, true),
			 GCMD_TRANSLATION | GCMD_QUEUE | GCMD_COMPATIBLE);
	assert_int_equal(vtd_command_value(&staying, GCMD_INTERRUPTS, true),
			 GCMD_TRANSLATION | GCMD_QUEUE | GCMD_COMPATIBLE | GCMD_INTERRUPTS);
	assert_int_equal(vtd_command_value(&staying, GCMD_QUEUE, false),
			 GCMD_TRANSLATION | GCMD_COMPATIBLE | GCMD_INTERRUPTS);
	assert_int_equal(staying, GCMD_TRANSLATION | GCMD_COMPATIBLE | GCMD_INTERRUPTS);
}

static void vtd_remaps_interrupts_as_the_manual_says(void **state)
{
	const struct interrupt_target target = { .apic_id = 3, .vector = 0x41 };
	const struct interrupt_target wide = {
		.apic_id = 0x10203, .vector = 0x20, .is_level = true, .is_x2apic = true,
	};
	struct vtd_entry entry = vtd_interrupt_entry(&target, 0x00fa);

	(void)state;
	expect_words(&entry.low, (uint64_t[]){ 0x0000030000410001, 0x400fa }, 2);
	entry = vtd_interrupt_entry(&wide, 0x0108);
	expect_words(&entry.low, (uint64_t[]){ 0x0001020300200011, 0x40108 }, 2);
	assert_int_equal(vtd_message_address(0), 0xfee00018);
	assert_int_equal(vtd_message_address(5), 0xfee000b8);
	assert_int_equal(vtd_message_address(0x8001), 0xfee0003c);
}

/* Does the entry stay present through all stores? */
static bool is_always_present(struct vtd_entry entry, struct vtd_entry after, unsigned int *count)
{
	struct vtd_store stores[VTD_STORES];
	bool is_present = entry.low & 1;
	unsigned int i;

	*count = vtd_entry_stores(stores, entry, after);
	for (i = 0; i < *count; i++) {
		bool is_whole = entry.high == after.high;

		if (stores[i].is_high)
			entry.high = stores[i].value;
		else
			entry.low = stores[i].value;
		/* No half of it is in force that does not belong to the other. */
		assert_false(!is_whole && (entry.low & 1));
		is_present = is_present && (entry.low & 1);
	}
	expect_words(&entry.low, &after.low, 2);
	return is_present;
}

static void vtd_entries_change_without_a_gap(void **state)
{
	const struct interrupt_target one = { .apic_id = 3, .vector = 0x41 };
	const struct interrupt_target other = { .apic_id = 2, .vector = 0x42 };
	const struct vtd_entry first = vtd_interrupt_entry(&one, 0x18);
	const struct vtd_entry second = vtd_interrupt_entry(&other, 0x18);
	unsigned int count;

	(void)state;
	assert_true(is_always_present(first, first, &count));
	assert_int_equal(count, 0);
	assert_true(is_always_present(first, second, &count));
	assert_int_equal(count, 1);
	/* Of another function, from none, to none. */
	assert_false(is_always_present(first, vtd_interrupt_entry(&one, 0x20), &count));
	assert_int_equal(count, 3);
	assert_false(is_always_present((struct vtd_entry){ 0 }, first, &count));
	assert_int_equal(count, 2);
	assert_false(is_always_present(first, (struct vtd_entry){ 0 }, &count));
	assert_false(is_always_present((struct vtd_entry){ 0 }, (struct vtd_entry){ 0 }, &count));
	assert_int_equal(count, 0);
}

static void vtd_commands_are_as_the_manual_says(void **state)
{
	const struct vtd_entry wait = vtd_wait(HPA(0x12345008), 42);

	(void)state;
	assert_int_equal(vtd_invalidate_contexts().low, 0x11);
	assert_int_equal(vtd_invalidate_pages().low, 0xd2);
	assert_int_equal(vtd_invalidate_interrupts().low, 4);
	assert_int_equal(vtd_invalidate_entries(0x43, 0).low, 0x0000004300000014);
	assert_int_equal(vtd_invalidate_entries(0x40, 5).low, 0x0000004028000014);
	assert_int_equal(vtd_invalidate_pasids().low, 0x37);
	expect_words(&wait.low, (uint64_t[]){ 0x2a00000025, 0x12345008 }, 2);
}

static void vtd_faults_are_read(void **state)
{
	struct iommu_fault fault;

	(void)state;
	assert_false(vtd_fault_read((struct vtd_entry){ 0x1000, 0x4000000500000008 }, &fault));
	/* A write of 00:03.0 to 0x38000000: reason 5. */
	assert_true(vtd_fault_read((struct vtd_entry){ 0x38000000, 0x8000000500000018 }, &fault));
	assert_int_equal(fault.address, 0x38000000);
	assert_int_equal(fault.source, 0x18);
	assert_int_equal(fault.reason, 5);
	assert_true(fault.is_write);
	assert_false(fault.is_interrupt);
	assert_true(vtd_fault_read((struct vtd_entry){ 0x2000, 0xc000000600000108 }, &fault));
	assert_false(fault.is_write);
	/* An interrupt in compatibility format that was blocked. */
	assert_true(vtd_fault_read((struct vtd_entry){ 0x5000000000000, 0x8000002500000018 },
				   &fault));
	assert_true(fault.is_interrupt);
	assert_int_equal(fault.address, 0);
}

static void amdvi_entries_are_as_the_manual_says(void **state)
{
	struct amdvi_device_entry entry = amdvi_device_entry(HPA(0x12345000), 3, 0x0102);

	(void)state;
	expect_words(entry.words, (uint64_t[]){ 0x6000000012345603, 0x102, 0, 0 }, 4);
	amdvi_device_pass(&entry, 0);
	expect_words(entry.words, (uint64_t[]){ 0x6000000012345603, 0x102, 0, 0 }, 4);
	/* INITPass 184, EIntPass 185, NMIPass 186, SysMgt 105:104, Lint0Pass 190, Lint1Pass 191. */
	amdvi_device_pass(&entry, 0xd7);
	expect_words(entry.words, (uint64_t[]){ 0x6000000012345603, 0x10000000102,
						0xc700000000000000, 0 }, 4);
	entry.words[2] = 0;
	amdvi_device_pass(&entry, 0x64);
	expect_words(entry.words, (uint64_t[]){ 0x6000000012345603, 0x30000000102,
						0x4400000000000000, 0 }, 4);
	amdvi_device_set_interrupts(&entry, HPA(0x7080), 5);
	assert_int_equal(entry.words[2], 0x200000000000708b);
	amdvi_device_silence(&entry);
	assert_int_equal(entry.words[2], 1);
	entry = amdvi_device_entry_none(HPA(0x12345000), 4);
	expect_words(entry.words, (uint64_t[]){ 0x12345803, 0, 1, 0 }, 4);
}

static void amdvi_keeps_no_control_over_its_tables(void **state)
{
	(void)state;
	assert_int_equal(amdvi_control(~0ULL, ~0u), 0xfe2);
	assert_int_equal(amdvi_control(0x1, 0), 0); /* IommuEn */
	assert_int_equal(amdvi_control(1ULL << 17, 0), 0); /* GAEn */
	assert_int_equal(amdvi_control(1ULL << 50, 0), 0); /* XTEn */
	assert_int_equal(amdvi_control(7ULL << 34, 0), 0); /* DevTblSegEn */
	assert_int_equal(amdvi_control(0x460, 0), 0x460);
}

/* Whatever somebody has set, and somebody has not: both are as firmware says in IVRS. */
static void amdvi_sends_as_the_board_says(void **state)
{
	static const struct {
		uint32_t flag;
		uint64_t control;
	} rows[] = {
		{ BH_IOMMU_TUNNEL, 1 << 1 }, { BH_IOMMU_PASS_PW, 1 << 8 },
		{ BH_IOMMU_RES_PASS_PW, 1 << 9 }, { BH_IOMMU_ISOC, 1 << 11 },
	};
	size_t i;

	(void)state;
	assert_int_equal(amdvi_control(~0ULL, ~BH_IOMMU_SENDS), 0x4e0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(amdvi_control(0, rows[i].flag), rows[i].control);
		assert_int_equal(amdvi_control(0xb02, rows[i].flag), rows[i].control);
	}
}

static void amdvi_remaps_interrupts_as_the_manual_says(void **state)
{
	const struct interrupt_target target = { .apic_id = 3, .vector = 0x41 };

	(void)state;
	assert_int_equal(amdvi_interrupt_entry(&target), 0x00410301);
}

static void amdvi_commands_are_as_the_manual_says(void **state)
{
	struct amdvi_command command = amdvi_completion_wait(HPA(0x12345008), 42);

	(void)state;
	expect_words(&command.low, (uint64_t[]){ 0x1000000012345009, 42 }, 2);
	command = amdvi_invalidate_device(0x18);
	expect_words(&command.low, (uint64_t[]){ 0x2000000000000018, 0 }, 2);
	command = amdvi_invalidate_pages(0x0102);
	expect_words(&command.low, (uint64_t[]){ 0x3000010200000000, 0x7ffffffffffff003 }, 2);
	command = amdvi_invalidate_interrupts(0x18);
	expect_words(&command.low, (uint64_t[]){ 0x5000000000000018, 0 }, 2);
	command = amdvi_invalidate_all();
	expect_words(&command.low, (uint64_t[]){ 0x8000000000000000, 0 }, 2);
}

static bool reads_event(uint64_t low, uint64_t high, struct iommu_fault *fault)
{
	return amdvi_event_read((struct amdvi_event){ low, high }, fault);
}

static void amdvi_events_are_read(void **state)
{
	struct iommu_fault fault;

	(void)state;
	assert_false(reads_event(0, 0, &fault));
	/* The unit met a command that it does not know: no device has to do with it. */
	assert_true(reads_event(0x5000000000000000, 0x1000, &fault));
	assert_true(fault.is_units);
	expect_words(fault.record, (uint64_t[]){ 0x5000000000000000, 0x1000 }, 2);
	/* A device asked for pages, and may not: as many times as it likes. */
	assert_true(reads_event(0x9000000000000018, 0x38000000, &fault));
	assert_false(fault.is_units);
	assert_int_equal(fault.source, 0x18);
	assert_int_equal(fault.address, 0x38000000);
	assert_int_equal(fault.reason, 9);
	assert_false(fault.is_interrupt);
	assert_true(reads_event(0x2030000100000018, 0x38000040, &fault));
	assert_int_equal(fault.source, 0x18);
	assert_int_equal(fault.address, 0x38000040);
	assert_true(fault.is_write);
	assert_false(fault.is_interrupt);
	assert_true(reads_event(0x2008000000000018, 0xfee00000, &fault));
	assert_true(fault.is_interrupt);
	/* There is no interrupt at an address of memory. */
	assert_true(reads_event(0x2008000000000018, 0x38000000, &fault));
	assert_false(fault.is_interrupt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vtd_tables_are_as_the_manual_says),
		cmocka_unit_test(amdvi_tables_are_as_the_manual_says),
		cmocka_unit_test(tables_say_neither_execute_nor_memory_types),
		cmocka_unit_test(vtd_reads_ept_as_its_own),
		cmocka_unit_test(amdvi_does_not_read_npt),
		cmocka_unit_test(vtd_entries_are_as_the_manual_says),
		cmocka_unit_test(vtd_units_look_into_caches_by_ecap_c_in_legacy_mode_only),
		cmocka_unit_test(vtd_domains_are_as_the_manual_says),
		cmocka_unit_test(vtd_commands_keep_what_stays),
		cmocka_unit_test(vtd_remaps_interrupts_as_the_manual_says),
		cmocka_unit_test(vtd_entries_change_without_a_gap),
		cmocka_unit_test(vtd_commands_are_as_the_manual_says),
		cmocka_unit_test(vtd_faults_are_read),
		cmocka_unit_test(amdvi_entries_are_as_the_manual_says),
		cmocka_unit_test(amdvi_keeps_no_control_over_its_tables),
		cmocka_unit_test(amdvi_sends_as_the_board_says),
		cmocka_unit_test(amdvi_remaps_interrupts_as_the_manual_says),
		cmocka_unit_test(amdvi_commands_are_as_the_manual_says),
		cmocka_unit_test(amdvi_events_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
