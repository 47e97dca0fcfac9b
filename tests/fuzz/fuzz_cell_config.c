/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes cell_view_open() and cell_admit() on a good board beside a good cell. The first byte of
 * the input says how the rest becomes a blob: as it is, with a right header, with counts that fit,
 * or as changes to a good cell, of bytes or of whole numbers; the check sum is made right where
 * anything is. What is taken must keep all the rules that the unit tests know.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/config.h"
#include "tests/unit/cell_blob.h"
#include "tests/unit/pci_blob.h"

enum mode {
	MODE_RAW,
	MODE_HEADER,
	MODE_COUNTS,
	MODE_BYTES,
	MODE_NUMBERS,
	MODE_DEVICES, /* beside another board and cell, that have devices */
	MODES
};

/* In memory of its own, so that a byte too far is seen. */
struct made {
	struct bh_config_header *header;
	size_t size;
};

static struct cells cells;
static struct cells_view view;
static struct pci_set devices;
static struct pci_views device_views;

static struct made make_raw(const uint8_t *data, size_t size)
{
	struct made made = { .header = malloc(size ? size : 1), .size = size };

	if (size)
		memcpy(made.header, data, size);
	return made;
}

/* Cuts the counts to a few, and gives their arrays the bytes that follow the cell. */
static struct made make_counted(const uint8_t *data, size_t size)
{
	struct bh_cell cell = { 0 };
	struct made made;
	size_t head = size < sizeof(cell) ? size : sizeof(cell);
	size_t rest;

	memcpy(&cell, data, head);
	cell.region_count %= 8;
	cell.port_count %= 8;
	cell.msr_count %= 4;
	cell.device_count %= 4;
	cell.irq_count %= 4;
	rest = cell.region_count * sizeof(struct bh_region) +
	       cell.port_count * sizeof(struct bh_ports) +
	       cell.msr_count * sizeof(struct bh_msrs) +
	       cell.device_count * sizeof(struct bh_owned) +
	       cell.irq_count * sizeof(struct bh_irq);
	made.size = sizeof(*made.header) + sizeof(cell) + rest;
	made.header = calloc(1, made.size);
	memcpy(made.header + 1, &cell, sizeof(cell));
	memcpy((char *)(made.header + 1) + sizeof(cell), data + head,
	       size - head < rest ? size - head : rest);
	return made;
}

static struct made make_good(const struct bh_config_header *good)
{
	struct made made = { .header = malloc(good->size), .size = good->size };

	memcpy(made.header, good, good->size);
	return made;
}

/* Each four bytes of the input: where, how, what. */
static struct made make_bytes(const struct bh_config_header *good, const uint8_t *data, size_t size)
{
	struct made made = make_good(good);
	uint8_t *bytes = (uint8_t *)made.header;

	for (; size >= 4; data += 4, size -= 4) {
		size_t at = (data[0] | (size_t)data[1] << 8) % made.size;

		if (data[2] % 3 == 0)
			bytes[at] = data[3];
		else if (data[2] % 3 == 1)
			bytes[at] = (uint8_t)(bytes[at] + data[3]);
		else
			bytes[at] ^= data[3];
	}
	return made;
}

/* Numbers that mean something on this board, and their neighbours. */
static uint64_t number(uint8_t which, uint8_t offset)
{
	static const uint64_t numbers[] = {
		0, 1, 0x1000, 0x20000, 0xa0000, 0x100000, 0x200000, 0x400000, 0x500000, 0x600010,
		0x38000000, 0x38800000, 0x38a00000, 0x39000000, 0x3a000000, 0x3a001000,
		0x3b000000, 0xfe030010, 0xfe040000, 0xfee00000, 0xfee01000, 1ULL << 32,
		1ULL << 40, 0x3a00000000000000, 1ULL << 63, ~0xfffULL, 0x0407040000000000,
		0x200000003, 0x100000007, 0x100000003,
	};
	static const uint64_t offsets[] = { 0, 0x1000, -0x1000ULL, 1, -1ULL, 0x10, 0x800, 8 };

	return numbers[which % BH_ARRAY_SIZE(numbers)] +
	       offsets[offset % BH_ARRAY_SIZE(offsets)];
}

/* Each three bytes of the input: which word of eight bytes, and the number in it. */
static struct made make_numbers(const uint8_t *data, size_t size)
{
	struct made made = make_good(&cells.cell.header);
	const size_t head = sizeof(*made.header) / 8;

	for (; size >= 3; data += 3, size -= 3) {
		uint64_t value = number(data[1], data[2]);
		size_t word = head + data[0] % (made.size / 8 - head);

		memcpy((uint64_t *)made.header + word, &value, sizeof(value));
	}
	return made;
}

static void header_set(struct made *made)
{
	memcpy(made->header->magic, BH_CELL_MAGIC, sizeof(made->header->magic));
	made->header->version = BH_CONFIG_VERSION;
	made->header->reserved = 0;
	made->header->size = (uint32_t)made->size;
	/* The model's own: the bitwise one of the unit tests would take too long. */
	made->header->crc32 = config_checksum(made->header);
}

static struct made make(enum mode mode, const uint8_t *data, size_t size)
{
	struct made made = mode == MODE_COUNTS  ? make_counted(data, size) :
			   mode == MODE_BYTES   ? make_bytes(&cells.cell.header, data, size) :
			   mode == MODE_DEVICES ? make_bytes(&devices.cell.header, data, size) :
			   mode == MODE_NUMBERS ? make_numbers(data, size) :
						  make_raw(data, size);

	if (mode != MODE_RAW && made.size >= sizeof(*made.header) &&
	    made.size <= BH_CONFIG_MAX_SIZE)
		header_set(&made);
	return made;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	cells_fill(&cells);
	cells_view_make(&view, &cells);
	pci_set_fill(&devices);
	pci_views_make(&device_views, &devices);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool has_devices = size > 0 && data[0] % MODES == MODE_DEVICES;
	const struct cell_view *others[] = { has_devices ? &device_views.other : &view.other };
	const struct config_view *board = has_devices ? &device_views.board : &view.board;
	struct bh_refusal refusal;
	struct cell_view cell;
	struct made made;

	if (size == 0)
		return 0;
	made = make(data[0] % MODES, data + 1, size - 1);
	refusal.text[0] = '\0';
	if (cell_view_open(&cell, made.header, made.size, &refusal) &&
	    cell_admit(board, &cell, others, 1, &refusal)) {
		const char *rule = cell_broken_rule(board, &cell, others, 1);

		if (rule) {
			fprintf(stderr, "taken although \"%s\" is broken\n", rule);
			abort();
		}
	} else {
		assert(refusal.text[0] != '\0');
		assert(strnlen(refusal.text, sizeof(refusal.text)) < sizeof(refusal.text));
	}
	free(made.header);
	return 0;
}
