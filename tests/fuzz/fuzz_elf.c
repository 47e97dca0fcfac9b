// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the reader of ELF files for cells. What is taken must keep to its own rules: segments lie
 * within the file and within all addresses, do not overlap, and hold the entry. The first byte of
 * the input says whether it is a whole file, or changes to a good one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/elf_file.h"
#include "tools/cell/elf_image.h"

static void check(const struct elf_image *image, size_t size)
{
	bool has_entry = false;
	uint32_t i, j;

	assert(image->count > 0 && image->count <= ELF_SEGMENTS_MAX);
	for (i = 0; i < image->count; i++) {
		const struct elf_segment *segment = &image->segments[i];
		uint64_t last = segment->at + (segment->memory_size - 1);

		assert(segment->memory_size > 0 && segment->file_size <= segment->memory_size);
		assert(segment->offset <= size && segment->file_size <= size - segment->offset);
		assert(last >= segment->at);
		for (j = 0; j < i; j++) {
			const struct elf_segment *other = &image->segments[j];

			assert(other->at > last ||
			       other->at + (other->memory_size - 1) < segment->at);
		}
		has_entry |= image->entry >= segment->at && image->entry <= last;
	}
	assert(has_entry && image->entry <= UINT32_MAX);
}

/* Each four bytes of the input: where, how, what. */
static void change(struct elf_file *file, const uint8_t *data, size_t size)
{
	for (; size >= 4; data += 4, size -= 4) {
		/* Mostly headers: the rest is only copied. */
		size_t at = (data[0] | (size_t)data[1] << 8) % (64 + 3 * 56);

		if (data[2] % 2)
			file->bytes[at] = data[3];
		else
			file->bytes[at] = (uint8_t)(file->bytes[at] + data[3]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bh_refusal refusal = { .text = "" };
	struct elf_image image;
	struct elf_file file;
	uint8_t *bytes;

	if (size == 0)
		return 0;
	if (data[0] % 4) {
		elf_make(&file, data[0] % 4 == 1 ? 32 : 64);
		change(&file, data + 1, size - 1);
		data = file.bytes;
		size = sizeof(file.bytes);
	} else {
		data++;
		size--;
	}
	/* In memory of its own size, so that a byte too far is seen. */
	bytes = malloc(size ? size : 1);
	memcpy(bytes, data, size);
	if (elf_parse(&image, bytes, size, &refusal))
		check(&image, size);
	else
		assert(refusal.text[0]);
	free(bytes);
	return 0;
}
