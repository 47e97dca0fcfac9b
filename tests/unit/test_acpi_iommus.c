// SPDX-License-Identifier: GPL-2.0-only
/*
 * The readers of DMAR and IVRS: tables as firmware writes them, the emulator's among them, and what
 * is malformed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/acpi_tables.h"
#include "model/acpi_iommus.h"

/* 00:1c.0 is a bridge to buses 3 to 5, 03:00.0 one to bus 4. */
static bool find_bridge(void *context, uint32_t address, uint8_t *first, uint8_t *last)
{
	(void)context;
	switch (address) {
	case 0x00e0:
		*first = 3;
		*last = 5;
		return true;
	case 0x0300:
		*first = *last = 4;
		return true;
	default:
		return false;
	}
}

static const struct acpi_bridges bridges = { .find = find_bridge };

static void expect_scope(const struct bh_iommu_scope *scope, uint32_t kind, uint16_t source,
			 uint16_t id)
{
	assert_int_equal(scope->kind, kind);
	assert_int_equal(scope->source, source);
	assert_int_equal(scope->id, id);
}

static void read_dmar(struct acpi_table *table, struct acpi_iommus *iommus)
{
	struct bh_refusal refusal = { "" };

	table_seal(table);
	if (!dmar_parse(table->bytes, table->size, &bridges, iommus, &refusal))
		fail_msg("%s", refusal.text);
}

static void read_ivrs(struct acpi_table *table, struct acpi_iommus *iommus)
{
	struct bh_refusal refusal = { "" };

	table_seal(table);
	if (!ivrs_parse(table->bytes, table->size, iommus, &refusal))
		fail_msg("%s", refusal.text);
}

/* As QEMU's q35 has it: one unit that names all functions, and the IOAPIC. */
static void dmar_of_the_emulator_is_read(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "DMAR", 38);
	TABLE_ADD(&table, B16(0), B16(0x40), 0, 0, B16(0), B64(0xfed90000),
		  3, 8, 0, 0, 0, 0xff, 0, 0,
		  1, 8, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0, 1, 0, 1, 8, 0, 0, 0, 0, 0x1f, 0,
		  1, 8, 0, 0, 0, 0, 0x1f, 2, 1, 8, 0, 0, 0, 0, 0x1f, 3);
	read_dmar(&table, &iommus);
	assert_int_equal(iommus.head.iommu_count, 1);
	assert_string_equal(iommus.units[0].name, "dmar0");
	assert_int_equal(iommus.units[0].kind, BH_IOMMU_VTD);
	assert_int_equal(iommus.units[0].registers, 0xfed90000);
	assert_int_equal(iommus.units[0].levels, 3);
	assert_false(iommus.units[0].flags & BH_IOMMU_ALL);
	assert_int_equal(iommus.units[0].scope_count, 6);
	expect_scope(&iommus.scopes[0], BH_IOMMU_IOAPIC, 0xff00, 0);
	expect_scope(&iommus.scopes[1], BH_IOMMU_FUNCTION, 0x0000, 0);
	expect_scope(&iommus.scopes[2], BH_IOMMU_FUNCTION, 0x0008, 0);
	expect_scope(&iommus.scopes[5], BH_IOMMU_FUNCTION, 0x00fb, 0);
	assert_int_equal(iommus.skipped, 0);
}

