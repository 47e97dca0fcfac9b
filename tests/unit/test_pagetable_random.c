// SPDX-License-Identifier: GPL-2.0-only
/*
 * The builder against naive models: on random sets of regions every answer must be that of a list
 * of regions, or of a flat array of pages, which know nothing of levels. Also that pages are as
 * large as they can be, that the prediction is exact, and that a refusal leaves no trace.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/page_arena.h"
#include "model/format_ept.h"
#include "model/format_npt.h"
#include "model/format_x86.h"

#define SPARSE_SETS 90000
#define FLAT_SETS   10000
#define CHANGE_SETS 1000
#define REGIONS_MAX 10

#define FLAT_PAGES 768ULL /* 3 MiB: room for a 2 MiB page that starts anywhere in the first */

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

static uint64_t random_state = 0x2545f4914f6cdd1d;
static unsigned int set_number;

#define check(condition)                                                                         \
	do {                                                                                     \
		if (!(condition))                                                                \
			fail_msg("set %u: %s", set_number, #condition);                          \
	} while (0)

static uint64_t random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state >> 8;
}

static uint64_t random_below(uint64_t limit)
{
	return random_bits() % limit;
}

static unsigned int random_attributes(void)
{
	return PT_READ | (unsigned int)random_below(PT_WRITE_COMBINING);
}

/* The regions mapped so far, as the naive model holds them, and the table that should agree. */
struct set {
	struct pagetable pt;
	struct pt_mapping regions[REGIONS_MAX];
	size_t count;
	unsigned int physical_bits;
	unsigned int largest_leaf;
};

static void start_set(struct set *set, const struct pt_format *format)
{
	static const unsigned int widths[] = { 36, 39, 46, 52 };
	struct pt_memory memory;
	uint64_t quota = ARENA_PAGES;

	if (random_below(8) == 0)
		quota = 1 + random_below(12);
	memory = arena_reset(quota);
	set->count = 0;
	set->physical_bits = widths[random_below(BH_ARRAY_SIZE(widths))];
	set->largest_leaf = 1 + (unsigned int)random_below(4);
	check(pt_init(&set->pt, format, &memory, set->physical_bits, set->largest_leaf, NULL));
	if (set->largest_leaf > PT_1G)
		set->largest_leaf = PT_1G;
}

static const struct pt_mapping *region_at(const struct set *set, uint64_t virt)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (virt - set->regions[i].virt < set->regions[i].size)
			return &set->regions[i];
	return NULL;
}

static bool overlaps(const struct set *set, const struct pt_mapping *m)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct pt_mapping *r = &set->regions[i];

		if (m->virt < r->virt + r->size && r->virt < m->virt + m->size)
			return true;
	}
	return false;
}

/* The largest page that could hold virt: whole in the region, and as aligned there as here. */
static unsigned int best_level(const struct set *set, const struct pt_mapping *r, uint64_t virt)
{
	unsigned int level = set->largest_leaf;

	if (r->largest_leaf && r->largest_leaf < level)
		level = r->largest_leaf;
	for (; level > 1; level--) {
		uint64_t span = pt_span(level);
		uint64_t start = virt / span * span;

		if (start >= r->virt && start + span <= r->virt + r->size &&
		    (r->virt - r->phys.v) % span == 0)
			break;
	}
	return level;
}

static void check_lookup(const struct set *set, uint64_t virt)
{
	const struct pt_mapping *r = region_at(set, virt);
	struct pt_leaf leaf;
	hpa_t phys = HPA(0);

	check(pt_lookup(&set->pt, virt, &leaf) == (r != NULL));
	if (set->pt.format == &pt_format_ept)
		check(ept_translate(&set->pt, GPA(virt), &phys) == (r != NULL));
	else if (set->pt.format == &pt_format_npt)
		check(npt_translate(&set->pt, GPA(virt), &phys) == (r != NULL));
	if (r && set->pt.format != &pt_format_x86)
		check(phys.v == r->phys.v + (virt - r->virt));
	if (!r)
		return;
	check(leaf.level == best_level(set, r, virt));
	check(leaf.size == pt_span(leaf.level));
	check(leaf.virt == virt / leaf.size * leaf.size);
	check(leaf.phys.v == r->phys.v + (leaf.virt - r->virt));
	check(leaf.attributes == r->attributes);
}

