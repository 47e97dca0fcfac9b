// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault records as programs get them: what is there, what is left out, and which setting is
 * recommended with and without a board file. And the names of exit reasons, which they carry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tools/exit_reasons.h"
#include "tools/fault_show.h"
#include "tools/qualification.h"

static const struct bh_range pools[] = { { 0x38800000, 0x1000000 } };

static const struct bh_region regions[] = {
	{ .name = "low", .phys = 0, .size = 0xa0000 },
	{ .name = "hpet", .phys = 0xfed00000, .size = 0x1000 },
};

static const struct bh_board board = {
	.hypervisor = { 0x38000000, 0x800000 },
	.console = { .type = BH_CONSOLE_8250_PORT, .address = 0x2f8 },
	.pool_count = 1,
	.ioapic_count = 1,
	.root = { .region_count = 2 },
};

static const struct bh_ioapic ioapics[] = {
	{ .name = "ioapic", .at = 0xfec00000, .first = 0, .pins = 24 },
};

static const struct config_view view = {
	.board = &board, .pools = pools, .regions = regions, .ioapics = ioapics,
};

/* The text of a member; "" where there is none. */
static const char *member(struct json_object *object, const char *name)
{
	struct json_object *child;

	return json_object_object_get_ex(object, name, &child) ? json_object_get_string(child) : "";
}

static void expect(struct bh_fault fault, const struct config_view *with, const char *name,
		   const char *text)
{
	struct json_object *object = fault_json(&fault, with);

	assert_string_equal(member(object, name), text);
	json_object_put(object);
}

static struct bh_fault memory_at(uint64_t place, uint32_t access)
{
	return (struct bh_fault){ .kind = BH_FAULT_MEMORY, .place = place, .access = access };
}

static void devices_have_words(void **state)
{
	struct bh_fault fault = { .kind = BH_FAULT_PCI, .place = BH_PCI_PLACE(0x18, 0x04) };

	(void)state;
	expect(fault, &view, "owner",
	       "a register that the policy of configuration space keeps as it is");
	fault.place |= BH_PCI_IN_MSIX;
	expect(fault, &view, "owner", "an MSI-X table, whose messages must stay inside the cell");
	fault = (struct bh_fault){ .kind = BH_FAULT_PIN, .place = 5, .cell = 1 };
	expect(fault, &view, "setting", "cell.irqs: \"ioapic:5\"");
	expect(fault, NULL, "setting", "");
	fault.place = 24;
	expect(fault, &view, "setting", "");
	/* What is wired to something of the machine's own may be asked for in error. */
	fault.place = 2;
	expect(fault, &view, "setting", "cell.irqs: \"ioapic:2\", which is usually Linux's timer "
					"(IRQ 0) and no cell's");
	fault.place = 9;
	expect(fault, &view, "setting", "cell.irqs: \"ioapic:9\", which is usually ACPI's (SCI) "
					"and no cell's");
	fault.cell = 0;
	expect(fault, &view, "owner", "a cell's interrupt, or one that would reach a cell");
}

static void settings_are_recommended(void **state)
{
	struct bh_fault port = { .kind = BH_FAULT_PORT, .place = 0x2f8, .size = 1 };

	(void)state;
	expect(port, NULL, "setting", "root.ports: \"0x2f8\"");
	port.size = 4;
	port.place = 0xcf8;
	expect(port, &view, "setting", "root.ports: \"0xcf8-0xcfb\"");
	expect((struct bh_fault){ .kind = BH_FAULT_MSR, .place = 0xc8f }, &view, "setting",
	       "root.msrs: \"0xc8f\"");
	expect(memory_at(0xfed40123, BH_ACCESS_WRITE), &view, "setting",
	       "root.memory: { name = \"NAME\"; phys = 0xfed40000; size = \"4K\"; access = \"rw\"; "
	       "kind = \"device\"; }");
	expect((struct bh_fault){ .kind = BH_FAULT_TRIPLE }, &view, "setting", "");
}