/* As a PC has it: a unit of the graphics, one of all the rest, memory of graphics and USB. */
static void dmar_of_several_units_is_read(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "DMAR", 45);
	TABLE_ADD(&table, B16(0), B16(24), 0, 0, B16(0), B64(0xfed90000), 1, 8, 0, 0, 0, 0, 2, 0);
	TABLE_ADD(&table, B16(0), B16(52), 1, 0, B16(1), B64(0xfed91000),
		  3, 8, 0, 0, 2, 0xf0, 0x1f, 0, 4, 8, 0, 0, 1, 0xf0, 0x0f, 0,
		  2, 8, 0, 0, 0, 0, 0x1c, 0, 1, 12, 0, 0, 0, 0, 0x1c, 0, 0, 0, 5, 1);
	TABLE_ADD(&table, B16(1), B16(40), B16(0), B16(0), B64(0x7b000000), B64(0x7f7fffff),
		  1, 8, 0, 0, 0, 0, 2, 0, 1, 8, 0, 0, 0, 0, 0x14, 0);
	TABLE_ADD(&table, B16(4), B16(8), B32(0)); /* ANDD: of no concern */
	read_dmar(&table, &iommus);
	assert_int_equal(iommus.head.iommu_count, 2);
	assert_int_equal(iommus.units[0].levels, 4);
	assert_int_equal(iommus.units[0].scope_count, 1);
	expect_scope(&iommus.scopes[0], BH_IOMMU_FUNCTION, 0x0010, 0);
	assert_string_equal(iommus.units[1].name, "dmar1");
	assert_true(iommus.units[1].flags & BH_IOMMU_ALL);
	assert_int_equal(iommus.units[1].segment, 1);
	/* The bridges are of segment 0: what lies behind them in segment 1 is not found. */
	assert_int_equal(iommus.units[1].scope_count, 2);
	assert_int_equal(iommus.skipped, 2);
	expect_scope(&iommus.scopes[1], BH_IOMMU_IOAPIC, 0xf0f8, 2);
	expect_scope(&iommus.scopes[2], BH_IOMMU_HPET, 0xf078, 1);
	assert_int_equal(iommus.head.window_count, 2);
	assert_int_equal(iommus.windows[0].start, 0x7b000000);
	assert_int_equal(iommus.windows[0].size, 0x4800000);
	assert_int_equal(iommus.windows[0].address, 0x10);
	assert_int_equal(iommus.windows[1].address, 0xa0);
}

static void ways_lead_through_bridges(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "DMAR", 45);
	TABLE_ADD(&table, B16(0), B16(44), 0, 0, B16(0), B64(0xfed90000),
		  2, 8, 0, 0, 0, 0, 0x1c, 0, 1, 12, 0, 0, 0, 0, 0x1c, 0, 0, 0, 5, 1,
		  5, 8, 0, 0, 1, 0, 0x15, 1);
	read_dmar(&table, &iommus);
	assert_int_equal(iommus.units[0].scope_count, 3);
	expect_scope(&iommus.scopes[0], BH_IOMMU_BRIDGE, 0x00e0, 0x0305);
	expect_scope(&iommus.scopes[1], BH_IOMMU_FUNCTION, 0x0429, 0);
	/* A device of ACPI's namespace: hidden, but seen as that function. */
	expect_scope(&iommus.scopes[2], BH_IOMMU_FUNCTION, 0x00a9, 0);
}

/* As QEMU's q35 has it. */
static void ivrs_of_the_emulator_is_read(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0xd1, B16(0x38), B16(9), B16(0x40), B64(0xfed80000), B16(0), B16(0),
		  B32(0x44), 2, B16(0), 0, 2, B16(8), 0, 2, B16(0x10), 0, 2, B16(0xf8), 0,
		  2, B16(0xfa), 0, 2, B16(0xfb), 0, 0x48, 0, 0, 0, 0, B16(0xa0), 1);
	read_ivrs(&table, &iommus);
	assert_int_equal(iommus.head.iommu_count, 1);
	assert_string_equal(iommus.units[0].name, "ivhd0");
	assert_int_equal(iommus.units[0].kind, BH_IOMMU_AMDVI);
	assert_int_equal(iommus.units[0].registers, 0xfed80000);
	assert_int_equal(iommus.units[0].last_bus, 0);
	assert_int_equal(iommus.units[0].flags & BH_IOMMU_SENDS, BH_IOMMU_TUNNEL);
	assert_int_equal(iommus.units[0].scope_count, 8);
	expect_scope(&iommus.scopes[5], BH_IOMMU_FUNCTION, 0xfb, 0);
	expect_scope(&iommus.scopes[6], BH_IOMMU_IOAPIC, 0xa0, 0);
	expect_scope(&iommus.scopes[7], BH_IOMMU_UNIT, 9, 0);
}

