// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core files as `cell dump` writes them, read back by the offsets of the ELF specification and of
 * Linux's struct elf_prstatus, on which gdb relies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/refuse.h"
#include "tools/cell/core_file.h"

#define PAGE 4096

static const struct core_memory memory[] = {
	{ 0x0, 3 * PAGE, BH_ACCESS_READ | BH_ACCESS_WRITE | BH_ACCESS_EXECUTE },
	{ 0x80000000, PAGE, BH_ACCESS_READ },
};

static struct bh_registers registers[2];

/* A pattern that names the place; the second page of the first region is zeros. */
static unsigned char byte_at(uint64_t at)
{
	return at >= PAGE && at < 2 * PAGE ? 0 : (unsigned char)(at * 31 + (at >> 31) + 1);
}

static bool read_pattern(void *context, uint64_t at, void *buffer, size_t size,
			 struct bh_refusal *refusal)
{
	unsigned char *bytes = buffer;
	size_t i;

	if (context)
		return refuse(refusal, "no memory today");
	for (i = 0; i < size; i++)
		bytes[i] = byte_at(at + i);
	return true;
}

static struct core_file core = {
	.name = "rt0", .signal = 11, .registers = registers, .cpus = 2, .memory = memory,
	.memory_count = 2, .read = read_pattern,
};

static void fill_registers(void)
{
	size_t i;

	for (i = 0; i < 16; i++)
		registers[0].gprs[i] = 0x1000 + i;
	registers[0].rip = 0x1234;
	registers[0].rflags = 0x10002;
	registers[0].efer = 1 << 10;
	registers[0].segments[1].selector = 0x8;
	registers[0].segments[1].base = 0x77;
	registers[0].segments[4].base = 0xf5;
	registers[0].cpu = 3;
	/* Real mode, as at the reset vector. */
	registers[1].rip = 0xfff0;
	registers[1].gprs[4] = 0x20;
	registers[1].segments[1].base = 0xffff0000;
	registers[1].segments[2].base = 0x500;
	registers[1].cpu = 2;
}

struct file {
	unsigned char *bytes;
	size_t size;
};

static struct file written(void)
{
	FILE *out = tmpfile();
	struct bh_refusal refusal;
	struct file file;

	fill_registers();
	assert_true(core_write(out, &core, &refusal));
	fseeko(out, 0, SEEK_END);
	file.size = (size_t)ftello(out);
	file.bytes = malloc(file.size);
	rewind(out);
	assert_int_equal(fread(file.bytes, 1, file.size, out), file.size);
	fclose(out);
	return file;
}

static uint64_t get(const struct file *file, size_t at, unsigned int size)
{
	uint64_t value = 0;

	assert_true(at + size <= file->size);
	while (size--)
		value = value << 8 | file->bytes[at + size];
	return value;
}

static void memory_is_where_the_headers_say(void **state)
{
	struct file file = written();
	size_t i, header;
	uint64_t byte;

	(void)state;
	assert_memory_equal(file.bytes, "\x7f""ELF\x02\x01\x01", 7);
	assert_int_equal(get(&file, 16, 2), 4);  /* a core file */
	assert_int_equal(get(&file, 18, 2), 62); /* of x86-64 */
	assert_int_equal(get(&file, 32, 8), 64);
	assert_int_equal(get(&file, 54, 2), 56);
	assert_int_equal(get(&file, 56, 2), 3);
	assert_int_equal(get(&file, 64, 4), 4); /* notes */
	for (i = 0; i < 2; i++) {
		uint64_t offset;

		header = 64 + 56 * (i + 1);
		offset = get(&file, header + 8, 8);
		assert_int_equal(get(&file, header, 4), 1);
		assert_int_equal(get(&file, header + 4, 4), i ? 4 : 7);
		assert_int_equal(offset % PAGE, 0);
		assert_int_equal(get(&file, header + 16, 8), memory[i].at);
		assert_int_equal(get(&file, header + 24, 8), memory[i].at);
		assert_int_equal(get(&file, header + 32, 8), memory[i].size);
		assert_int_equal(get(&file, header + 40, 8), memory[i].size);
		for (byte = 0; byte < memory[i].size; byte++)
			assert_int_equal(get(&file, offset + byte, 1),
					 byte_at(memory[i].at + byte));
	}
	assert_int_equal(core_memory_size(&core), 4 * PAGE);
	free(file.bytes);
}

