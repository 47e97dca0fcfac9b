// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes core files: see core_file.h. The order in the file is
 *
 *   ELF header | program headers | notes | (hole up to a page) | memory, region after region
 */
#include "core_file.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/reg.h>
#include <unistd.h>

#include "model/refuse.h"
#include "tools/output.h"

#define SLICE       (1U << 20) /* bytes read from the cell at a time */
#define NOTE_ALIGN  4
#define LONG_ACTIVE (1U << 10) /* EFER.LMA */

#define CORE_NAME "CORE"

/* Indices of bh_registers.gprs and bh_registers.segments. */
enum { RAX_AT, RCX_AT, RDX_AT, RBX_AT, RSP_AT, RBP_AT, RSI_AT, RDI_AT, R8_AT };
enum { ES_AT, CS_AT, SS_AT, DS_AT, FS_AT, GS_AT };

static size_t note_size(const char *name, size_t size)
{
	size_t name_size = strlen(name) + 1;

	return sizeof(Elf64_Nhdr) + ((name_size + NOTE_ALIGN - 1) & ~(NOTE_ALIGN - 1UL)) +
	       ((size + NOTE_ALIGN - 1) & ~(NOTE_ALIGN - 1UL));
}

static size_t notes_size(const struct core_file *core)
{
	return note_size(CORE_NOTE_NAME, strlen(core->name) + 1) +
	       core->cpus * (note_size(CORE_NAME, sizeof(struct elf_prstatus)) +
			     note_size(CORE_NOTE_NAME, sizeof(struct bh_registers)));
}

static uint64_t memory_offset(const struct core_file *core)
{
	uint64_t headers = sizeof(Elf64_Ehdr) + (core->memory_count + 1) * sizeof(Elf64_Phdr);

	return (headers + notes_size(core) + BH_PAGE_MASK) & ~BH_PAGE_MASK;
}

uint64_t core_memory_size(const struct core_file *core)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < core->memory_count; i++)
		size += core->memory[i].size;
	return size;
}

static void put(FILE *out, const void *data, size_t size)
{
	fwrite(data, 1, size, out);
}

static void put_padding(FILE *out, size_t size)
{
	static const char zeros[NOTE_ALIGN];

	put(out, zeros, -size & (NOTE_ALIGN - 1));
}

static void put_note(FILE *out, const char *name, uint32_t type, const void *data, size_t size)
{
	const Elf64_Nhdr header = {
		.n_namesz = (Elf64_Word)strlen(name) + 1, .n_descsz = (Elf64_Word)size,
		.n_type = type,
	};

	put(out, &header, sizeof(header));
	put(out, name, header.n_namesz);
	put_padding(out, header.n_namesz);
	put(out, data, size);
	put_padding(out, size);
}

static void put_headers(FILE *out, const struct core_file *core)
{
	const size_t count = core->memory_count + 1;
	Elf64_Ehdr header = {
		.e_type = ET_CORE, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
		.e_phoff = sizeof(header), .e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = (Elf64_Half)count,
	};
	Elf64_Phdr notes = {
		.p_type = PT_NOTE, .p_offset = sizeof(header) + count * sizeof(notes),
		.p_filesz = notes_size(core), .p_align = NOTE_ALIGN,
	};
	uint64_t offset = memory_offset(core);
	size_t i;

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	header.e_ident[EI_VERSION] = EV_CURRENT;
	put(out, &header, sizeof(header));
	put(out, &notes, sizeof(notes));
	for (i = 0; i < core->memory_count; i++) {
		const struct core_memory *memory = &core->memory[i];
		const Elf64_Phdr load = {
			.p_type = PT_LOAD, .p_offset = offset, .p_align = BH_PAGE_SIZE,
			.p_vaddr = memory->at, .p_paddr = memory->at,
			.p_filesz = memory->size, .p_memsz = memory->size,
			.p_flags = (memory->access & BH_ACCESS_READ ? PF_R : 0U) |
				   (memory->access & BH_ACCESS_WRITE ? PF_W : 0U) |
				   (memory->access & BH_ACCESS_EXECUTE ? PF_X : 0U),
		};

		put(out, &load, sizeof(load));
		offset += memory->size;
	}
}

