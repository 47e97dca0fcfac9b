// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest page walk: find the leaf, then ask whether it allows the access. The three formats of
 * 8-byte entries (PAE, 4-level, 5-level) share one loop that knows only levels; 32-bit paging has
 * its own. The manual meant is SDM vol. 3A, chapter 4.
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

#define FRAME_MASK BITS(51, 12)

struct walk {
	const struct walk_state *state;
	uint64_t address;
	enum walk_access access;
	walk_reader reader;
	void *context;
	struct walk_result *out;
};

/* The entry that maps the page, and what those on the way to it say together. */
struct leaf {
	uint64_t all;   /* bits set in every entry: W and U count */
	uint64_t any;   /* bits set in some entry: XD counts */
	uint64_t entry;
	uint64_t frame;
	unsigned shift; /* the page has 2^shift bytes */
};

static __attribute__((noinline)) bool walk_fault(const struct walk *w, uint32_t why)
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
static bool key_allows(const struct walk *w, const struct leaf *leaf)
{
	const struct walk_state *s = w->state;
	uint32_t denied;

	if (!(s->cr4 & CR4_PKE) || !(s->efer & EFER_LMA) || w->access == WALK_FETCH)
		return true;
	denied = s->pkru >> (leaf->entry >> ENTRY_KEY_SHIFT & 15) * 2;
	if (denied & 1)
		return false;
	return !(denied & 2) || w->access != WALK_WRITE || (s->cpl != 3 && !(s->cr0 & CR0_WP));
}

/* What holds for user and supervisor pages alike (4.6.1). */
static bool rights_allow(const struct walk *w, const struct leaf *leaf)
{
	const struct walk_state *s = w->state;

	if (w->access == WALK_FETCH)
		return !(leaf->any & ENTRY_XD && s->efer & EFER_NXE);
	if (w->access == WALK_WRITE)
		return leaf->all & ENTRY_W || (s->cpl != 3 && !(s->cr0 & CR0_WP));
	return true;
}

/* SMEP and SMAP keep the supervisor off user pages (4.6.1). */
static bool supervisor_may_use_user_page(const struct walk *w)
{
	const struct walk_state *s = w->state;

	if (w->access == WALK_FETCH)
		return !(s->cr4 & CR4_SMEP);
	return !(s->cr4 & CR4_SMAP) || s->rflags & RFLAGS_AC;
}

/* True if the leaf's page may be used so. */
static bool leaf_allows(const struct walk *w, const struct leaf *leaf)
{
	bool user_mode = w->state->cpl == 3;

	if (leaf->all & ENTRY_U) {
		if (!key_allows(w, leaf))
			return walk_fault(w, WALK_PF_PRESENT | WALK_PF_KEY);
		if (!user_mode && !supervisor_may_use_user_page(w))
			return walk_fault(w, WALK_PF_PRESENT);
	} else if (user_mode) {
		return walk_fault(w, WALK_PF_PRESENT);
	}
	return rights_allow(w, leaf) || walk_fault(w, WALK_PF_PRESENT);
}

static bool walk_finish(const struct walk *w, const struct leaf *leaf)
{
	uint64_t offset_mask = (1ULL << leaf->shift) - 1;

	if (!leaf_allows(w, leaf))
		return false;
	w->out->status = WALK_OK;
	w->out->gpa = GPA((leaf->frame & ~offset_mask) | (w->address & offset_mask));
	w->out->page_size = offset_mask + 1;
	return true;
}

/* A tree of tables of 512 entries of 8 bytes. */
struct tree {
	uint64_t table;
	unsigned shift;    /* an entry of the table maps 2^shift bytes */
	uint64_t reserved; /* in entries of every level (tables 4-14 to 4-20) */
};

/* Down the tree to the leaf; hot, so what the loop needs is in locals. */
static bool tree_find(const struct walk *w, const struct tree *tree, struct leaf *leaf)
{
	const walk_reader reader = w->reader;
	const uint64_t address = w->address;
	uint64_t table = tree->table, reserved = tree->reserved, all = ~0ULL, any = 0;
	uint64_t entry, at;
	unsigned shift = tree->shift;

	for (;;) {
		at = table + (address >> shift & 511) * 8;
		if (!reader(w->context, GPA(at), 8, &entry))
			return walk_unreadable(w, at);
		if (!(entry & ENTRY_P))
			return walk_fault(w, 0);
		all &= entry;
		any |= entry;
		if (shift == 12 || entry & ENTRY_PS)
			break;
		if (entry & reserved)
			return walk_fault(w, WALK_PF_PRESENT | WALK_PF_RESERVED);
		table = entry & FRAME_MASK;
		shift -= 9;
	}

	/* Reserved are a large page's offset but bit 12 (PAT), and PS where no large pages are. */
	reserved |= ((1ULL << shift) - 1) & ~BITS(12, 0);
	if (shift >= 30 && (shift > 30 || !w->state->has_1g_pages))
		reserved |= ENTRY_PS;
	if (entry & reserved)
		return walk_fault(w, WALK_PF_PRESENT | WALK_PF_RESERVED);
	*leaf = (struct leaf){ all, any, entry, entry & FRAME_MASK, shift };
	return true;
}