/* The unit of type 10h is described again by type 11h, with ranges, aliases and memory. */
static void expect_users(const struct bh_iommu_window *window, uint32_t address, uint32_t last)
{
	assert_int_equal(window->address, address);
	assert_int_equal(window->last, last);
}

static void ivrs_with_ranges_and_aliases_is_read(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(28), B16(2), B16(0x40), B64(0xfeb80000), B16(0), B16(0),
		  B32(0), 1, B16(0), 0);
	TABLE_ADD(&table, 0x11, 0, B16(108), B16(2), B16(0x40), B64(0xfeb80000), B16(0), B16(0),
		  B32(0), B64(0), B64(0),
		  3, B16(0x0100), 0, 4, B16(0x02ff), 0,
		  66, B16(0x0308), 0, 0, B16(0x00a4), 0,
		  67, B16(0x0400), 0, 0, B16(0x0300), 0, 4, B16(0x0401), 0,
		  72, B16(0), 0, 5, B16(0x00a0), 2,
		  70, B16(0x0500), 0, B32(0),
		  240, B16(0x00a5), 0, B64(0x3532303044494d41), B64(0), 1, 2, 'A', '0');
	TABLE_ADD(&table, 0x21, 8, B16(32), B16(0x0010), B16(0), B64(0), B64(0x7f000800),
		  B64(0x1000));
	TABLE_ADD(&table, 0x20, 1, B16(32), B16(0), B16(0), B64(0), B64(0x7e000000), B64(0x2000));
	TABLE_ADD(&table, 0x22, 1, B16(32), B16(0x0100), B16(0x02ff), B64(0), B64(0x7d000000),
		  B64(0x1000));
	read_ivrs(&table, &iommus);
	assert_int_equal(iommus.head.iommu_count, 1);
	assert_false(iommus.units[0].flags & BH_IOMMU_ALL);
	assert_int_equal(iommus.units[0].last_bus, 5);
	expect_scope(&iommus.scopes[0], BH_IOMMU_RANGE, 0x0100, 0x02ff);
	expect_scope(&iommus.scopes[1], BH_IOMMU_FUNCTION, 0x0308, 0);
	expect_scope(&iommus.scopes[2], BH_IOMMU_ALIAS, 0x0308, 0x00a4);
	expect_scope(&iommus.scopes[3], BH_IOMMU_FUNCTION, 0x00a4, 0);
	expect_scope(&iommus.scopes[5], BH_IOMMU_ALIAS, 0x0400, 0x0300);
	expect_scope(&iommus.scopes[8], BH_IOMMU_ALIAS, 0x0401, 0x0300);
	expect_scope(&iommus.scopes[10], BH_IOMMU_HPET, 0x00a0, 5);
	expect_scope(&iommus.scopes[11], BH_IOMMU_FUNCTION, 0x0500, 0);
	expect_scope(&iommus.scopes[12], BH_IOMMU_FUNCTION, 0x00a5, 0);
	assert_int_equal(iommus.head.window_count, 3);
	/* To whole pages. */
	assert_int_equal(iommus.windows[0].start, 0x7f000000);
	assert_int_equal(iommus.windows[0].size, 0x2000);
	expect_users(&iommus.windows[0], 0x10, 0);
	expect_users(&iommus.windows[1], 0, UINT32_MAX);
	expect_users(&iommus.windows[2], 0x0100, 0x02ff);
}

/*
 * As boards of AMD's have it: 00:14.0 sends what the southbridge has to tell, by its own entry and
 * as the IOAPIC. Bit 3 is nobody's. What began a range holds for all of it, and for an alias, too.
 */