/* Nobody tried it. */
static void machine_checks_are_had(void **state)
{
	struct bh_fault fault = {
		.kind = BH_FAULT_CHECK, .cpu = 3, .place = 4, .value = 0xb2ULL << 56, .rip = 0x1000,
		.flags = BH_FAULT_HAS_VALUE | BH_FAULT_STOPPED,
	};

	(void)state;
	expect(fault, &view, "kind", "machine_check");
	expect(fault, &view, "text", "CPU 3 had a machine check of bank 4, value "
	       "0xb200000000000000, at rip 0x1000; stopped");
	expect(fault, &view, "setting", "");
	fault.place = BH_CHECK_NO_BANK;
	fault.flags = 0;
	expect(fault, &view, "text", "CPU 3 had a machine check that no bank tells of, at rip "
	       "0x1000");
}

static void what_is_anothers_has_no_setting(void **state)
{
	static const struct {
		uint64_t place;
		const char *owner;
	} places[] = {
		{ 0x38000000, "the hypervisor's memory" },
		{ 0x387fffff, "the hypervisor's memory" },
		{ 0x38800000, "memory set aside for cells" },
		{ 0x39800000, "" },
		{ 0x37ffffff, "" },
	};
	struct bh_fault port = { .kind = BH_FAULT_PORT, .place = 0x2ff, .size = 1 };
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(places); i++) {
		struct bh_fault fault = memory_at(places[i].place, BH_ACCESS_READ);
		struct json_object *object = fault_json(&fault, &view);

		assert_string_equal(member(object, "owner"), places[i].owner);
		assert_int_equal(member(object, "setting")[0] == '\0', places[i].owner[0] != '\0');
		json_object_put(object);
	}
	expect(port, &view, "owner", "the hypervisor's console");
	expect(port, &view, "setting", "");
	port.place = 0x300;
	expect(port, &view, "owner", "");
}

static void cells_have_settings_of_their_own(void **state)
{
	struct bh_fault fault = { .kind = BH_FAULT_PORT, .cell = 2, .place = 0x510, .size = 2 };

	(void)state;
	expect(fault, &view, "setting", "cell.ports: \"0x510-0x511\"");
	fault.kind = BH_FAULT_MSR;
	expect(fault, &view, "setting", "cell.msrs: \"0x510\"");
	fault = memory_at(0x38000000, BH_ACCESS_READ);
	fault.cell = 2; /* its addresses are not root's: this is not the hypervisor's memory */
	expect(fault, &view, "owner", "");
	expect(fault, &view, "setting",
	       "cell.memory: { name = \"NAME\"; phys = 0x38000000; size = \"4K\"; access = \"r\"; "
	       "kind = \"device\"; }");
	fault.place = 0xfee00300;
	expect(fault, NULL, "owner", "the local APIC's range, which the hypervisor keeps");
	expect(fault, NULL, "setting", "");
	fault.place = 0xfeefffff; /* where interrupts are sent by writes */
	expect(fault, NULL, "owner", "the local APIC's range, which the hypervisor keeps");
	expect(fault, NULL, "setting", "");
	fault = (struct bh_fault){ .kind = BH_FAULT_HYPERCALL, .cell = 2, .place = 7 };
	expect(fault, NULL, "setting", "cell.console: \"log\"");
	fault.place = 1;
	expect(fault, NULL, "setting", "");
}

static struct bh_fault in_region(uint32_t tried, uint32_t allowed)
{
	struct bh_fault fault = memory_at(0x1000, tried);

	fault.cell = 2;
	fault.flags = BH_FAULT_HAS_REGION;
	fault.region = 3;
	fault.region_size = 0x10000;
	fault.region_access = allowed;
	memcpy(fault.region_name, "ram", sizeof("ram"));
	return fault;
}

