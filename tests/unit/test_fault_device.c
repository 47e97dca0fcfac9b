// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of devices as people and programs get them: the device's name, why its IOMMU stopped it,
 * and what to do: a setting for what its cell has already, and never one for what is another's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <bulkhead/iommu.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/fault_device.h"
#include "tools/fault_show.h"

#define EDU  0x10020u /* 0001:00:04.0 */
#define CARD 0x10308u /* behind a bridge, for which the unit takes it */
#define DISK 0x10310u /* behind the same one */
#define SEEN 0x10300u

/* As in a blob: the part on IOMMUs is the last one. */
static struct blob {
	struct bh_config_header header;
	struct bh_board board;
	struct bh_range pools[1];
	struct bh_device devices[4];
	struct bh_iommus head;
	struct bh_iommu units[1];
	struct bh_iommu_scope scopes[2];
} blob = {
	.header = { .size = sizeof(struct blob) },
	.board = {
		.hypervisor = { 0x38000000, 0x800000 }, .pool_count = 1, .device_count = 4,
		.iommu_size = sizeof(struct blob) - offsetof(struct blob, head),
	},
	.pools = { { 0x38800000, 0x1000000 } },
	.devices = {
		{ .name = "other", .address = EDU & 0xffff }, { .name = "edu", .address = EDU },
		{ .name = "card", .address = CARD }, { .name = "disk", .address = DISK },
	},
	.head = { .iommu_count = 1, .scope_count = 2 },
	.units = { { .kind = BH_IOMMU_VTD, .flags = BH_IOMMU_ALL, .segment = 1,
		     .scope_count = 2 } },
	.scopes = {
		{ BH_IOMMU_ALIAS, CARD & 0xffff, SEEN & 0xffff, 0 },
		{ BH_IOMMU_ALIAS, DISK & 0xffff, SEEN & 0xffff, 0 },
	},
};

static const struct config_view view = {
	.header = &blob.header, .board = &blob.board, .pools = blob.pools,
	.devices = blob.devices,
};

/* By "edu" of cell 1. */
static struct bh_fault fault_at(uint64_t place, uint32_t access)
{
	return (struct bh_fault){
		.kind = BH_FAULT_DMA, .sequence = 7, .cell = 1, .cell_name = "rt0",
		.qualification = EDU, .place = place, .access = access, .exit_reason = 5,
		.backend = BH_IOMMU_VTD,
	};
}

/* In 64 KiB of it at 16 MiB. */
static struct bh_fault fault_in(uint32_t access, uint32_t allowed, uint32_t flags)
{
	struct bh_fault fault = fault_at(0x1002000, access);

	fault.flags = BH_FAULT_HAS_REGION | flags;
	fault.region = 2;
	fault.region_at = 0x1000000;
	fault.region_size = 0x10000;
	fault.region_access = allowed;
	strcpy(fault.region_name, "kept");
	return fault;
}

/* The text of a member; "" where there is none. */
static void expect(struct bh_fault fault, const struct config_view *with, const char *name,
		   const char *text)
{
	struct json_object *object = fault_json(&fault, with);
	struct json_object *child;

	assert_string_equal(json_object_object_get_ex(object, name, &child) ?
			    json_object_get_string(child) : "", text);
	json_object_put(object);
}

/* Both at once: what is not said is nothing. */
static void expect_advice(struct bh_fault fault, const char *setting, const char *note)
{
	expect(fault, &view, "setting", setting);
	expect(fault, &view, "note", note);
}

#define READ   BH_ACCESS_READ
#define WRITE  BH_ACCESS_WRITE
#define BOTH   (BH_ACCESS_READ | BH_ACCESS_WRITE)
#define RAM    BH_FAULT_REGION_RAM
#define OPEN   (BH_FAULT_REGION_RAM | BH_FAULT_REGION_DMA)

