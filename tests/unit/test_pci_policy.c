/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of writes into configuration space: every register of a network card and of a bridge
 * by hand-written values, for root and for cells. The cell has the CPUs with APIC ids 2 and 3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/pci_policy.h"
#include "pci_space.h"

static struct icr_filter filter;
static struct pci_space space;
static struct pci_function function;

static void fill(void)
{
	icr_filter_init(&filter);
	icr_filter_add_own(&filter, 2);
	icr_filter_add_own(&filter, 3);
	icr_filter_add_foreign(&filter, &(struct apic_target){ .apic_id = 0, .logical = 1u << 24,
							       .format = ~0u });
	space_fill_nic(&space);
	pci_function_open(&function, 0x18, &space_nic, &space.reader);
}

static struct pci_verdict write(enum pci_who who, uint32_t offset, uint32_t width, uint32_t value)
{
	const struct pci_access access = { offset, width };

	return pci_policy_write(&function, who, &access, value, &filter, &space.reader);
}

/* Carried out, as plain memory would take it. */
static struct pci_verdict write_out(enum pci_who who, uint32_t offset, uint32_t width,
				    uint32_t value)
{
	struct pci_verdict verdict = write(who, offset, width, value);

	if (verdict.carry_out)
		space_set(&space, offset, width, verdict.value);
	return verdict;
}

static uint32_t read(enum pci_who who, uint32_t offset, uint32_t width)
{
	const struct pci_access access = { offset, width };

	return pci_policy_read(&function, who, &access, &space.reader);
}

enum outcome {
	DROPPED, /* without a word */
	DENIED,
	DONE,
	PARTLY,  /* done in part, and denied */
};

struct step {
	uint32_t offset, width, value;
	enum outcome outcome;
	uint32_t written; /* what is carried out */
};

static void expect(enum pci_who who, const struct step *step)
{
	struct pci_verdict verdict = write(who, step->offset, step->width, step->value);
	bool carry_out = step->outcome == DONE || step->outcome == PARTLY;
	bool is_denied = step->outcome == DENIED || step->outcome == PARTLY;

	/* What writes back what is there does no harm. */
	if (!carry_out && verdict.carry_out &&
	    verdict.value == space_get(&space, step->offset, step->width))
		verdict.carry_out = false;
	if (verdict.carry_out != carry_out || verdict.is_denied != is_denied ||
	    (carry_out && verdict.value != step->written))
		fail_msg("0x%x, %u bytes, 0x%x: %s 0x%x, %s", step->offset, step->width,
			 step->value, verdict.carry_out ? "writes" : "does not write",
			 verdict.value, verdict.is_denied ? "denied" : "not denied");
}

static void expect_all(enum pci_who who, const struct step *steps, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		fill();
		expect(who, &steps[i]);
	}
}

static void header_of_a_cell(void **state)
{
	static const struct step steps[] = {
		{ 0x00, 4, 0x12345678, DENIED, 0 },
		{ 0x02, 2, 0x10d3, DROPPED, 0 },
		/* command: SERR, VGA snooping, special cycles are dropped without a word */
		{ 0x04, 2, 0x0400, DONE, 0x0400 },
		{ 0x04, 2, 0xffff, DONE, 0x0457 },
		{ 0x04, 2, 0x0006, DONE, 0x0006 },
		{ 0x04, 1, 0x07, DONE, 0x07 },
		{ 0x05, 1, 0x01, DONE, 0x00 },
		/* status: what is written as 1 is cleared by hardware */
		{ 0x06, 2, 0xf900, DONE, 0xf910 },
		{ 0x06, 2, 0xffff, DONE, 0xf910 },
		{ 0x06, 2, 0x0000, DONE, 0x0010 },
		{ 0x04, 4, 0xf9100406, DONE, 0xf9100406 },
		{ 0x08, 1, 0x01, DENIED, 0 },
		{ 0x09, 2, 0x1234, DENIED, 0 },
		{ 0x0c, 1, 0x10, DONE, 0x10 },
		{ 0x0d, 1, 0x40, DROPPED, 0 },
		{ 0x0c, 2, 0x4010, DONE, 0x0010 },
		{ 0x0e, 1, 0x80, DENIED, 0 },
		{ 0x0f, 1, 0x40, DENIED, 0 },
		{ 0x28, 4, 1, DENIED, 0 },
		{ 0x2c, 4, 1, DENIED, 0 },
		{ 0x34, 1, 0x40, DENIED, 0 },
		{ 0x3c, 1, 0x05, DONE, 0x05 },
		{ 0x3d, 1, 0x02, DENIED, 0 },
		{ 0x3c, 4, 0xffffffff, PARTLY, 0x000001ff },
		{ 0x40, 4, 1, DENIED, 0 },
		{ 0xfc, 4, 0, DROPPED, 0 },
		{ 0xffc, 4, 1, DENIED, 0 },
	};

	(void)state;
	expect_all(PCI_OF_CELL, steps, BH_ARRAY_SIZE(steps));
}

