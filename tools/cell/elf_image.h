/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an ELF file says of what is to be in memory: its segments to load, by physical address, and
 * its entry. 32 and 64 bit, for x86. Reads nothing but the bytes it is given.
 */
#ifndef TOOLS_CELL_ELF_IMAGE_H
#define TOOLS_CELL_ELF_IMAGE_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

#define ELF_SEGMENTS_MAX 64

struct elf_segment {
	uint32_t index;       /* in the file's program headers */
	uint64_t at;          /* physical address */
	uint64_t offset;      /* in the file */
	uint64_t file_size;
	uint64_t memory_size; /* what is beyond file_size is zeros */
};

struct elf_image {
	uint32_t bits; /* 32 or 64 */
	uint64_t entry;
	uint32_t count;
	struct elf_segment segments[ELF_SEGMENTS_MAX]; /* none of them empty */
};

/* Does the file claim to be ELF? */
bool elf_claimed(const void *data, size_t size);

bool elf_parse(struct elf_image *image, const void *data, size_t size, struct bh_refusal *refusal);

#endif