/* Who it was is not known, so nothing is said of its driver, or of a setting. */
static void who_speaks_as_nobody_is_beside(void **state)
{
	const char *beside = "no device of the board has this id: one of the cell's beside it "
			     "sends by an id that is not its own";
	struct bh_fault fault = fault_in(READ, BOTH, RAM);

	(void)state;
	fault.qualification = EDU + 5;
	expect_advice(fault, "", beside);
	fault = fault_at(0x38000000, WRITE);
	fault.qualification = EDU + 5;
	expect_advice(fault, "", beside);
	/* Of root's devices the board need not know any. */
	fault.cell = 0;
	expect_advice(fault, "", "");
}

static void devices_have_their_names_in_the_board(void **state)
{
	struct bh_fault fault = fault_at(0x38000000, WRITE);

	(void)state;
	expect(fault, &view, "device", "0001:00:04.0");
	expect(fault, &view, "device_name", "\"edu\"");
	expect(fault, NULL, "device_name", "");
	fault.qualification = SEEN;
	expect(fault, &view, "device_name", "\"card\" or \"disk\"");
	/* By the id that the unit does not see it has done nothing. */
	fault.qualification = CARD;
	expect(fault, &view, "device_name", "");
}

static void reasons_are_told_in_words(void **state)
{
	struct bh_fault fault = fault_at(0x38000000, WRITE);

	(void)state;
	expect(fault, &view, "iommu", "VT-d");
	expect(fault, &view, "reason", "5");
	expect(fault, &view, "reason_text", "nothing there that it may write");
	expect(fault, &view, "text", "device 0001:00:04.0 tried to write address 0x38000000 by "
	       "DMA, which it may not (VT-d reason 0x5: nothing there that it may write)");
	fault.exit_reason = 0x5c;
	fault.flags = BH_FAULT_STOPPED;
	expect(fault, &view, "reason_text", "");
	expect(fault, &view, "text", "device 0001:00:04.0 tried to write address 0x38000000 by "
	       "DMA, which it may not (VT-d reason 0x5c); stopped");
	fault.access = 0;
	fault.backend = BH_IOMMU_AMDVI;
	fault.exit_reason = 2;
	expect(fault, &view, "text", "device 0001:00:04.0 tried to interrupt a CPU (AMD-Vi reason "
	       "0x2: a page fault: nothing mapped for this); stopped");
}

static void memory_of_its_cell_may_be_given_to_it(void **state)
{
	(void)state;
	expect_advice(fault_in(WRITE, BOTH, RAM), "cell.memory[2] \"kept\": dma = true", "");
	expect_advice(fault_in(READ, READ, RAM), "cell.memory[2] \"kept\": dma = true", "");
	expect_advice(fault_in(WRITE, READ, OPEN), "cell.memory[2] \"kept\": access = \"rw\"", "");
	/* Something else is wrong: the reason says what. */
	expect_advice(fault_in(WRITE, BOTH, OPEN), "", "");
	expect_advice(fault_in(READ, READ, OPEN), "", "");
	expect_advice(fault_in(WRITE, BOTH, 0), "", "devices reach RAM only");
	expect(fault_in(WRITE, BOTH, RAM), NULL, "region", "{ \"index\": 2, \"name\": \"kept\", "
	       "\"at\": \"0x1000000\", \"size\": 65536, \"access\": [ \"read\", \"write\" ], "
	       "\"dma\": false, \"distance\": 0 }");
}

/* No wall is opened for an address that the device was told by mistake. */
static void what_is_not_its_cells_has_no_setting(void **state)
{
	static const char *const wrong = "the device was told an address that is not its cell's "
					 "memory: its driver is wrong";
	struct bh_fault fault = fault_in(WRITE, BOTH, OPEN);

	(void)state;
	fault.distance = 1;
	expect_advice(fault, "", wrong);
	/* An address of the cell's, which is another one's place. */
	expect_advice(fault_at(0x38000000, WRITE), "", wrong);
	expect(fault_at(0x38000000, WRITE), &view, "owner", "");
}

