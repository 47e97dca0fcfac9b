// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads ELF headers with a bound for each number: see elf_image.h. Headers are copied out, so the
 * bytes need no alignment. The 32-bit forms are widened first, and judged once.
 */
#include "elf_image.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "model/refuse.h"

struct file {
	const unsigned char *data;
	size_t size;
};

/* What of a file's header counts, of both classes. */
struct head {
	uint16_t type, machine;
	uint64_t entry;
	uint64_t table; /* offset of the program headers */
	uint16_t header_size, header_count;
};

bool elf_claimed(const void *data, size_t size)
{
	return size >= SELFMAG && memcmp(data, ELFMAG, SELFMAG) == 0;
}

static bool copy_out(const struct file *file, uint64_t offset, void *to, size_t size)
{
	if (offset > file->size || size > file->size - offset)
		return false;
	memcpy(to, file->data + offset, size);
	return true;
}

static bool head_read(struct head *head, uint32_t bits, const struct file *file)
{
	if (bits == 64) {
		Elf64_Ehdr wide;

		if (!copy_out(file, 0, &wide, sizeof(wide)))
			return false;
		*head = (struct head){ wide.e_type, wide.e_machine, wide.e_entry, wide.e_phoff,
				       wide.e_phentsize, wide.e_phnum };
	} else {
		Elf32_Ehdr narrow;

		if (!copy_out(file, 0, &narrow, sizeof(narrow)))
			return false;
		*head = (struct head){ narrow.e_type, narrow.e_machine, narrow.e_entry,
				       narrow.e_phoff, narrow.e_phentsize, narrow.e_phnum };
	}
	return true;
}

static bool head_check(const struct head *head, uint32_t bits, struct bh_refusal *refusal)
{
	size_t header_size = bits == 64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	if (head->machine != EM_X86_64 && head->machine != EM_386)
		return refuse(refusal, "it is for another processor (ELF machine %u), not for x86",
			      head->machine);
	if (head->type == ET_REL)
		return refuse(refusal, "it is an object file, not a linked program");
	if (head->type == ET_DYN)
		return refuse(refusal, "it is position-independent, and nobody would relocate it: "
			      "link it with -no-pie");
	if (head->type != ET_EXEC)
		return refuse(refusal, "it is no program (ELF type %u)", head->type);
	if (head->header_count == 0)
		return refuse(refusal, "it has no program headers");
	if (head->header_size != header_size)
		return refuse(refusal, "its program headers have %u bytes each instead of %u",
			      head->header_size, (unsigned int)header_size);
	return true;
}

static bool header_read(Elf64_Phdr *wide, uint32_t bits, const struct file *file, uint64_t offset)
{
	Elf32_Phdr narrow;

	if (bits == 64)
		return copy_out(file, offset, wide, sizeof(*wide));
	if (!copy_out(file, offset, &narrow, sizeof(narrow)))
		return false;
	*wide = (Elf64_Phdr){
		.p_type = narrow.p_type, .p_offset = narrow.p_offset, .p_paddr = narrow.p_paddr,
		.p_filesz = narrow.p_filesz, .p_memsz = narrow.p_memsz,
	};
	return true;
}

static bool segment_check(const struct elf_segment *segment, const struct file *file,
			  struct bh_refusal *refusal)
{
	if (segment->file_size > segment->memory_size)
		return refuse(refusal, "segment %u has more bytes in the file (0x%llx) than in "
			      "memory (0x%llx)", segment->index,
			      (unsigned long long)segment->file_size,
			      (unsigned long long)segment->memory_size);
	if (segment->offset > file->size || segment->file_size > file->size - segment->offset)
		return refuse(refusal, "the file ends before its segment %u: it was cut off",
			      segment->index);
	if (segment->memory_size - 1 > UINT64_MAX - segment->at)
		return refuse(refusal, "segment %u at 0x%llx runs past the end of all addresses",
			      segment->index, (unsigned long long)segment->at);
	return true;
}

static bool segments_overlap(const struct elf_segment *a, const struct elf_segment *b)
{
	return a->at <= b->at ? b->at - a->at < a->memory_size : a->at - b->at < b->memory_size;
}

static bool segment_add(struct elf_image *image, const struct elf_segment *segment,
			struct bh_refusal *refusal)
{
	uint32_t i;

	if (image->count == ELF_SEGMENTS_MAX)
		return refuse(refusal, "it has more than %u segments to load", ELF_SEGMENTS_MAX);
	for (i = 0; i < image->count; i++)
		if (segments_overlap(&image->segments[i], segment))
			return refuse(refusal, "its segments %u and %u overlap at 0x%llx",
				      image->segments[i].index, segment->index,
				      (unsigned long long)segment->at);
	image->segments[image->count++] = *segment;
	return true;
}

static bool segments_read(struct elf_image *image, const struct head *head,
			  const struct file *file, struct bh_refusal *refusal)
{
	uint16_t i;

	for (i = 0; i < head->header_count; i++) {
		uint64_t offset = head->table + (uint64_t)i * head->header_size;
		struct elf_segment segment;
		Elf64_Phdr header;

		/* An offset that wraps is behind one that was too large already. */
		if (!header_read(&header, image->bits, file, offset))
			return refuse(refusal, "the file ends before its program header %u", i);
		if (header.p_type != PT_LOAD || header.p_memsz == 0)
			continue;
		segment = (struct elf_segment){ i, header.p_paddr, header.p_offset,
						header.p_filesz, header.p_memsz };
		if (!segment_check(&segment, file, refusal) ||
		    !segment_add(image, &segment, refusal))
			return false;
	}
	return image->count || refuse(refusal, "it has no segment to load");
}

/* Paging is off when a cell starts, so an entry must be where its segment is in memory. */
static bool entry_check(const struct elf_image *image, struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < image->count; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (image->entry >= segment->at && image->entry - segment->at < segment->file_size)
			break;
	}
	if (i == image->count)
		return refuse(refusal, "its entry, 0x%llx, is in none of its segments as they lie "
			      "in memory (by physical address)", (unsigned long long)image->entry);
	if (image->entry > UINT32_MAX)
		return refuse(refusal, "its entry, 0x%llx, is not below 4 GiB, where a cell starts",
			      (unsigned long long)image->entry);
	return true;
}

bool elf_parse(struct elf_image *image, const void *data, size_t size, struct bh_refusal *refusal)
{
	const struct file file = { .data = data, .size = size };
	unsigned char ident[EI_NIDENT];
	struct head head;

	memset(image, 0, sizeof(*image));
	if (!elf_claimed(data, size) || !copy_out(&file, 0, ident, sizeof(ident)))
		return refuse(refusal, "it is no ELF file, or cut off");
	if (ident[EI_DATA] != ELFDATA2LSB || ident[EI_VERSION] != EV_CURRENT ||
	    (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64))
		return refuse(refusal, "it is an ELF file of a kind that x86 does not know");
	image->bits = ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	if (!head_read(&head, image->bits, &file))
		return refuse(refusal, "the file ends within its ELF header");
	image->entry = head.entry;
	return head_check(&head, image->bits, refusal) &&
	       segments_read(image, &head, &file, refusal) && entry_check(image, refusal);
}