static void capabilities_of_a_cell(void **state)
{
	static const struct step steps[] = {
		{ NIC_POWER, 2, 0xffff, DENIED, 0 },
		{ NIC_POWER + 4, 2, 0x210b, DONE, 0x210b },   /* D3hot keeps the registers */
		{ NIC_POWER + 4, 2, 0x2109, DENIED, 0 },      /* D1 */
		{ NIC_POWER + 4, 2, 0x0000, DONE, 0x2108 },   /* wake-up is root's */
		{ NIC_POWER + 5, 1, 0xa0, DROPPED, 0 },       /* and so is its status */
		{ NIC_MSIX, 1, 0, DENIED, 0 },
		{ NIC_MSIX + 2, 2, 0xc004, DONE, 0xc004 },
		{ NIC_MSIX + 2, 2, 0x8000, DONE, 0x8004 },
		{ NIC_MSIX + 4, 4, 0x2003, DENIED, 0 },
		{ NIC_EXPRESS + 8, 2, 0x2800, DONE, 0x2800 },
		{ NIC_EXPRESS + 8, 2, 0xffff, DONE, 0x2810 },  /* a reset, too, without a word */
		{ NIC_EXPRESS + 8, 2, 0x0000, DONE, 0x2000 },
		{ NIC_EXPRESS + 10, 2, 0x000f, DONE, 0x000f },
		{ NIC_EXPRESS + 0x10, 2, 0x0043, DROPPED, 0 },
		{ NIC_EXPRESS + 0x18, 2, 1, DENIED, 0 },
		{ NIC_MAKERS + 8, 4, 1, DENIED, 0 },
		{ NIC_ERRORS + 4, 4, 0x00100000, DONE, 0x00100000 },
		{ NIC_ERRORS + 8, 4, 0xffffffff, DENIED, 0 },
		{ NIC_ERRORS + 0x10, 4, 0x1, DONE, 0x1 },
		{ NIC_SERIAL + 4, 4, 1, DENIED, 0 },
	};

	(void)state;
	expect_all(PCI_OF_CELL, steps, BH_ARRAY_SIZE(steps));
	/* Where D3hot loses the registers, base addresses would be gone. */
	fill();
	space_set(&space, NIC_POWER + 4, 1, 0);
	expect(PCI_OF_CELL, &(struct step){ NIC_POWER + 4, 1, 0x03, DENIED, 0 });
	space_set(&space, NIC_POWER + 4, 1, 3);
	expect(PCI_OF_CELL, &(struct step){ NIC_POWER + 4, 1, 0x00, DONE, 0 });
}

static void root_may_nearly_all(void **state)
{
	static const struct step steps[] = {
		{ 0x04, 2, 0xffff, DONE, 0xffff },
		{ 0x0c, 4, 0x00004010, DONE, 0x00004010 },
		{ 0x40, 4, 0x12345678, DONE, 0x12345678 },
		{ NIC_POWER + 4, 2, 0x0103, DONE, 0x0103 },
		{ NIC_EXPRESS + 8, 2, 0x8000, DONE, 0x8000 },
		{ NIC_MAKERS + 8, 4, 1, DONE, 1 },
		{ NIC_ERRORS + 8, 4, 0xffffffff, DONE, 0xffffffff },
		{ 0x10, 4, 0xfeba0000, DENIED, 0 },
		{ 0x18, 4, 0xc081, DENIED, 0 },
		{ 0x20, 4, 4, DENIED, 0 },
		{ 0x30, 4, 0xfeb50000, DENIED, 0 },
		{ 0x30, 4, 0xfeb40001, DONE, 0xfeb40001 },
		{ NIC_MSI + 2, 2, 0x0087, DENIED, 0 }, /* a message to nowhere */
	};

	(void)state;
	expect_all(PCI_OF_ROOT, steps, BH_ARRAY_SIZE(steps));
}