static void what_devices_may_pass_is_read(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;
	uint32_t i;

	(void)state;
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x11, 0xbe, B16(116), B16(2), B16(0x40), B64(0xfeb80000), B16(0), B16(0),
		  B32(0), B64(0), B64(0),
		  2, B16(0x00a0), 0xdf, 3, B16(0x0100), 0x30, 4, B16(0x02ff), 0x01,
		  66, B16(0x0308), 0x02, 0, B16(0x00a4), 0,
		  72, B16(0), 0xd7, 0x80, B16(0x00a0), 1, 72, B16(0), 0, 0, B16(0x00a0), 2,
		  70, B16(0x0500), 0x04, B32(0),
		  240, B16(0x00a5), 0x40, B64(0x3032303049444d41), B64(0), 1, 10,
		  'A', '0', 'A', '0', 'A', '0', 'A', '0', 'A', '0');
	read_ivrs(&table, &iommus);
	assert_int_equal(iommus.units[0].flags & BH_IOMMU_SENDS,
			 BH_IOMMU_PASS_PW | BH_IOMMU_RES_PASS_PW | BH_IOMMU_ISOC);
	assert_int_equal(iommus.units[0].scope_count, 10);
	for (i = 0; i < 10; i++) {
		static const uint16_t passes[] = { 0xd7, 0x30, 2, 0, 2, 0xd7, 0, 4, 0x40, 0 };

		assert_int_equal(iommus.scopes[i].pass, passes[i]);
	}
	expect_scope(&iommus.scopes[3], BH_IOMMU_ALIAS, 0x0308, 0x00a4);
	expect_scope(&iommus.scopes[5], BH_IOMMU_IOAPIC, 0x00a0, 0x80);
	expect_scope(&iommus.scopes[9], BH_IOMMU_UNIT, 2, 0);
}

/* Of a unit for all devices it can only be said of all that there could be. */
static void what_all_devices_may_pass_is_read(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(28), B16(2), B16(0x40), B64(0), B32(0), B32(0),
		  1, B16(0), 0x10);
	read_ivrs(&table, &iommus);
	assert_true(iommus.units[0].flags & BH_IOMMU_ALL);
	expect_scope(&iommus.scopes[0], BH_IOMMU_RANGE, 0, 0xffff);
	assert_int_equal(iommus.scopes[0].pass, 0x10);
	assert_int_equal(iommus.units[0].last_bus, 0xff);
}

static void blocks_of_unknown_types_are_no_units(void **state)
{
	struct acpi_iommus iommus;
	struct acpi_table table;

	(void)state;
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0, 0, B16(6), 0, 0, 0x50, 0, B16(4));
	read_ivrs(&table, &iommus);
	assert_int_equal(iommus.head.iommu_count, 0);
}

static void refuses_dmar(struct acpi_table *table, const char *words)
{
	struct bh_refusal refusal = { "" };
	struct acpi_iommus iommus;

	assert_false(dmar_parse(table->bytes, table->size, &bridges, &iommus, &refusal));
	if (!strstr(refusal.text, words))
		fail_msg("\"%s\" instead of \"%s\"", refusal.text, words);
}

static void refuses_ivrs(struct acpi_table *table, const char *words)
{
	struct bh_refusal refusal = { "" };
	struct acpi_iommus iommus;

	table_seal(table);
	assert_false(ivrs_parse(table->bytes, table->size, &iommus, &refusal));
	if (!strstr(refusal.text, words))
		fail_msg("\"%s\" instead of \"%s\"", refusal.text, words);
}