static bool tree_of_long_mode(const struct walk *w, struct tree *tree)
{
	const struct walk_state *s = w->state;
	unsigned unused = s->cr4 & CR4_LA57 ? 7 : 16;

	if ((uint64_t)((int64_t)(w->address << unused) >> unused) != w->address) {
		w->out->status = WALK_NON_CANONICAL;
		return false;
	}
	tree->table = s->cr3 & FRAME_MASK;
	tree->shift = 64 - 9 - unused;
	return true;
}

/*
 * The four top entries are registers. Their reserved bits were checked when they were loaded, and
 * they hold no rights (4.4.1). Entries of the tables below them reserve bits 62:52 as well.
 */
static bool tree_of_pae(const struct walk *w, struct tree *tree)
{
	uint64_t pdpte = w->state->pdpte[w->address >> 30 & 3];

	if (!(pdpte & ENTRY_P))
		return walk_fault(w, 0);
	tree->table = pdpte & FRAME_MASK;
	tree->shift = 21;
	tree->reserved |= BITS(62, 52);
	return true;
}

static bool leaf_find_wide(const struct walk *w, struct leaf *leaf)
{
	const struct walk_state *s = w->state;
	struct tree tree = { .reserved = s->efer & EFER_NXE ? 0 : ENTRY_XD };

	tree.reserved |= FRAME_MASK & ~0ULL << s->physical_width;
	if (!(s->efer & EFER_LMA ? tree_of_long_mode(w, &tree) : tree_of_pae(w, &tree)))
		return false;
	return tree_find(w, &tree, leaf);
}

/*
 * A page of 4 MiB: bits 39:32 of its address are in bits 20:13 of the entry (PSE-36), of which
 * those past the physical width are reserved, as is bit 21 (4.3, table 4-4).
 */
static bool leaf_take_4m(const struct walk *w, uint64_t pde, struct leaf *leaf)
{
	unsigned width = w->state->physical_width;
	uint64_t frame = (pde & BITS(31, 22)) | (pde >> 13 & 0xff) << 32;

	if (pde & (1ULL << 21) || (width < 40 && frame >> width))
		return walk_fault(w, WALK_PF_PRESENT | WALK_PF_RESERVED);
	*leaf = (struct leaf){ .all = pde, .entry = pde, .frame = frame, .shift = 22 };
	return true;
}

/* 32-bit paging: two levels of 1024 entries of 4 bytes. */
static bool leaf_find_narrow(const struct walk *w, struct leaf *leaf)
{
	uint64_t pde, pte, at;

	at = (w->state->cr3 & BITS(31, 12)) + (w->address >> 22) * 4;
	if (!w->reader(w->context, GPA(at), 4, &pde))
		return walk_unreadable(w, at);
	if (!(pde & ENTRY_P))
		return walk_fault(w, 0);
	if (pde & ENTRY_PS && w->state->cr4 & CR4_PSE)
		return leaf_take_4m(w, pde, leaf);

	at = (pde & BITS(31, 12)) + (w->address >> 12 & 1023) * 4;
	if (!w->reader(w->context, GPA(at), 4, &pte))
		return walk_unreadable(w, at);
	if (!(pte & ENTRY_P))
		return walk_fault(w, 0);
	*leaf = (struct leaf){
		.all = pde & pte, .entry = pte, .frame = pte & BITS(31, 12), .shift = 12,
	};
	return true;
}

bool walk_guest(const struct walk_state *state, gla_t address, enum walk_access access,
		walk_reader reader, void *context, struct walk_result *out)
{
	struct walk w = {
		.state = state, .address = address.v, .access = access,
		.reader = reader, .context = context, .out = out,
	};
	struct leaf leaf = { .any = 0 };
	bool found;

	if (!(state->efer & EFER_LMA))
		w.address = (uint32_t)address.v; /* outside of IA-32e mode they wrap at 4 GiB */
	if (!(state->cr0 & CR0_PG)) {
		out->status = WALK_OK;
		out->gpa = GPA(w.address);
		out->page_size = 1ULL << 32;
		return true;
	}
	found = state->cr4 & CR4_PAE ? leaf_find_wide(&w, &leaf) : leaf_find_narrow(&w, &leaf);
	return found && walk_finish(&w, &leaf);
}