static void sizes_are_told(void **state)
{
	static const struct { uint32_t offset, size; } bases[] = {
		{ 0x10, 0xfffe0000 }, { 0x14, 0 }, { 0x18, 0xffffffc1 }, { 0x1c, 0xffffc00c },
		{ 0x20, 0xffffffff }, { 0x24, 0 },
	};
	enum pci_who who;
	size_t i;

	(void)state;
	for (who = PCI_OF_ROOT; who <= PCI_OF_CELL; who++)
		for (i = 0; i < BH_ARRAY_SIZE(bases); i++) {
			uint32_t offset = bases[i].offset;
			uint32_t own;

			fill();
			own = read(who, offset, 4);
			assert_int_equal(own, space_get(&space, offset, 4));
			expect(who, &(struct step){ offset, 4, 0xffffffff, DROPPED, 0 });
			assert_int_equal(read(who, offset, 4), bases[i].size);
			assert_int_equal(read(who, offset + 3, 1), bases[i].size >> 24);
			expect(who, &(struct step){ offset, 4, own ^ 0x10000, DENIED, 0 });
			expect(who, &(struct step){ offset, 4, own, DROPPED, 0 });
			assert_int_equal(read(who, offset, 4), own);
		}
	/* A cell sees no ROM, and writes none. */
	fill();
	assert_int_equal(read(PCI_OF_CELL, 0x30, 4), 0);
	expect(PCI_OF_CELL, &(struct step){ 0x30, 4, 0xfffff801, DROPPED, 0 });
	assert_int_equal(read(PCI_OF_CELL, 0x30, 4), 0);
	assert_int_equal(read(PCI_OF_ROOT, 0x30, 4), 0xfeb40000);
}

/* Of functions that no board file names, hardware knows the sizes; it must not decode meanwhile. */
static void sizes_are_asked(void **state)
{
	(void)state;
	fill();
	pci_function_open(&function, 0x18, NULL, &space.reader);
	expect(PCI_OF_ROOT, &(struct step){ 0x10, 4, 0xffffffff, DENIED, 0 });
	space_set(&space, 0x04, 2, 0x0404);
	write_out(PCI_OF_ROOT, 0x10, 4, 0xffffffff);
	assert_int_equal(space_get(&space, 0x10, 4), 0xfffffff0);
	space_set(&space, 0x10, 4, 0xfffe0000); /* as hardware has it then */
	assert_int_equal(read(PCI_OF_ROOT, 0x10, 4), 0xfffe0000);
	expect(PCI_OF_ROOT, &(struct step){ 0x04, 2, 0x0407, PARTLY, 0x0404 });
	expect(PCI_OF_ROOT, &(struct step){ 0x10, 4, 0xfebc0000, DENIED, 0 });
	write_out(PCI_OF_ROOT, 0x10, 4, 0xfeb80000);
	assert_int_equal(space_get(&space, 0x10, 4), 0xfeb80000);
	expect(PCI_OF_ROOT, &(struct step){ 0x04, 2, 0x0407, DONE, 0x0407 });
}

/* A reset takes base addresses away: they come back before anything is decoded. */
static void nothing_is_decoded_elsewhere(void **state)
{
	(void)state;
	fill();
	space_set(&space, 0x04, 2, 0);
	space_set(&space, 0x10, 4, 0);
	space_set(&space, 0x18, 4, 1);
	expect(PCI_OF_CELL, &(struct step){ 0x04, 2, 0x0002, PARTLY, 0 });
	expect(PCI_OF_CELL, &(struct step){ 0x04, 2, 0x0004, DONE, 4 });
	write_out(PCI_OF_CELL, 0x10, 4, 0xfeb80000);
	expect(PCI_OF_CELL, &(struct step){ 0x04, 2, 0x0002, PARTLY, 0 });
	write_out(PCI_OF_CELL, 0x18, 4, 0xc040);
	assert_int_equal(space_get(&space, 0x18, 4), 0xc041);
	expect(PCI_OF_CELL, &(struct step){ 0x04, 2, 0x0007, DONE, 7 });
}