static void a_region_that_is_there_gets_more_rights(void **state)
{
	struct bh_fault fault = in_region(BH_ACCESS_WRITE, BH_ACCESS_READ);

	(void)state;
	expect(fault, NULL, "setting", "cell.memory[3] \"ram\": access = \"rw\"");
	expect(in_region(BH_ACCESS_EXECUTE, BH_ACCESS_READ | BH_ACCESS_WRITE), NULL, "setting",
	       "cell.memory[3] \"ram\": access = \"rwx\"");
	/* With all these rights it was something else. */
	expect(in_region(BH_ACCESS_WRITE, BH_ACCESS_READ | BH_ACCESS_WRITE), NULL, "setting", "");
	fault.distance = 1;
	expect(fault, NULL, "setting",
	       "cell.memory: { name = \"NAME\"; phys = 0x1000; size = \"4K\"; access = \"rw\"; "
	       "kind = \"device\"; }");
}

static void regions_are_named_where_they_are_known(void **state)
{
	struct bh_fault fault = memory_at(0xfed01000, BH_ACCESS_READ);

	(void)state;
	expect(fault, &view, "region", "");
	fault.flags = BH_FAULT_HAS_REGION;
	fault.region = 1;
	fault.distance = 1;
	expect(fault, NULL, "region", "{ \"index\": 1, \"distance\": 1 }");
	expect(fault, &view, "region", "{ \"index\": 1, \"name\": \"hpet\", \"distance\": 1 }");
	fault.region = 2; /* the file is not the one that was enabled */
	expect(fault, &view, "region", "{ \"index\": 2, \"distance\": 1 }");
	fault.region = 1;
	fault.cell = 1; /* not root's regions */
	expect(fault, &view, "region", "{ \"index\": 1, \"distance\": 1 }");
	/* The record's own word counts most: the cell may be gone. */
	memcpy(fault.region_name, "ram", sizeof("ram"));
	fault.region_at = 0xfed02000;
	fault.region_size = 0x2000;
	fault.region_access = BH_ACCESS_READ | BH_ACCESS_EXECUTE;
	expect(fault, &view, "region", "{ \"index\": 1, \"name\": \"ram\", \"at\": "
	       "\"0xfed02000\", \"size\": 8192, \"access\": [ \"read\", \"execute\" ], "
	       "\"distance\": 1 }");
}

static void cells_are_named(void **state)
{
	struct bh_fault fault = { .kind = BH_FAULT_PORT };

	(void)state;
	expect(fault, NULL, "cell_name", "root");
	memcpy(fault.cell_name, "linux", sizeof("linux"));
	expect(fault, NULL, "cell_name", "linux");
}

static void expect_instruction(uint32_t mode, const char *bytes, uint8_t count, const char *text)
{
	struct bh_fault fault = { .kind = BH_FAULT_EXIT, .mode = mode, .byte_count = count };

	memcpy(fault.bytes, bytes, count);
	expect(fault, NULL, "instruction", text);
}

/* Encodings as the assembler makes them of these words. */
static void bytes_are_those_of_the_instruction(void **state)
{
	struct bh_fault fault = {
		.kind = BH_FAULT_MEMORY, .cpu = 3, .mode = 32, .byte_count = 8, .place = 0x200000,
		.bytes = { 0x8b, 0x0d, 0x00, 0x00, 0x20, 0x00, 0xb8, 0x08 }, .size = 4,
		.access = BH_ACCESS_READ,
	};

	(void)state;
	expect(fault, NULL, "bytes", "8b0d00002000");
	expect(fault, NULL, "text", "CPU 3 tried to read address 0x200000, which is not its own, 4 "
	       "bytes, at rip 0x0, by 8b 0d 00 00 20 00 (mov ecx, dword ds:[0x200000])");
	fault.bytes[0] = 0xe6;
	expect(fault, NULL, "bytes", "e60d00002000b808");
}

