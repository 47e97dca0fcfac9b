// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest page walk. The three formats of 8-byte entries (PAE, 4-level, 5-level) share one loop
 * that knows only levels; 32-bit paging has its own. The manual meant is SDM vol. 3A, chapter 4.
 */
#include "model/walk.h"

#define CR0_WP     (1ULL << 16)
#define CR0_PG     (1ULL << 31)
#define CR4_PSE    (1ULL << 4)
#define CR4_PAE    (1ULL << 5)
#define CR4_LA57   (1ULL << 12)
#define CR4_SMEP   (1ULL << 20)
#define CR4_SMAP   (1ULL << 21)
#define CR4_PKE    (1ULL << 22)
#define EFER_LMA   (1ULL << 10)
#define EFER_NXE   (1ULL << 11)
#define RFLAGS_AC  (1ULL << 18)

#define ENTRY_P    (1ULL << 0)
#define ENTRY_W    (1ULL << 1)
#define ENTRY_U    (1ULL << 2)
#define ENTRY_PS   (1ULL << 7)
#define ENTRY_XD   (1ULL << 63)
#define ENTRY_KEY_SHIFT 59

/* Bits @low to @high. */
#define BITS(high, low) ((~0ULL >> (63 - (high))) & (~0ULL << (low)))

#define FRAME_MASK      BITS(51, 12)
#define PAT_OF_LARGE    (1ULL << 12) /* bit 12 of a large page's entry is no address bit */

struct walk {
	const struct walk_state *state;
	uint64_t address;
	enum walk_access access;
	walk_reader reader;
	void *context;
	struct walk_result *out;
};

/* What the entries from the root to the leaf say together. */
struct rights {
	uint64_t all; /* bits set in every entry: W and U count */
	uint64_t any; /* bits set in some entry: XD counts */
	uint64_t leaf;
};

static bool walk_fault(const struct walk *w, uint32_t why)
{
	const struct walk_state *s = w->state;
	uint32_t code = why;

	if (w->access == WALK_WRITE)
		code |= WALK_PF_WRITE;
	if (s->cpl == 3)
		code |= WALK_PF_USER;
	if (w->access == WALK_FETCH &&
	    (s->cr4 & CR4_SMEP || (s->cr4 & CR4_PAE && s->efer & EFER_NXE)))
		code |= WALK_PF_FETCH;
	w->out->status = WALK_FAULT;
	w->out->error_code = code;
	return false;
}

static bool walk_unreadable(const struct walk *w, uint64_t at)
{
	w->out->status = WALK_UNREADABLE;
	w->out->gpa = GPA(at);
	return false;
}

/* Protection keys are for data of user pages in IA-32e mode; PKRU has two bits a key (4.6.2). */
static bool key_allows(const struct walk *w, const struct rights *rights)
{
	const struct walk_state *s = w->state;
	uint32_t denied;

	if (!(s->cr4 & CR4_PKE) || !(s->efer & EFER_LMA) || w->access == WALK_FETCH ||
	    !(rights->all & ENTRY_U))
		return true;
	denied = s->pkru >> (rights->leaf >> ENTRY_KEY_SHIFT & 15) * 2;
	if (denied & 1)
		return false;
	return !(denied & 2) || w->access != WALK_WRITE || (s->cpl != 3 && !(s->cr0 & CR0_WP));
}

/* 4.6.1, besides protection keys. */
static bool rights_allow(const struct walk *w, const struct rights *rights)
{
	const struct walk_state *s = w->state;
	bool user_page = rights->all & ENTRY_U;
	bool user_mode = s->cpl == 3;

	if (user_mode && !user_page)
		return false;
	switch (w->access) {
	case WALK_FETCH:
		if (rights->any & ENTRY_XD && s->efer & EFER_NXE)
			return false;
		return user_mode || !user_page || !(s->cr4 & CR4_SMEP);
	case WALK_WRITE:
		if (!(rights->all & ENTRY_W) && (user_mode || s->cr0 & CR0_WP))
			return false;
		break;
	default:
		break;
	}
	return user_mode || !user_page || !(s->cr4 & CR4_SMAP) || s->rflags & RFLAGS_AC;
}

/* The leaf is found: check rights and report the page of 2^@shift bytes at @frame. */
static bool walk_finish(const struct walk *w, const struct rights *rights, uint64_t frame,
			unsigned shift)
{
	uint64_t offset_mask = (1ULL << shift) - 1;
	bool key_ok = key_allows(w, rights);

	if (!key_ok || !rights_allow(w, rights))
		return walk_fault(w, WALK_PF_PRESENT | (key_ok ? 0 : WALK_PF_KEY));
	w->out->status = WALK_OK;
	w->out->gpa = GPA((frame & ~offset_mask) | (w->address & offset_mask));
	w->out->page_size = 1ULL << shift;
	return true;
}