static void messages(void **state)
{
	struct pci_verdict verdict;

	(void)state;
	fill();
	/* Off: anything; control has two fields to write. */
	write_out(PCI_OF_CELL, NIC_MSI + 4, 4, 0x38000003);
	assert_int_equal(space_get(&space, NIC_MSI + 4, 4), 0x38000003);
	verdict = write(PCI_OF_CELL, NIC_MSI + 2, 2, 0x0087);
	assert_false(verdict.carry_out);
	assert_true(verdict.is_denied);
	assert_int_equal(verdict.message, MSI_NOT_APIC);
	write_out(PCI_OF_CELL, NIC_MSI + 4, 4, 0xfee02000);
	write_out(PCI_OF_CELL, NIC_MSI + 8, 4, 0);
	write_out(PCI_OF_CELL, NIC_MSI + 12, 2, 0x0013);
	/* On: eight messages have no room from 0x13 down to 0x10, but four. */
	verdict = write_out(PCI_OF_CELL, NIC_MSI + 2, 2, 0x00b7);
	assert_true(verdict.carry_out);
	assert_int_equal(space_get(&space, NIC_MSI + 2, 2), 0x00b7);
	write_out(PCI_OF_CELL, NIC_MSI + 2, 2, 0x0086);
	write_out(PCI_OF_CELL, NIC_MSI + 12, 2, 0x0041);
	verdict = write_out(PCI_OF_CELL, NIC_MSI + 2, 2, 0x00f7); /* asks for more than eight */
	assert_int_equal(verdict.value, 0x00b7);
	/* In force: nothing that leaves the cell. */
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 4, 4, 0xfee00000).message, MSI_DESTINATION);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 5, 1, 0x00).message, MSI_DESTINATION);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 7, 1, 0x38).message, MSI_NOT_APIC);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 8, 4, 1).message, MSI_NOT_APIC);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 12, 2, 0x0441).message, MSI_MODE);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 12, 2, 0x000f).message, MSI_VECTOR);
	assert_true(write(PCI_OF_CELL, NIC_MSI + 4, 4, 0xfee03000).carry_out);
	assert_true(write(PCI_OF_CELL, NIC_MSI + 2, 2, 0x0086).carry_out);
	/* What follows it is no part of it: no masks here. */
	assert_false(write(PCI_OF_CELL, NIC_MSI, 2, 0x1234).carry_out);
}

/* All of 32 messages from 0x1f down would begin at 0: they are made fewer. */
static void messages_are_made_fewer(void **state)
{
	(void)state;
	fill();
	space_set(&space, NIC_MSI + 2, 2, 0x008a); /* 32 */
	space_set(&space, NIC_MSI + 4, 4, 0xfee02000);
	space_set(&space, NIC_MSI + 12, 2, 0x001f);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 2, 2, 0x00db).value, 0x00cb);
	space_set(&space, NIC_MSI + 12, 2, 0x000f);
	assert_int_equal(write(PCI_OF_CELL, NIC_MSI + 2, 2, 0x00db).message, MSI_VECTOR);
}

static void masks_and_short_messages(void **state)
{
	(void)state;
	fill();
	space_set(&space, NIC_MSI + 2, 2, 0x0100); /* 32 bits, with masks */
	expect(PCI_OF_CELL, &(struct step){ NIC_MSI + 12, 4, 1, DONE, 1 });
	expect(PCI_OF_CELL, &(struct step){ NIC_MSI + 8, 2, 0x41, DONE, 0x41 });
	space_set(&space, NIC_MSI + 2, 2, 0x0000); /* 32 bits alone */
	expect(PCI_OF_CELL, &(struct step){ NIC_MSI + 12, 4, 1, DENIED, 0 });
	expect(PCI_OF_ROOT, &(struct step){ NIC_MSI + 12, 4, 1, DONE, 1 });
}

