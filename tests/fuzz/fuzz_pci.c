/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the policy of configuration space. The input is a function's registers, where it may say
 * of itself what it likes, and then writes of the cell that has it. Whatever happens, only bits of
 * a list that stands here, too, may change, and a message in force stays inside the cell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/pci_policy.h"

#define SPACE   4096u
#define COMMAND 6u /* bytes of the input for each write */

/* Registers of the hardware, and what may have become of them. */
struct space {
	uint8_t bytes[SPACE];
	uint8_t may_change[SPACE]; /* bits */
	uint8_t clears[SPACE];     /* bits that hardware clears where 1 is written */
	uint8_t begins[SPACE];     /* not 0 where a capability does */
};

static uint32_t word_at(const uint8_t *bytes, uint32_t offset)
{
	uint32_t word;

	memcpy(&word, &bytes[offset & ~3u], 4);
	return word;
}

static uint32_t read_word(void *context, uint32_t offset)
{
	const struct space *space = context;

	if (offset >= SPACE || offset % 4)
		abort();
	return word_at(space->bytes, offset);
}

static void set(uint8_t *field, uint32_t offset, uint32_t bits, uint32_t bytes)
{
	uint32_t i;

	for (i = 0; i < bytes && offset + i < SPACE; i++)
		field[offset + i] |= (uint8_t)(bits >> 8 * i);
}

static void allow(struct space *space, uint32_t offset, uint32_t bits, uint32_t bytes)
{
	set(space->may_change, offset, bits, bytes);
}

/* Where capabilities overlap, hardware has the one that begins last. */
static void clear_by_1(struct space *space, uint32_t capability, uint32_t at, uint32_t bits)
{
	uint32_t limit = capability < 0x100 ? 0x100 : SPACE, end = capability + 1;

	while (end < limit && !space->begins[end])
		end++;
	for (; bits && capability + at < end; at++, bits >>= 8)
		space->clears[capability + at] |= (uint8_t)bits;
}

/* What capabilities let a cell change, wherever the function says that it has one. */
static void allow_standard(struct space *space, uint32_t offset)
{
	switch (space->bytes[offset]) {
	case 0x01:
		allow(space, offset + 4, 0x3, 1);
		clear_by_1(space, offset, 4, 0x8000);
		break;
	case 0x05:
		allow(space, offset + 2, 0x71, 1);
		allow(space, offset + 4, ~0u, 4);
		allow(space, offset + 8, ~0u, 4);
		allow(space, offset + 12, ~0u, 4);
		allow(space, offset + 16, ~0u, 4);
		break;
	case 0x10:
		allow(space, offset + 8, 0x000f0810, 4);
		clear_by_1(space, offset, 8, 0x000f0000);
		clear_by_1(space, offset, 0x10, 0xc0000000);
		break;
	case 0x11:
		allow(space, offset + 2, 0xc000, 2);
		break;
	}
}

static void allow_extended(struct space *space, uint32_t offset)
{
	if ((word_at(space->bytes, offset) & 0xffff) != 1)
		return;
	allow(space, offset + 4, ~0u, 4);
	allow(space, offset + 16, ~0u, 4);
	clear_by_1(space, offset, 4, ~0u);
	clear_by_1(space, offset, 16, ~0u);
}

/* Each capability's place: no list goes on behind one that says that nothing is there. */
static void follow_lists(struct space *space, void (*each)(struct space *space, uint32_t offset),
			 void (*each_extended)(struct space *space, uint32_t offset))
{
	uint32_t offset = space->bytes[0x34] & 0xfcu, hops;

	if (!(space->bytes[6] & 0x10))
		offset = 0;
	for (hops = 0; hops < 64 && offset >= 0x40 && space->bytes[offset] != 0xff; hops++) {
		each(space, offset);
		offset = space->bytes[offset + 1] & 0xfcu;
	}
	offset = 0x100;
	for (hops = 0; hops < 1024 && offset >= 0x100; hops++) {
		uint32_t head = word_at(space->bytes, offset);

		if (head == 0 || head == ~0u)
			return;
		each_extended(space, offset);
		offset = head >> 20 & 0xffc;
	}
}

static void note_begin(struct space *space, uint32_t offset)
{
	space->begins[offset] = 1;
}

static void allow_all(struct space *space)
{
	allow(space, 0x04, 0xf9000457, 4);
	set(space->clears, 0x04, 0xf9000000, 4);
	allow(space, 0x0c, 0xff, 1);
	allow(space, 0x3c, 0xff, 1);
	follow_lists(space, note_begin, note_begin);
	follow_lists(space, allow_standard, allow_extended);
}