/* The `index`th note of a type; its description's offset. */
static size_t find_note(const struct file *file, uint32_t type, const char *name,
			unsigned int index)
{
	size_t at = get(file, 64 + 8, 8);
	size_t end = at + get(file, 64 + 32, 8);

	while (at < end) {
		size_t name_size = get(file, at, 4), size = get(file, at + 4, 4);
		size_t description = at + 12 + (name_size + 3) / 4 * 4;

		if (get(file, at + 8, 4) == type && name_size == strlen(name) + 1 &&
		    memcmp(file->bytes + at + 12, name, name_size) == 0 && index-- == 0)
			return description;
		at = description + (size + 3) / 4 * 4;
	}
	assert_int_equal(at, end);
	return 0;
}

static void each_cpu_is_a_thread(void **state)
{
	/* Index in elf_gregset_t of each general-purpose register, in the order of bh_registers. */
	static const unsigned int places[] = {
		10, 11, 12, 5, 19, 4, 13, 14, 9, 8, 7, 6, 3, 2, 1, 0,
	};
	struct file file = written();
	size_t status = find_note(&file, 1, "CORE", 0);
	size_t i;

	(void)state;
	assert_true(status);
	assert_int_equal(get(&file, status + 12, 2), 11); /* the signal */
	assert_int_equal(get(&file, status + 32, 4), 4);  /* the thread: CPU 3 */
	for (i = 0; i < 16; i++)
		assert_int_equal(get(&file, status + 112 + 8 * places[i], 8), 0x1000 + i);
	assert_int_equal(get(&file, status + 112 + 8 * 15, 8), UINT64_MAX);
	assert_int_equal(get(&file, status + 112 + 8 * 16, 8), 0x1234);
	assert_int_equal(get(&file, status + 112 + 8 * 17, 8), 0x8);
	assert_int_equal(get(&file, status + 112 + 8 * 18, 8), 0x10002);
	assert_int_equal(get(&file, status + 112 + 8 * 21, 8), 0xf5);
	status = find_note(&file, 1, "CORE", 1);
	assert_int_equal(get(&file, status + 32, 4), 3);
	/* Outside long mode these are linear addresses. */
	assert_int_equal(get(&file, status + 112 + 8 * 16, 8), 0xfffffff0);
	assert_int_equal(get(&file, status + 112 + 8 * 19, 8), 0x520);
	assert_int_equal(find_note(&file, 1, "CORE", 2), 0);
	free(file.bytes);
}

static void the_cell_is_named(void **state)
{
	struct file file = written();
	size_t name = find_note(&file, 0x42480002, "BULKHEAD", 0);

	(void)state;
	assert_string_equal((char *)file.bytes + name, "rt0");
	free(file.bytes);
}

static void all_registers_are_in_a_note_of_ours(void **state)
{
	struct file file = written();
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++)
		assert_memory_equal(file.bytes + find_note(&file, 0x42480001, "BULKHEAD", i),
				    &registers[i], sizeof(registers[i]));
	free(file.bytes);
}

static void what_cannot_be_read_or_written_is_told(void **state)
{
	struct core_file unreadable = core;
	struct bh_refusal refusal;
	FILE *out = tmpfile();

	(void)state;
	unreadable.context = &unreadable;
	assert_false(core_write(out, &unreadable, &refusal));
	assert_string_equal(refusal.text, "no memory today");
	fclose(out);
	out = fopen("/dev/full", "w");
	assert_false(core_write(out, &core, &refusal));
	assert_string_equal(refusal.text, "cannot write: No space left on device");
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_where_the_headers_say),
		cmocka_unit_test(each_cpu_is_a_thread),
		cmocka_unit_test(the_cell_is_named),
		cmocka_unit_test(all_registers_are_in_a_note_of_ours),
		cmocka_unit_test(what_cannot_be_read_or_written_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