static void malformed_dmar_is_refused(void **state)
{
	struct acpi_table table;
	unsigned int i;

	(void)state;
	table_begin(&table, "DMAR", 38);
	table.size = 47;
	refuses_dmar(&table, "47 bytes are less than its head has");
	table_begin(&table, "IVRS", 38);
	table_seal(&table);
	refuses_dmar(&table, "this is another table");
	table_begin(&table, "DMAR", 38);
	table_seal(&table);
	table.size++;
	refuses_dmar(&table, "says it has 48 bytes, but 49 are here");
	table.size--;
	table.bytes[20] ^= 1;
	refuses_dmar(&table, "its check sum is wrong");
	table_begin(&table, "DMAR", 38);
	TABLE_ADD(&table, B16(0), B16(0));
	table_seal(&table);
	refuses_dmar(&table, "a structure of 0 bytes, 4 are left");
	table_begin(&table, "DMAR", 38);
	TABLE_ADD(&table, B16(0), B16(12), B64(0));
	table_seal(&table);
	refuses_dmar(&table, "a unit of 12 bytes");
	table_begin(&table, "DMAR", 38);
	TABLE_ADD(&table, B16(0), B16(23), 0, 0, B16(0), B64(0xfed90000), 1, 7, 0, 0, 0, 0, 2);
	table_seal(&table);
	refuses_dmar(&table, "a device scope of 7 bytes");
	table_begin(&table, "DMAR", 38);
	TABLE_ADD(&table, B16(1), B16(32), B16(0), B16(0), B64(0x2000), B64(0x1fff),
		  1, 8, 0, 0, 0, 0, 2, 0);
	table_seal(&table);
	refuses_dmar(&table, "from 0x2000 to 0x1fff is none");
	table_begin(&table, "DMAR", 38);
	for (i = 0; i <= BH_MAX_IOMMUS; i++)
		TABLE_ADD(&table, B16(0), B16(16), 1, 0, B16(0), B64(0xfed90000));
	table_seal(&table);
	refuses_dmar(&table, "more IOMMUs than the 8");
}

static void malformed_ivrs_is_refused(void **state)
{
	struct acpi_table table;

	(void)state;
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(20), B16(2), B16(0x40), B64(0), B32(0));
	refuses_ivrs(&table, "a block of 20 bytes, 20 are left");
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(28), B16(2), B16(0x40), B64(0), B32(0), B32(0),
		  66, B16(0), 0);
	refuses_ivrs(&table, "a device entry of type 66 is cut off");
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(28), B16(2), B16(0x40), B64(0), B32(0), B32(0),
		  3, B16(8), 0);
	refuses_ivrs(&table, "the range from 0x8 has no end");
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(28), B16(2), B16(0x40), B64(0), B32(0), B32(0),
		  4, B16(8), 0);
	refuses_ivrs(&table, "a range ends at 0x8 that did not begin");
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x10, 0, B16(40), B16(2), B16(0x40), B64(0), B32(0), B32(0),
		  67, B16(0), 0, 0, B16(8), 0, 4, B16(0xffff), 0, 0, 0, 0, 0);
	refuses_ivrs(&table, "more than the 128 devices");
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x21, 8, B16(32), B16(0x10), B16(0), B64(0), B64(0x1000), B64(0));
	refuses_ivrs(&table, "is none");
	table_begin(&table, "IVRS", 0);
	TABLE_ADD(&table, 0x22, 8, B16(32), B16(0x10), B16(8), B64(0), B64(0x1000), B64(0x1000));
	refuses_ivrs(&table, "the range from 0x10 ends at 0x8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dmar_of_the_emulator_is_read),
		cmocka_unit_test(dmar_of_several_units_is_read),
		cmocka_unit_test(ways_lead_through_bridges),
		cmocka_unit_test(ivrs_of_the_emulator_is_read),
		cmocka_unit_test(ivrs_with_ranges_and_aliases_is_read),
		cmocka_unit_test(what_devices_may_pass_is_read),
		cmocka_unit_test(what_all_devices_may_pass_is_read),
		cmocka_unit_test(blocks_of_unknown_types_are_no_units),
		cmocka_unit_test(malformed_dmar_is_refused),
		cmocka_unit_test(malformed_ivrs_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