static uint64_t predicted(const struct set *set, size_t count)
{
	return pt_predict(set->pt.format, set->largest_leaf, set->regions, count);
}

/* What pt_map() should say, and that it does; a refusal must leave no trace. */
static void try_region(struct set *set, const struct pt_mapping *m)
{
	uint64_t left = arena_quota - arena_used;
	struct bh_refusal refusal = { "" };
	bool expected = true;
	uint64_t before;

	if (m->size == 0 || (m->virt | m->phys.v | m->size) & BH_PAGE_MASK ||
	    (m->phys.v + m->size - 1) >> set->physical_bits || overlaps(set, m))
		expected = false;

	/* The prediction is held against the truth at the end of the set. */
	set->regions[set->count] = *m;
	if (expected && predicted(set, set->count + 1) - arena_used > left)
		expected = false;

	before = expected ? 0 : arena_fingerprint();
	check(pt_map(&set->pt, m, &refusal) == expected);
	check((refusal.text[0] == '\0') == expected);
	if (expected)
		set->count++;
	else
		check(arena_fingerprint() == before);
}

struct totals {
	uint64_t bytes;
	uint64_t next;
};

static bool add_leaf(void *context, const struct pt_leaf *leaf)
{
	struct totals *totals = context;

	/* In ascending order of what the processor indexes by: the halves of sign extension too. */
	check((leaf->virt & ((1ULL << 48) - 1)) >= totals->next);
	totals->next = (leaf->virt & ((1ULL << 48) - 1)) + leaf->size;
	totals->bytes += leaf->size;
	return true;
}

/* Counts, sums and the prediction, whose list may be in any order. */
static void check_whole(struct set *set)
{
	struct totals totals = { 0, 0 };
	uint64_t bytes = 0;
	size_t i;

	/* The costliest check by far: not for every set. */
	for (i = 0; i < set->count; i++)
		bytes += set->regions[i].size;
	if (set_number % 4 == 0) {
		check(pt_for_each_leaf(&set->pt, add_leaf, &totals));
		check(totals.bytes == bytes);
	}

	for (i = 1; i < set->count; i++) {
		size_t other = random_below(i + 1);
		struct pt_mapping swap = set->regions[i];

		set->regions[i] = set->regions[other];
		set->regions[other] = swap;
	}
	check(pt_count_pages(&set->pt) == arena_used);
	check(predicted(set, set->count) == arena_used);
}

/* Where sets gather: at the bottom, around each kind of boundary, and at the top. */
static uint64_t random_base(const struct pt_format *format)
{
	static const uint64_t bases[] = {
		0, GIB, 3 * GIB, 4 * GIB, 511 * GIB, 512 * GIB, 1023 * GIB, (1ULL << 46) - 2 * GIB,
		(1ULL << 47) - 16 * GIB,
	};
	uint64_t base = bases[random_below(BH_ARRAY_SIZE(bases))];

	return format->sign_extended && random_below(2) ? base | 0xffff800000000000 : base;
}

/* From a page to some GiB, but not so many small pages that a set takes long. */
static struct pt_mapping random_region(const struct set *set)
{
	static const uint64_t units[] = { 4 * KIB, 64 * KIB, 2 * MIB, 64 * MIB, GIB };
	uint64_t unit = units[random_below(BH_ARRAY_SIZE(units))];
	struct pt_mapping m = {
		.attributes = random_attributes(),
		.largest_leaf = random_below(4) ? 0 : 1 + (unsigned int)random_below(3),
	};