static void bridges_stand_still(void **state)
{
	static const struct step both[] = {
		{ 0x18, 4, 0x00050402, DENIED, 0 },
		{ 0x19, 1, 0x05, DENIED, 0 },
		{ 0x1c, 2, 0xd1d1, DENIED, 0 },
		{ 0x20, 4, 0xfeb0fe90, DENIED, 0 },
		{ 0x24, 4, 0x0001fff1, DROPPED, 0 },
		{ 0x28, 4, 1, DENIED, 0 },
		{ 0x30, 4, 1, DENIED, 0 },
		{ 0x1e, 2, 0xf900, DONE, 0xf900 },
		{ 0x3c, 1, 5, DONE, 5 },
		{ 0x4a, 2, 0x000f, DONE, 0x000f },
	};
	static const struct step free[] = {
		{ 0x04, 2, 0x0000, DONE, 0x0000 }, { 0x3e, 2, 0x0040, DONE, 0x0040 },
		{ 0x50, 2, 0x0010, DONE, 0x0010 }, { 0x58, 2, 0x07c0, DONE, 0x07c0 },
		{ 0x94, 2, 0x0003, DONE, 0x0003 }, { 0x60, 4, 1, DONE, 1 },
	};
	static const struct step held[] = {
		{ 0x04, 2, 0x0000, PARTLY, 0x0007 }, { 0x3e, 2, 0x0040, DENIED, 0 },
		{ 0x3e, 2, 0x0003, DONE, 0x0003 },   { 0x50, 2, 0x0010, DROPPED, 0 },
		{ 0x58, 2, 0x17ff, DONE, 0x13ff },   { 0x94, 2, 0x000b, DENIED, 0 },
		{ 0x48, 2, 0xffff, DONE, 0x281f },
	};
	enum pci_who who;
	size_t i;

	(void)state;
	for (who = PCI_OF_ROOT; who <= PCI_OF_CELL; who++)
		for (i = 0; i < BH_ARRAY_SIZE(both); i++) {
			fill();
			space_fill_bridge(&space);
			pci_function_open(&function, 8, NULL, &space.reader);
			expect(who, &both[i]);
		}
	for (i = 0; i < BH_ARRAY_SIZE(free); i++)
		expect(PCI_OF_ROOT, &free[i]);
	for (i = 0; i < BH_ARRAY_SIZE(held); i++)
		expect(PCI_OF_CELL, &held[i]);
	/* What a reset took, windows and numbers, may be written again. */
	space_set(&space, 0x18, 4, 0);
	expect(PCI_OF_ROOT, &(struct step){ 0x18, 4, 0x00050401, DONE, 0x00050401 });
}

/* A header that nobody knows may have base addresses anywhere. */
static void strange_headers_are_left_alone(void **state)
{
	(void)state;
	fill();
	space_set(&space, 0x0e, 1, 2);
	pci_function_open(&function, 0x18, NULL, &space.reader);
	expect(PCI_OF_ROOT, &(struct step){ 0x10, 4, 0xffffffff, DENIED, 0 });
	expect(PCI_OF_ROOT, &(struct step){ 0x20, 4, 0x12345678, DENIED, 0 });
	assert_int_equal(read(PCI_OF_ROOT, 0x30, 4), 0xfeb40000);
}

static void fill_chipset(uint32_t class)
{
	fill();
	space_set(&space, 0x08, 4, class << 16);
	pci_function_open(&function, 0, NULL, &space.reader);
}

/*
 * Where MMCONFIG and SMRAM are a host bridge has in registers of its maker's: at 0x60 and 0x9c of
 * Intel's q35. What capabilities say remains root's.
 */