static void fail(const char *what, uint32_t offset)
{
	fprintf(stderr, "0x%x: %s\n", offset, what);
	abort();
}

/* The board file tells their sizes, so hardware's are never touched. */
static void check_bases(const struct space *now, const struct space *before)
{
	uint32_t i;

	for (i = 0x10; i < 0x28; i += 4)
		if (word_at(now->bytes, i) != word_at(before->bytes, i))
			fail("a base address moved", i);
}

static void check_message(const struct space *space, const struct pci_function *function)
{
	const struct pci_capability *msi =
		pci_capability_find(&function->capabilities, false, 0x05);
	uint32_t control, address, upper = 0, data;

	if (!msi || msi->offset + 16u >= 0x100 || msi->size < 16)
		return;
	control = word_at(space->bytes, msi->offset) >> 16;
	address = word_at(space->bytes, msi->offset + 4);
	data = word_at(space->bytes, msi->offset + (control & 0x80 ? 12 : 8));
	if (control & 0x80)
		upper = word_at(space->bytes, msi->offset + 8);
	if (!(control & 1))
		return;
	/* APIC id 2, or bits 2 to 7 of the flat model; not remappable, fixed or lowest priority. */
	if (upper || address >> 20 != 0xfee || (address & 0x10) || (data & 0x600))
		fail("a message in force is none", msi->offset);
	if (address & 4 ? (address >> 12 & 0x03) != 0 : (address >> 12 & 0xff) != 2)
		fail("a message reaches another", msi->offset);
}

static void filter_fill(struct icr_filter *filter)
{
	icr_filter_init(filter);
	icr_filter_add_own(filter, 2);
	icr_filter_add_foreign(filter, &(struct apic_target){ .apic_id = 0, .logical = 1u << 24,
							      .format = ~0u });
	icr_filter_add_foreign(filter, &(struct apic_target){ .apic_id = 1, .logical = 2u << 24,
							      .format = ~0u });
}

static void carry_out(struct space *space, const struct pci_access *access, uint32_t value)
{
	uint32_t i;

	for (i = 0; i < access->width; i++) {
		uint8_t *byte = &space->bytes[access->offset + i];
		uint8_t clears = space->clears[access->offset + i];
		uint8_t written = (uint8_t)(value >> 8 * i);

		*byte = (uint8_t)((written & ~clears) | (*byte & ~written & clears));
	}
}

static void write_one(struct space *space, const struct space *before,
		      struct pci_function *function, const struct pci_reader *reader,
		      const uint8_t *data)
{
	static const uint8_t widths[] = { 1, 2, 4, 4 };
	struct pci_access access = { .width = widths[data[0] & 3] };
	uint32_t value = data[2] | (uint32_t)data[3] << 8 | (uint32_t)data[4] << 16 |
			 (uint32_t)data[5] << 24;
	struct pci_verdict verdict;
	struct icr_filter filter;

	access.offset = (data[1] | (data[0] & 0xf0u) << 4) % SPACE / access.width * access.width;
	filter_fill(&filter);
	verdict = pci_policy_write(function, PCI_OF_CELL, &access, value, &filter, reader);
	if (verdict.carry_out)
		carry_out(space, &access, verdict.value);
	pci_policy_read(function, PCI_OF_CELL, &access, reader);
	check_bases(space, before);
	if (!(word_at(before->bytes, 0x34) & 0xc0) || !(before->bytes[6] & 0x10))
		return;
	check_message(space, function);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bh_device device = { .name = "any" };
	static struct space space, before;
	const struct pci_reader reader = { read_word, &space, SPACE };
	struct pci_function function;
	uint32_t i;
	/* The first 256 bytes, and some at the beginning of the rest. */
	size_t registers = size / 2 > 512 ? 512 : size / 2;

	memset(&space, 0, sizeof(space));
	memcpy(space.bytes, data, registers);
	data += registers;
	size -= registers;
	space.bytes[0x0e] &= 0x80; /* what a cell has is an endpoint, with MSI off and bases own */
	pci_function_open(&function, 0x18, &device, &reader);
	for (i = 0; i < function.capabilities.count; i++)
		if (function.capabilities.list[i].id == 5 &&
		    !function.capabilities.list[i].is_extended)
			space.bytes[function.capabilities.list[i].offset + 2] &= 0xfe;
	allow_all(&space);
	pci_function_open(&function, 0x18, &device, &reader);
	before = space;
	for (; size >= COMMAND; data += COMMAND, size -= COMMAND)
		write_one(&space, &before, &function, &reader, data);
	for (i = 0; i < SPACE; i++)
		if ((space.bytes[i] ^ before.bytes[i]) & ~before.may_change[i])
			fail("changed, and must not", i);
	return 0;
}