/* Tables of 512 entries of 8 bytes, from the one at @table of @level (0 maps pages of 4 KiB). */
static bool walk_wide(const struct walk *w, uint64_t table, unsigned level, uint64_t reserved)
{
	struct rights rights = { .all = ~0ULL, .any = 0 };
	unsigned shift = 12 + 9 * level;
	uint64_t entry, at;

	for (;;) {
		at = table + (w->address >> shift & 511) * 8;
		if (!w->reader(w->context, GPA(at), 8, &entry))
			return walk_unreadable(w, at);
		if (!(entry & ENTRY_P))
			return walk_fault(w, 0);
		rights.all &= entry;
		rights.any |= entry;
		if (shift == 12 || entry & ENTRY_PS)
			break;
		if (entry & reserved)
			return walk_fault(w, WALK_PF_PRESENT | WALK_PF_RESERVED);
		table = entry & FRAME_MASK;
		shift -= 9;
	}

	/* Pages above 1 GiB do not exist: their bit PS is reserved, as are low bits of large ones. */
	if (shift > 12)
		reserved |= BITS(shift - 1, 12) & ~PAT_OF_LARGE;
	if (shift > (w->state->has_1g_pages ? 30 : 21))
		reserved |= ENTRY_PS;
	if (entry & reserved)
		return walk_fault(w, WALK_PF_PRESENT | WALK_PF_RESERVED);
	rights.leaf = entry;
	return walk_finish(w, &rights, entry & FRAME_MASK, shift);
}

/* Bits of 8-byte entries that are reserved at every level (table 4-14 to 4-20). */
static uint64_t wide_reserved(const struct walk_state *s)
{
	uint64_t reserved = 0;

	if (s->physical_width < 52)
		reserved = BITS(51, s->physical_width);
	if (!(s->efer & EFER_NXE))
		reserved |= ENTRY_XD;
	return reserved;
}

static bool walk_long(const struct walk *w)
{
	const struct walk_state *s = w->state;
	unsigned levels = s->cr4 & CR4_LA57 ? 5 : 4;
	unsigned unused = 64 - (12 + 9 * levels);

	if ((uint64_t)((int64_t)(w->address << unused) >> unused) != w->address) {
		w->out->status = WALK_NON_CANONICAL;
		return false;
	}
	return walk_wide(w, s->cr3 & FRAME_MASK, levels - 1, wide_reserved(s));
}

/*
 * The four top entries are registers. Their reserved bits were checked when they were loaded, and
 * they hold no rights (4.4.1). Entries of the tables below them reserve bits 62:52 as well.
 */
static bool walk_pae(const struct walk *w)
{
	const struct walk_state *s = w->state;
	uint64_t pdpte = s->pdpte[w->address >> 30 & 3];

	if (!(pdpte & ENTRY_P))
		return walk_fault(w, 0);
	return walk_wide(w, pdpte & FRAME_MASK, 1, wide_reserved(s) | BITS(62, 52));
}

/*
 * A page of 4 MiB: bits 39:32 of its address are in bits 20:13 of the entry (PSE-36), of which
 * those past the physical width are reserved, as is bit 21 (4.3, table 4-4).
 */
static bool walk_finish_4m(const struct walk *w, const struct rights *rights)
{
	unsigned width = w->state->physical_width;
	uint64_t high = rights->leaf >> 13 & 0xff;
	uint64_t frame = (rights->leaf & BITS(31, 22)) | high << 32;

	if (rights->leaf & (1ULL << 21) || (width < 40 && frame >> width))
		return walk_fault(w, WALK_PF_PRESENT | WALK_PF_RESERVED);
	return walk_finish(w, rights, frame, 22);
}

/* 32-bit paging: two levels of 1024 entries of 4 bytes. */
static bool walk_narrow(const struct walk *w)
{
	struct rights rights = { .any = 0 };
	uint64_t pde, pte, at;

	at = (w->state->cr3 & BITS(31, 12)) + (w->address >> 22) * 4;
	if (!w->reader(w->context, GPA(at), 4, &pde))
		return walk_unreadable(w, at);
	if (!(pde & ENTRY_P))
		return walk_fault(w, 0);
	if (pde & ENTRY_PS && w->state->cr4 & CR4_PSE) {
		rights.all = rights.leaf = pde;
		return walk_finish_4m(w, &rights);
	}

	at = (pde & BITS(31, 12)) + (w->address >> 12 & 1023) * 4;
	if (!w->reader(w->context, GPA(at), 4, &pte))
		return walk_unreadable(w, at);
	if (!(pte & ENTRY_P))
		return walk_fault(w, 0);
	rights.all = pde & pte;
	rights.leaf = pte;
	return walk_finish(w, &rights, pte & BITS(31, 12), 12);
}

bool walk_guest(const struct walk_state *state, gla_t address, enum walk_access access,
		walk_reader reader, void *context, struct walk_result *out)
{
	struct walk w = {
		.state = state, .address = address.v, .access = access,
		.reader = reader, .context = context, .out = out,
	};

	if (state->efer & EFER_LMA)
		return walk_long(&w);

	w.address = (uint32_t)address.v; /* linear addresses wrap at 4 GiB outside of IA-32e mode */
	if (!(state->cr0 & CR0_PG)) {
		out->status = WALK_OK;
		out->gpa = GPA(w.address);
		out->page_size = 1ULL << 32;
		return true;
	}
	return state->cr4 & CR4_PAE ? walk_pae(&w) : walk_narrow(&w);
}
