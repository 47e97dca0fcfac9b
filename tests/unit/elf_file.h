/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A good ELF file of 32 or 64 bits in memory, for tests to spoil: two segments to load and a note
 * between them. Written by offsets from the ELF specification, not by the structs that are tested.
 */
#ifndef TESTS_ELF_FILE_H
#define TESTS_ELF_FILE_H

#include <stdint.h>
#include <string.h>

#define ELF_FILE_SIZE 0x400

#define TEXT_AT     0x100000u
#define TEXT_OFFSET 0x200u
#define TEXT_SIZE   0x100u
#define DATA_AT     0x200000u
#define DATA_OFFSET 0x300u
#define DATA_SIZE   0x80u
#define DATA_MEMORY 0x3000u
#define ELF_ENTRY   0x100010u

struct elf_file {
	uint8_t bytes[ELF_FILE_SIZE];
	unsigned int bits;
};

static inline void elf_put(struct elf_file *file, size_t at, uint64_t value, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		file->bytes[at + i] = (uint8_t)(value >> 8 * i);
}

/* Offsets of the fields of program header `index`. */
struct elf_places {
	size_t type, offset, vaddr, paddr, file_size, memory_size;
	unsigned int word; /* bytes of all but type */
};

static inline struct elf_places elf_places(const struct elf_file *file, unsigned int index)
{
	size_t start = file->bits == 64 ? 64 + 56 * index : 52 + 32 * index;

	if (file->bits == 64)
		return (struct elf_places){ start, start + 8, start + 16, start + 24, start + 32,
					    start + 40, 8 };
	return (struct elf_places){ start, start + 4, start + 8, start + 12, start + 16,
				    start + 20, 4 };
}

static inline void elf_segment_put(struct elf_file *file, unsigned int index, uint32_t type,
				   uint64_t at, uint64_t offset, uint64_t file_size,
				   uint64_t memory_size)
{
	struct elf_places places = elf_places(file, index);

	elf_put(file, places.type, type, 4);
	elf_put(file, places.offset, offset, places.word);
	/* Virtual addresses are elsewhere: they must not count. */
	elf_put(file, places.vaddr, at + 0x40000000, places.word);
	elf_put(file, places.paddr, at, places.word);
	elf_put(file, places.file_size, file_size, places.word);
	elf_put(file, places.memory_size, memory_size, places.word);
}

static inline void elf_make(struct elf_file *file, unsigned int bits)
{
	static const uint8_t magic[4] = { 0x7f, 'E', 'L', 'F' };
	size_t i;

	memset(file, 0, sizeof(*file));
	file->bits = bits;
	memcpy(file->bytes, magic, sizeof(magic));
	file->bytes[4] = bits == 64 ? 2 : 1;
	file->bytes[5] = 1; /* little-endian */
	file->bytes[6] = 1; /* version */
	elf_put(file, 16, 2, 2); /* a program */
	elf_put(file, 18, bits == 64 ? 62 : 3, 2);
	elf_put(file, 20, 1, 4);
	if (bits == 64) {
		elf_put(file, 24, ELF_ENTRY, 8);
		elf_put(file, 32, 64, 8);
		elf_put(file, 54, 56, 2);
		elf_put(file, 56, 3, 2);
	} else {
		elf_put(file, 24, ELF_ENTRY, 4);
		elf_put(file, 28, 52, 4);
		elf_put(file, 42, 32, 2);
		elf_put(file, 44, 3, 2);
	}
	elf_segment_put(file, 0, 1, TEXT_AT, TEXT_OFFSET, TEXT_SIZE, TEXT_SIZE);
	elf_segment_put(file, 1, 4, 0, TEXT_OFFSET, 0x20, 0x20);
	elf_segment_put(file, 2, 1, DATA_AT, DATA_OFFSET, DATA_SIZE, DATA_MEMORY);
	for (i = TEXT_OFFSET; i < DATA_OFFSET + DATA_SIZE; i++)
		file->bytes[i] = (uint8_t)(i * 7 + 1);
}

#endif
