/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell that does not run as an ELF core file, which gdb opens: a thread for each CPU, and each
 * piece of the cell's RAM where the cell has it.
 */
#ifndef TOOLS_CELL_CORE_FILE_H
#define TOOLS_CELL_CORE_FILE_H

#include <bulkhead/manage.h>
#include <bulkhead/refusal.h>
#include <stdio.h>

/*
 * Notes of ours beside those of threads: the cell's name, and struct bh_registers of each CPU, with
 * all that a thread's registers lack. Their types are like no others, because gdb looks at the type
 * whatever the name.
 */
#define CORE_NOTE_NAME      "BULKHEAD"
#define CORE_NOTE_REGISTERS 0x42480001u
#define CORE_NOTE_CELL      0x42480002u

struct core_memory {
	uint64_t at; /* guest-physical; taken as the virtual address too */
	uint64_t size;
	uint32_t access; /* bits of enum bh_access */
};

struct core_file {
	const char *name; /* the cell's */
	int signal;       /* 0: none */
	const struct bh_registers *registers; /* the first is the one that gdb shows first */
	size_t cpus;
	const struct core_memory *memory;
	size_t memory_count;
	/* Reads memory of the cell; false with a refusal. */
	bool (*read)(void *context, uint64_t at, void *buffer, size_t size,
		     struct bh_refusal *refusal);
	void *context;
};

uint64_t core_memory_size(const struct core_file *core);

/* Writes all of it, with holes for pages of zeros. Refused as well where writing fails. */
bool core_write(FILE *out, const struct core_file *core, struct bh_refusal *refusal);

#endif
