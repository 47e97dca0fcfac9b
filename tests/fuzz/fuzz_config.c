/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes config_open(). The first byte of the input says how the rest becomes a blob: as it is,
 * with a right header, with counts that fit, or as changes to a good blob, without devices or
 * with; the check sum is made right where anything is. What is taken must keep all the rules that
 * the unit tests know.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/config.h"
#include "tests/unit/config_blob.h"
#include "tests/unit/pci_blob.h"

enum mode {
	MODE_RAW,
	MODE_HEADER,
	MODE_COUNTS,
	MODE_CHANGES,
	MODE_DEVICES,
	MODES
};

/* Blob and size as config_open() gets them. In memory of its own, so that a byte too far is seen.
 */
struct made {
	struct bh_config_header *header;
	size_t size;
};

static struct made make_raw(const uint8_t *data, size_t size)
{
	struct made made = { .header = malloc(size ? size : 1), .size = size };

	memcpy(made.header, data, size);
	return made;
}

static void header_set(struct made *made)
{
	memcpy(made->header->magic, BH_CONFIG_MAGIC, sizeof(made->header->magic));
	made->header->version = BH_CONFIG_VERSION;
	made->header->reserved = 0;
	made->header->size = (uint32_t)made->size;
}

/* Cuts the counts of the input's board to a few, and gives their arrays the bytes that follow it.
 */
static struct made make_counted(const uint8_t *data, size_t size)
{
	struct bh_board board = { 0 };
	struct made made;
	size_t head = size < sizeof(board) ? size : sizeof(board);
	size_t rest;

	memcpy(&board, data, head);
	board.pool_count %= 4;
	board.ioapic_count %= 3;
	board.device_count %= 3;
	board.root.region_count %= 8;
	board.root.port_count %= 8;
	board.root.msr_count %= 4;
	rest = board.pool_count * sizeof(struct bh_range) +
	       board.ioapic_count * sizeof(struct bh_ioapic) +
	       board.device_count * sizeof(struct bh_device) +
	       board.root.region_count * sizeof(struct bh_region) +
	       board.root.port_count * sizeof(struct bh_ports) +
	       board.root.msr_count * sizeof(struct bh_msrs);
	made.size = sizeof(*made.header) + sizeof(board) + rest;
	made.header = calloc(1, made.size);
	memcpy(made.header + 1, &board, sizeof(board));
	memcpy((char *)(made.header + 1) + sizeof(board), data + head,
	       size - head < rest ? size - head : rest);
	return made;
}

/* Each four bytes of the input: where, how, what. */
static struct made make_changed(const struct bh_config_header *good, const uint8_t *data,
				size_t size)
{
	struct made made = { .header = malloc(good->size), .size = good->size };
	uint8_t *bytes = (uint8_t *)made.header;

	memcpy(made.header, good, good->size);
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

static struct blob plain;
static struct pci_set devices;

static struct made make(enum mode mode, const uint8_t *data, size_t size)
{
	struct made made = mode == MODE_COUNTS  ? make_counted(data, size) :
			   mode == MODE_CHANGES ? make_changed(&plain.header, data, size) :
			   mode == MODE_DEVICES ?
				   make_changed(&devices.board.header, data, size) :
				   make_raw(data, size);

	if (mode != MODE_RAW && made.size >= sizeof(*made.header) &&
	    made.size <= BH_CONFIG_MAX_SIZE) {
		header_set(&made);
		/* The model's own: the bitwise one of the unit tests would take too long. */
		made.header->crc32 = config_checksum(made.header);
	}
	return made;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	blob_fill(&plain);
	pci_set_fill(&devices);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bh_refusal refusal;
	struct config_view view;
	struct made made;

	if (size == 0)
		return 0;
	made = make(data[0] % MODES, data + 1, size - 1);
	refusal.text[0] = '\0';
	if (config_open(&view, made.header, made.size, &refusal)) {
		const char *rule = blob_broken_rule(&view);

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