static void instructions_have_mnemonics(void **state)
{
	(void)state;
	expect_instruction(64, "\xc7\x03\x01\x00\x00\x00", 6, "mov dword [rbx], 0x1");
	expect_instruction(64, "\xe6\x70", 2, "out 0x70, al");
	expect_instruction(64, "\xef", 1, "out dx, eax");
	expect_instruction(64, "\x66\xef", 2, "out dx, ax");
	expect_instruction(16, "\xed", 1, "in ax, dx");
	expect_instruction(16, "\x66\xed", 2, "in eax, dx");
	expect_instruction(32, "\xf3\x6d", 2, "ins eax");
	expect_instruction(64, "\x0f\x30", 2, "wrmsr");
	expect_instruction(64, "\x0f\x01\xc1", 3, "vmcall");
	expect_instruction(64, "\x0f\x01\x10", 3, "lgdt");
	expect_instruction(64, "\x0f\xc7\x30", 3, "vmptrld");
	expect_instruction(64, "\x66\x0f\xc7\x30", 4, "vmclear");
	expect_instruction(64, "\xf3\x0f\xc7\x30", 4, "vmxon");
	expect_instruction(64, "\x66\x41\x0f\x38\x80\x00", 6, "invept");
	expect_instruction(32, "\xcd\x80", 2, "int 0x80");
	/* What follows the instruction is not part of it. */
	expect_instruction(32, "\x8b\x0d\x00\x00\x20\x00\xb8\x08", 8,
			   "mov ecx, dword ds:[0x200000]");
	/* Cut short, unknown, or nothing at all. */
	expect_instruction(64, "\xe6", 1, "");
	expect_instruction(64, "\x0f\x01", 2, "");
	expect_instruction(64, "\x66\x66", 2, "");
	expect_instruction(64, "\x0f\xff", 2, "");
	expect_instruction(32, "\x40\xe6\x70", 3, ""); /* INC EAX is no prefix here */
	expect_instruction(64, "", 0, "");
}

static void values_are_shown_where_they_are_valid(void **state)
{
	struct bh_fault fault = {
		.kind = BH_FAULT_PORT, .place = 0x70, .value = 0xffffffffffffffff, .linear = 1,
		.access = BH_ACCESS_READ | BH_ACCESS_WRITE, .exit_reason = 30,
		.byte_count = 2, .bytes = { 0xe6, 0x70 },
	};

	(void)state;
	expect(fault, NULL, "value", "");
	expect(fault, NULL, "linear", "");
	fault.flags = BH_FAULT_HAS_VALUE | BH_FAULT_HAS_LINEAR | BH_FAULT_STOPPED;
	expect(fault, NULL, "value", "0xffffffffffffffff");
	expect(fault, NULL, "linear", "0x1");
	expect(fault, NULL, "stopped", "true");
	expect(fault, NULL, "kind", "port");
	expect(fault, NULL, "access", "[ \"read\", \"write\" ]");
	expect(fault, NULL, "bytes", "e670");
	expect(fault, NULL, "exit_reason_name", "I/O instruction");
}

static void expect_name(uint32_t backend, uint32_t reason, const char *expected)
{
	char name[EXIT_REASON_NAME_MAX];

	exit_reason_name(backend, reason, name);
	assert_string_equal(name, expected);
}

static void exit_reasons_have_names(void **state)
{
	(void)state;
	expect_name(BH_BACKEND_VMX, 10, "CPUID");
	expect_name(BH_BACKEND_VMX, 48, "EPT violation");
	expect_name(BH_BACKEND_VMX, 79, "WRMSRLIST");
	expect_name(BH_BACKEND_VMX, 35, "reason 35"); /* the manual has none */
	expect_name(BH_BACKEND_VMX, UINT32_MAX, "reason 4294967295");
	expect_name(BH_BACKEND_SVM, 0x72, "CPUID");
	expect_name(BH_BACKEND_SVM, 0x81, "VMMCALL");
	expect_name(BH_BACKEND_SVM, 0x4d, "general protection (#GP)");
	expect_name(BH_BACKEND_SVM, 0x14, "CR4 write");
	expect_name(BH_BACKEND_SVM, 0x98, "CR8 write trap");
	expect_name(BH_BACKEND_SVM, 0x400, "nested page fault");
	expect_name(BH_BACKEND_SVM, 0x401, "exit code 0x401");
}