static void root_hears_whose_it_is(void **state)
{
	struct bh_fault fault = fault_at(0x38000000, WRITE);

	(void)state;
	fault.cell = 0;
	expect(fault, &view, "owner", "the hypervisor's memory");
	expect_advice(fault, "", "");
	fault.place = 0x38800000;
	expect(fault, &view, "owner", "memory set aside for cells");
	expect_advice(fault, "", "");
	fault.place = 0x7b000000;
	expect(fault, &view, "owner", "");
	expect_advice(fault, "", "root has no memory there: the device's driver is wrong, or "
		      "root.memory lacks some RAM");
	fault = fault_in(WRITE, BOTH, RAM);
	fault.cell = 0;
	expect_advice(fault, "", "devices of root do not reach what it shares or lends");
}

static void interrupts_have_no_place(void **state)
{
	struct bh_fault fault = fault_at(0, 0);

	(void)state;
	fault.exit_reason = 0x26;
	expect_advice(fault, "", "");
	expect(fault, &view, "owner", "");
	expect(fault, &view, "reason_text", "it names an entry that is another's");
	fault.cell = 0;
	expect_advice(fault, "", "");
}

/* What a person reads of one fault, without when it was. */
static void expect_lines(struct bh_fault fault, const char *expected)
{
	char text[1024] = "";
	FILE *file = tmpfile();
	int stdout_kept = dup(STDOUT_FILENO);

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	faults_print(&fault, 1, &view);
	fflush(stdout);
	dup2(stdout_kept, STDOUT_FILENO);
	close(stdout_kept);
	rewind(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_non_null(strstr(text, ", cell 1 \"rt0\": device 0001:00:04.0 tried to "));
	assert_string_equal(strchr(text, '\n') + 1, expected);
}

static void people_read_who_where_and_what_to_do(void **state)
{
	struct bh_fault fault = fault_in(WRITE, BOTH, RAM);

	(void)state;
	expect_lines(fault, "    the device is \"edu\" of the board\n    TSC 0\n"
		     "    nearest region: memory[2] \"kept\" 0x1000000-0x100ffff, which it is in: "
		     "the region is not for devices\n"
		     "    if this was meant, set cell.memory[2] \"kept\": dma = true\n");
	expect_lines(fault_in(WRITE, READ, OPEN), "    the device is \"edu\" of the board\n"
		     "    TSC 0\n    nearest region: memory[2] \"kept\" 0x1000000-0x100ffff, "
		     "which it is in: the region does not allow this access\n"
		     "    if this was meant, set cell.memory[2] \"kept\": access = \"rw\"\n");
	expect_lines(fault_in(WRITE, BOTH, OPEN), "    the device is \"edu\" of the board\n"
		     "    TSC 0\n    nearest region: memory[2] \"kept\" 0x1000000-0x100ffff, "
		     "which it is in: devices may do this there\n");
	fault.place = 0xfff000;
	fault.distance = 4096;
	expect_lines(fault, "    the device is \"edu\" of the board\n    TSC 0\n"
		     "    nearest region: memory[2] \"kept\" 0x1000000-0x100ffff, which begins "
		     "4 KiB above it\n    the device was told an address that is not its cell's "
		     "memory: its driver is wrong\n");
	fault = fault_at(0, 0);
	fault.qualification = 0x10020;
	expect_lines(fault, "    the device is \"edu\" of the board\n    TSC 0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_have_their_names_in_the_board),
		cmocka_unit_test(who_speaks_as_nobody_is_beside),
		cmocka_unit_test(reasons_are_told_in_words),
		cmocka_unit_test(memory_of_its_cell_may_be_given_to_it),
		cmocka_unit_test(what_is_not_its_cells_has_no_setting),
		cmocka_unit_test(root_hears_whose_it_is),
		cmocka_unit_test(interrupts_have_no_place),
		cmocka_unit_test(people_read_who_where_and_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