/* Outside long mode an address is an offset into a segment; gdb wants it linear. */
static uint64_t linear(const struct bh_registers *from, uint64_t offset, size_t segment)
{
	if (from->efer & LONG_ACTIVE)
		return offset;
	return (uint32_t)(from->segments[segment].base + offset);
}

static void fill_registers(elf_gregset_t registers, const struct bh_registers *from)
{
	static const uint8_t places[16] = {
		[RAX_AT] = RAX, [RCX_AT] = RCX, [RDX_AT] = RDX, [RBX_AT] = RBX,
		[RSP_AT] = RSP, [RBP_AT] = RBP, [RSI_AT] = RSI, [RDI_AT] = RDI,
		[R8_AT] = R8, R9, R10, R11, R12, R13, R14, R15,
	};
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(places); i++)
		registers[places[i]] = from->gprs[i];
	registers[ORIG_RAX] = (elf_greg_t)-1; /* not in a system call */
	registers[RIP] = linear(from, from->rip, CS_AT);
	registers[RSP] = linear(from, from->gprs[RSP_AT], SS_AT);
	registers[EFLAGS] = from->rflags;
	registers[CS] = from->segments[CS_AT].selector;
	registers[SS] = from->segments[SS_AT].selector;
	registers[DS] = from->segments[DS_AT].selector;
	registers[ES] = from->segments[ES_AT].selector;
	registers[FS] = from->segments[FS_AT].selector;
	registers[GS] = from->segments[GS_AT].selector;
	registers[FS_BASE] = from->segments[FS_AT].base;
	registers[GS_BASE] = from->segments[GS_AT].base;
}

static void put_notes(FILE *out, const struct core_file *core)
{
	size_t i;

	/*
	 * A process would have a name too (NT_PRPSINFO), but gdb takes it for that of the program
	 * file, and warns of any other.
	 */
	put_note(out, CORE_NOTE_NAME, CORE_NOTE_CELL, core->name, strlen(core->name) + 1);
	for (i = 0; i < core->cpus; i++) {
		const struct bh_registers *registers = &core->registers[i];
		struct elf_prstatus status;

		memset(&status, 0, sizeof(status));
		status.pr_info.si_signo = core->signal;
		status.pr_cursig = (short)core->signal;
		status.pr_pid = (pid_t)registers->cpu + 1; /* gdb wants no thread 0 */
		fill_registers(status.pr_reg, registers);
		put_note(out, CORE_NAME, NT_PRSTATUS, &status, sizeof(status));
		put_note(out, CORE_NOTE_NAME, CORE_NOTE_REGISTERS, registers, sizeof(*registers));
	}
}

static bool is_zero(const unsigned char *data, size_t size)
{
	return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

static bool put_memory(FILE *out, const struct core_file *core, const struct core_memory *memory,
		       unsigned char *slice, struct bh_refusal *refusal)
{
	uint64_t done = 0;

	while (done < memory->size) {
		uint64_t left = memory->size - done;
		size_t size = left < SLICE ? (size_t)left : SLICE;
		size_t page;

		if (!core->read(core->context, memory->at + done, slice, size, refusal))
			return false;
		for (page = 0; page < size; page += BH_PAGE_SIZE) {
			size_t part = size - page < BH_PAGE_SIZE ? size - page : BH_PAGE_SIZE;

			if (is_zero(slice + page, part))
				fseeko(out, (off_t)part, SEEK_CUR);
			else
				put(out, slice + page, part);
		}
		done += size;
	}
	return true;
}

bool core_write(FILE *out, const struct core_file *core, struct bh_refusal *refusal)
{
	uint64_t start = memory_offset(core);
	unsigned char *slice = must(malloc(SLICE));
	bool done = true;
	size_t i;

	put_headers(out, core);
	put_notes(out, core);
	fseeko(out, (off_t)start, SEEK_SET);
	for (i = 0; i < core->memory_count && done; i++)
		done = put_memory(out, core, &core->memory[i], slice, refusal);
	free(slice);
	if (!done)
		return false;
	/* Where the last page is a hole, nothing was written there. */
	if (fflush(out) != 0 || ferror(out) ||
	    ftruncate(fileno(out), (off_t)(start + core_memory_size(core))) != 0)
		return refuse(refusal, "cannot write: %s", strerror(errno));
	return true;
}