/* Counters of VMX are by basic exit reason, those of SVM by exit code from 0x40 on. */
static void exit_counters_have_names(void **state)
{
	static const struct {
		uint32_t backend, counter;
		const char *name;
	} rows[] = {
		{ BH_BACKEND_VMX, 18, "VMCALL" }, { BH_BACKEND_VMX, 127, "reason 127" },
		{ BH_BACKEND_SVM, 0, "divide error (#DE)" }, { BH_BACKEND_SVM, 33, "NMI" },
		{ BH_BACKEND_SVM, 50, "CPUID" }, { BH_BACKEND_SVM, 65, "VMMCALL" },
		{ BH_BACKEND_SVM, 126, "exit code 0xbe" },
		{ BH_BACKEND_SVM, 127, "nested page fault or another" },
	};
	char name[EXIT_REASON_NAME_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(rows); i++) {
		exit_counter_name(rows[i].backend, rows[i].counter, name);
		assert_string_equal(name, rows[i].name);
	}
}

static void expect_words(uint32_t backend, uint32_t reason, uint64_t bits, const char *expected)
{
	const struct bh_fault fault = {
		.kind = BH_FAULT_MEMORY, .backend = backend, .exit_reason = reason,
		.qualification = bits,
	};
	char text[QUALIFICATION_TEXT_MAX];

	qualification_text(&fault, text);
	assert_string_equal(text, expected);
}

/* SDM vol. 3, table 28-7; APM vol. 2, 15.25.6. */
static void qualifications_have_words(void **state)
{
	(void)state;
	expect_words(BH_BACKEND_VMX, 48, 0x181, "read, of the address itself");
	expect_words(BH_BACKEND_VMX, 48, 0x0a, "write, mapped readable");
	expect_words(BH_BACKEND_VMX, 30, 0x181, "");
	expect_words(BH_BACKEND_SVM, 0x400, 0x100000006,
		     "not mapped, write, of the address itself");
	expect_words(BH_BACKEND_SVM, 0x400, 0x100000015,
		     "mapped, not allowed, fetch, of the address itself");
	expect_words(BH_BACKEND_SVM, 0x400, 0x200000004,
		     "not mapped, of a table of the cell's own");
	expect_words(BH_BACKEND_SVM, 0x7b, 1, "");
	/* All of them have room. */
	expect_words(BH_BACKEND_SVM, 0x400, ~0ULL, "mapped, not allowed, write, reserved bits, "
		     "fetch, shadow stack, of the address itself, of a table of the cell's own");
}

/* By a device nothing is executed. */
static void devices_are_named(void **state)
{
	struct bh_fault fault = {
		.kind = BH_FAULT_DMA, .qualification = 0x101fa, .place = 0x38000000,
		.access = BH_ACCESS_WRITE, .exit_reason = 5,
	};
	struct json_object *object = fault_json(&fault, &view);

	(void)state;
	assert_string_equal(member(object, "device"), "0001:01:1f.2");
	assert_string_equal(member(object, "reason"), "5");
	assert_string_equal(member(object, "rip"), "");
	json_object_put(object);
	expect(fault, &view, "text", "device 0001:01:1f.2 tried to write address 0x38000000 by "
	       "DMA, which it may not (reason 0x5)");
	fault.access = 0;
	fault.flags = BH_FAULT_STOPPED;
	fault.exit_reason = 0x25;
	expect(fault, &view, "text", "device 0001:01:1f.2 tried to interrupt a CPU (reason 0x25); "
	       "stopped");
	expect(fault, &view, "setting", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_have_words),
		cmocka_unit_test(settings_are_recommended),
		cmocka_unit_test(machine_checks_are_had),
		cmocka_unit_test(what_is_anothers_has_no_setting),
		cmocka_unit_test(cells_have_settings_of_their_own),
		cmocka_unit_test(a_region_that_is_there_gets_more_rights),
		cmocka_unit_test(cells_are_named),
		cmocka_unit_test(bytes_are_those_of_the_instruction),
		cmocka_unit_test(instructions_have_mnemonics),
		cmocka_unit_test(regions_are_named_where_they_are_known),
		cmocka_unit_test(values_are_shown_where_they_are_valid),
		cmocka_unit_test(exit_reasons_have_names),
		cmocka_unit_test(exit_counters_have_names),
		cmocka_unit_test(qualifications_have_words),
		cmocka_unit_test(devices_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
