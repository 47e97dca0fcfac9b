/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walk of a guest's own page tables: linear to guest-physical address in every paging mode, with
 * the access rights the processor would check (SDM vol. 3A, chapter 4).
 *
 * It reads tables through the caller and writes nothing: accessed and dirty bits stay as they are,
 * because the walk serves accesses that the processor itself has already walked for.
 * Not modelled: protection keys of supervisor pages, shadow stacks, linear-address masking.
 */
#ifndef MODEL_WALK_H
#define MODEL_WALK_H

#include "model/address.h"

enum walk_access {
	WALK_READ,
	WALK_WRITE,
	WALK_FETCH,
};

/* What of a CPU's state decides a translation. */
struct walk_state {
	uint64_t cr0;
	uint64_t cr3;
	uint64_t cr4;
	uint64_t efer;
	uint64_t rflags;        /* AC matters */
	uint64_t pdpte[4];      /* PAE only: the registers that the last load of CR3 filled */
	uint32_t pkru;          /* used if CR4.PKE is set */
	uint8_t  cpl;
	uint8_t  physical_width; /* MAXPHYADDR of the guest */
	bool     has_1g_pages;
};

/*
 * Reads one entry of @size 4 or 8 bytes, aligned to its size, at @at. May refuse (false), as when
 * @at is not the guest's RAM.
 */
typedef bool (*walk_reader)(void *context, gpa_t at, unsigned size, uint64_t *entry);

enum walk_status {
	WALK_OK,
	WALK_FAULT,         /* the processor would raise #PF with error_code */
	WALK_UNREADABLE,    /* the reader refused the entry at gpa */
	WALK_NON_CANONICAL, /* the processor would raise #GP or #SS */
};

/* Bits of the page-fault error code (SDM vol. 3A, 4.7). */
#define WALK_PF_PRESENT  (1U << 0)
#define WALK_PF_WRITE    (1U << 1)
#define WALK_PF_USER     (1U << 2)
#define WALK_PF_RESERVED (1U << 3)
#define WALK_PF_FETCH    (1U << 4)
#define WALK_PF_KEY      (1U << 5)

struct walk_result {
	enum walk_status status;
	uint32_t error_code; /* of WALK_FAULT */
	gpa_t    gpa;        /* of WALK_OK: the translation; of WALK_UNREADABLE: the entry */
	uint64_t page_size;  /* of WALK_OK; 4 GiB without paging */
};

/* True if the translation succeeded, that is if out->status is WALK_OK. */
bool walk_guest(const struct walk_state *state, gla_t address, enum walk_access access,
		walk_reader reader, void *context, struct walk_result *out);

#endif