	m.virt = random_base(set->pt.format) + random_below(6) * unit;
	m.size = (1 + random_below(4)) * unit;
	m.phys = HPA(m.virt % (1ULL << 35) + random_below(3) * 8 * GIB);
	switch (random_below(6)) {
	case 0: /* edges inside larger pages */
		m.virt += 4 * KIB;
		m.phys.v += 4 * KIB;
		m.size -= random_below(2) * 4 * KIB;
		break;
	case 1: /* 2 MiB pages at best */
		m.phys.v += 2 * MIB;
		break;
	case 2: /* 4 KiB pages only */
		m.phys.v += 4 * KIB;
		m.size = (1 + random_below(300)) * 4 * KIB;
		break;
	}
	if (m.largest_leaf == PT_4K || set->largest_leaf == PT_4K)
		m.size %= MIB;
	if (random_below(40) == 0)
		m.virt += 0x200;
	if (random_below(40) == 0)
		m.phys.v += 1ULL << 45;
	return m;
}

static void sparse_set(const struct pt_format *format)
{
	size_t wanted = 1 + random_below(REGIONS_MAX - 1);
	struct set set;
	size_t i;

	start_set(&set, format);
	for (i = 0; i < wanted; i++) {
		struct pt_mapping m = random_region(&set);

		try_region(&set, &m);
	}
	for (i = 0; i < set.count; i++) {
		const struct pt_mapping *r = &set.regions[i];

		check_lookup(&set, r->virt);
		check_lookup(&set, r->virt + r->size - 1);
		check_lookup(&set, r->virt - 1);
		check_lookup(&set, r->virt + r->size);
		check_lookup(&set, r->virt + random_below(r->size));
		check_lookup(&set, (r->virt + 2 * MIB - 1) / (2 * MIB) * (2 * MIB));
		check_lookup(&set, (r->virt + r->size) / GIB * GIB);
		check_lookup(&set, r->virt + random_below(4 * GIB));
	}
	check_whole(&set);
}

static void sparse_sets_answer_like_a_list(void **state)
{
	(void)state;
	for (set_number = 0; set_number < SPARSE_SETS; set_number++) {
		sparse_set(&pt_format_ept);
		sparse_set(&pt_format_npt);
		sparse_set(&pt_format_x86);
	}
}

/* What each page of the small space should be: nothing, or where it lies and how. */
struct page {
	uint64_t phys;
	unsigned int attributes;
	bool mapped;
};

static void flat_set(const struct pt_format *format)
{
	struct page pages[FLAT_PAGES] = { { 0, 0, false } };
	uint64_t base = random_base(format) + random_below(8) * MIB;
	size_t wanted = 1 + random_below(REGIONS_MAX - 1);
	struct set set;
	size_t i, p;

	start_set(&set, format);
	for (i = 0; i < wanted; i++) {
		uint64_t first = random_below(FLAT_PAGES);
		uint64_t size = 1 + random_below(random_below(2) ? 16 : FLAT_PAGES - first);
		struct pt_mapping m = { .attributes = random_attributes() };
		size_t before = set.count;

		if (first + size > FLAT_PAGES)
			size = FLAT_PAGES - first;
		m.virt = base + first * BH_PAGE_SIZE;
		m.phys = HPA(random_below(64) * 2 * MIB + (m.virt % (2 * MIB)));
		if (random_below(3) == 0)
			m.phys.v += BH_PAGE_SIZE;
		m.size = size * BH_PAGE_SIZE;
		try_region(&set, &m);
		for (p = first; set.count > before && p < first + size; p++)
			pages[p] = (struct page){
				m.phys.v + (p - first) * BH_PAGE_SIZE, m.attributes, true,
			};
	}
	for (p = 0; p < FLAT_PAGES; p++) {
		uint64_t virt = base + p * BH_PAGE_SIZE;
		struct pt_leaf leaf;

		check(pt_lookup(&set.pt, virt, &leaf) == pages[p].mapped);
		if (pages[p].mapped) {
			check(leaf.phys.v + (virt - leaf.virt) == pages[p].phys);
			check(leaf.attributes == pages[p].attributes);
		}
	}
	check_whole(&set);
}