static void root_does_not_move_the_machine(void **state)
{
	static const struct step steps[] = {
		{ 0x40, 4, 0xfed19001, DENIED, 0 },
		{ 0x60, 4, 0xa0000001, DENIED, 0 },
		{ 0x9c, 2, 0x4a4a, DENIED, 0 },
		{ 0x60, 4, 0, DROPPED, 0 },
		/* of the bridge to the sideband: where the IOAPIC is, and as whom it acts */
		{ 0x64, 2, 0x0110, DENIED, 0 }, { 0x6c, 2, 0x00f8, DENIED, 0 },
		{ NIC_MAKERS + 8, 4, 1, DENIED, 0 },
		{ NIC_MAKERS + 0x10, 1, 1, DENIED, 0 },
		{ NIC_POWER + 4, 2, 0x0103, DONE, 0x0103 },
		{ NIC_POWER + 6, 1, 1, DENIED, 0 },     /* behind the power management */
		{ NIC_MSI + 14, 2, 1, DROPPED, 0 },     /* behind the data of a message */
		{ NIC_MSIX + 2, 2, 0xc004, DONE, 0xc004 },
		{ NIC_MSIX + 0x20, 4, 1, DENIED, 0 },   /* behind the table's place */
		{ NIC_ERRORS + 8, 4, 0xffffffff, DONE, 0xffffffff },
		{ 0x04, 2, 0x0107, DONE, 0x0107 },
	};
	static const struct step routes[] = {
		{ 0x60, 4, 0x0a0b0a0b, DONE, 0x0a0b0a0b },
		{ 0x6b, 1, 0x80, DONE, 0x80 },
		{ 0x64, 1, 0x10, DENIED, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(steps); i++) {
		fill_chipset(0x0600);
		expect(PCI_OF_ROOT, &steps[i]);
		fill_chipset(0x0580);
		expect(PCI_OF_ROOT, &steps[i]);
	}
	for (i = 0; i < BH_ARRAY_SIZE(routes); i++) {
		fill_chipset(0x0601);
		expect(PCI_OF_ROOT, &routes[i]);
	}
	/* Elsewhere such registers are of that function alone. */
	fill_chipset(0x0500);
	expect(PCI_OF_ROOT, &(struct step){ 0x64, 2, 0x0110, DONE, 0x0110 });
	fill_chipset(0x0604);
	expect(PCI_OF_ROOT, &(struct step){ 0x60, 4, 0xa0000001, DONE, 0xa0000001 });
}

/* A header that stands there again has no rules of its own. */
static void nobody_writes_behind_the_space(void **state)
{
	static const struct step steps[] = {
		{ 0x110, 4, 0xfebc0000, DENIED, 0 }, { 0x104, 2, 0x0407, DROPPED, 0 },
		{ 0x104, 2, 0x0000, DENIED, 0 },     { 0xf10, 4, 0xffffffff, DENIED, 0 },
		{ 0x1d4, 4, 0xfee00000, DENIED, 0 }, { 0x110, 1, 0x10, DENIED, 0 },
		{ 0x110, 4, 0xfeb80000, DROPPED, 0 },
	};
	uint32_t offset;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * BH_ARRAY_SIZE(steps); i++) {
		fill();
		for (offset = 0x100; offset < 0x1000; offset += 0x100)
			memcpy(&space.bytes[offset], space.bytes, 0x100);
		pci_function_open(&function, 0x18, i % 2 ? &space_nic : NULL, &space.reader);
		expect(i % 2 ? PCI_OF_CELL : PCI_OF_ROOT, &steps[i / 2]);
		assert_int_equal(read(PCI_OF_ROOT, 0x110, 4), 0xfeb80000);
	}
	/* A conventional one has none, whatever is there. */
	fill();
	space_set(&space, NIC_EXPRESS, 1, 0x09);
	pci_function_open(&function, 0x18, NULL, &space.reader);
	expect(PCI_OF_ROOT, &(struct step){ NIC_ERRORS + 4, 4, 0xffffffff, DENIED, 0 });
	expect(PCI_OF_ROOT, &(struct step){ 0x200, 4, 1, DENIED, 0 });
}

/* What ports redirect to IOMMUs the hypervisor says. */
static void redirects_are_nobodys(void **state)
{
	enum pci_who who;

	(void)state;
	for (who = PCI_OF_ROOT; who <= PCI_OF_CELL; who++) {
		space_fill_bridge(&space);
		space_set(&space, 0x100, 4, 0x1000d);
		pci_function_open(&function, 8, NULL, &space.reader);
		expect(who, &(struct step){ 0x106, 2, 0x001d, DENIED, 0 });
		expect(who, &(struct step){ 0x106, 1, 0x00, DROPPED, 0 });
		expect(who, &(struct step){ 0x108, 4, 1, DENIED, 0 });
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_of_a_cell),
		cmocka_unit_test(capabilities_of_a_cell),
		cmocka_unit_test(root_may_nearly_all),
		cmocka_unit_test(sizes_are_told),
		cmocka_unit_test(sizes_are_asked),
		cmocka_unit_test(nothing_is_decoded_elsewhere),
		cmocka_unit_test(messages),
		cmocka_unit_test(messages_are_made_fewer),
		cmocka_unit_test(masks_and_short_messages),
		cmocka_unit_test(bridges_stand_still),
		cmocka_unit_test(strange_headers_are_left_alone),
		cmocka_unit_test(root_does_not_move_the_machine),
		cmocka_unit_test(nobody_writes_behind_the_space),
		cmocka_unit_test(redirects_are_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