static void flat_sets_answer_like_an_array(void **state)
{
	(void)state;
	for (set_number = 0; set_number < FLAT_SETS; set_number++) {
		flat_set(&pt_format_ept);
		flat_set(&pt_format_npt);
		flat_set(&pt_format_x86);
	}
}

/* Pieces that touch, each mapped for itself, so that every boundary between them is made. */
static void map_pieces(struct set *set, uint64_t base)
{
	uint64_t virt = base;

	for (set->count = 0; set->count < REGIONS_MAX; set->count++) {
		struct pt_mapping *r = &set->regions[set->count];
		uint64_t small = (1 + random_below(600)) * BH_PAGE_SIZE;
		uint64_t to_boundary = 2 * MIB - virt % (2 * MIB);

		*r = (struct pt_mapping){
			.virt = virt,
			.phys = HPA(virt % GIB + random_below(4) * GIB),
			.size = random_below(2) ? small : to_boundary + 2 * MIB * random_below(3),
			.attributes = random_attributes(),
		};
		check(pt_map(&set->pt, r, NULL));
		virt += r->size;
	}
}

/* One random change of one piece or of some pages in it; mapped says whether it is there now. */
static void change_piece(struct set *set, bool *mapped, struct pt_mapping *r)
{
	uint64_t before = arena_fingerprint();
	unsigned int attributes = random_attributes();
	struct pt_mapping elsewhere = *r;
	bool done;

	switch (random_below(4)) {
	case 0:
		check(pt_clear(&set->pt, r->virt, r->size, NULL) == *mapped);
		done = *mapped;
		*mapped = false;
		break;
	case 1:
		done = pt_protect(&set->pt, r->virt, r->size, attributes, NULL);
		check(done == *mapped);
		if (done)
			r->attributes = attributes;
		break;
	case 2:
		elsewhere.phys.v = r->phys.v % GIB + random_below(4) * GIB;
		elsewhere.attributes = attributes;
		done = pt_restore(&set->pt, &elsewhere, NULL);
		check(done == !*mapped);
		if (done)
			*r = elsewhere;
		*mapped = true;
		break;
	default: /* beyond the piece: a page of the next must not go along */
		done = pt_clear(&set->pt, r->virt, r->size + REGIONS_MAX * 8 * MIB, NULL);
		check(!done);
		break;
	}
	if (!done)
		check(arena_fingerprint() == before);
}

static void change_set(const struct pt_format *format)
{
	bool mapped[REGIONS_MAX];
	struct set set;
	uint64_t pages;
	size_t i;
	int n;

	start_set(&set, format);
	while (arena_quota != ARENA_PAGES)
		start_set(&set, format);
	map_pieces(&set, random_base(format));
	pages = arena_used;
	for (i = 0; i < REGIONS_MAX; i++)
		mapped[i] = true;
	for (n = 0; n < 20; n++) {
		i = random_below(REGIONS_MAX);
		change_piece(&set, &mapped[i], &set.regions[i]);
	}
	for (i = 0; i < REGIONS_MAX; i++) {
		const struct pt_mapping *r = &set.regions[i];
		struct pt_leaf leaf;

		if (mapped[i]) {
			check_lookup(&set, r->virt);
			check_lookup(&set, r->virt + random_below(r->size));
			check_lookup(&set, r->virt + r->size - 1);
		} else {
			check(!pt_lookup(&set.pt, r->virt, &leaf));
			check(!pt_lookup(&set.pt, r->virt + random_below(r->size), &leaf));
			check(!pt_lookup(&set.pt, r->virt + r->size - 1, &leaf));
		}
	}
	check(arena_used == pages && pt_count_pages(&set.pt) == pages);
}

static void prepared_pieces_come_and_go(void **state)
{
	(void)state;
	for (set_number = 0; set_number < CHANGE_SETS; set_number++) {
		change_set(&pt_format_ept);
		change_set(&pt_format_npt);
		change_set(&pt_format_x86);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sparse_sets_answer_like_a_list),
		cmocka_unit_test(flat_sets_answer_like_an_array),
		cmocka_unit_test(prepared_pieces_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
