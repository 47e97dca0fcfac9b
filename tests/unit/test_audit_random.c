/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The audit over 10,000 random boards: it passes all that are good, finds any one random change to
 * a table, and refuses every configuration whose tables a second check, written here without its
 * code and without the builder's, finds not to isolate. And what it costs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/audit.h"
#include "page_arena.h"
#include "random_cells.h"

#define BOARDS 10000
#define RUNS   65536

static const struct bh_range hypervisor = { ARENA_PHYS, ARENA_PAGES * BH_PAGE_SIZE };
static struct random_board board;
static struct audit_cell subjects[RANDOM_CELLS + 1];
static uint32_t subject_count;

/* Memory that a cell reaches, as its table says; pieces that follow each other are one. */
struct run {
	uint32_t cell;
	uint64_t at;
	uint64_t phys;
	uint64_t size;
};

/* All tables, read without the model. */
static struct {
	struct run runs[RUNS];
	size_t count;
	uint64_t print; /* of every entry that is no table */
	bool is_wild;   /* a table is not where tables are */
	bool is_hazard; /* a cell may execute a large page where that can hang the processor */
} seen;

/*
 * What tells entries apart: those with bit 7 map a page. EPT: SDM vol. 3C, 28.3.2; nested tables:
 * APM vol. 2, 5.3.3.
 */
static const struct form {
	uint64_t present, mask, table;
	uint64_t execute, is; /* what this bit is where the page may be executed */
} forms[] = { { 7, 0xff, 7, 4, 4 }, { 1, 0x81, 1, 1ULL << 63, 0 } };
static const struct form *form;

static void see_leaf(uint32_t cell, uint64_t entry, uint64_t at, uint64_t size)
{
	struct run *last = seen.count ? &seen.runs[seen.count - 1] : NULL;
	uint64_t phys = entry & 0xffffffffff000;

	seen.print = ((seen.print ^ entry) * 0x9e3779b97f4a7c15) ^ (at * 31 + cell);
	if (!(entry & form->present))
		return;
	if (cell != 0 && size > BH_PAGE_SIZE && (entry & form->execute) == form->is &&
	    (board.board.flags & BH_BOARD_MULTIHIT))
		seen.is_hazard = true;
	if (last && last->cell == cell && last->at + last->size == at &&
	    last->phys + last->size == phys) {
		last->size += size;
		return;
	}
	assert_true(seen.count < RUNS);
	seen.runs[seen.count++] = (struct run){ cell, at, phys, size };
}

/* Four levels of 512 entries. */
static void see_table(uint32_t cell, uint64_t table, unsigned int shift, uint64_t at)
{
	unsigned int i;

	if (table < ARENA_PHYS || table >= ARENA_PHYS + ARENA_PAGES * BH_PAGE_SIZE) {
		seen.is_wild = true;
		return;
	}
	for (i = 0; i < 512; i++) {
		uint64_t entry = arena[(table - ARENA_PHYS) / BH_PAGE_SIZE][i];
		uint64_t next = at + ((uint64_t)i << shift);

		if (entry == 0)
			continue;
		if (shift > 12 && (entry & form->mask) == form->table)
			see_table(cell, entry & 0xffffffffff000, shift - 9, next);
		else
			see_leaf(cell, entry, next, 1ULL << shift);
	}
}

static void see_all(void)
{
	uint32_t i;

	seen.count = 0;
	seen.print = 0;
	seen.is_wild = false;
	seen.is_hazard = false;
	form = &forms[board.board.flags & BH_BOARD_SVM ? 1 : 0];
	for (i = 0; i < subject_count; i++)
		see_table(i, subjects[i].map->root.v, 39, 0);
}

/* The name under which the cell shares that page; null if it does not share it. */
static const char *shared_name(uint32_t cell, uint64_t at)
{
	uint32_t i;

	for (i = 0; i < subjects[cell].count; i++) {
		const struct bh_region *region = &subjects[cell].regions[i];

		if (at >= region->at && at - region->at < region->size)
			return region->flags & BH_REGION_SHARED ? region->name : NULL;
	}
	return NULL;
}

static bool both_share(const struct run *a, const struct run *b)
{
	uint64_t from = a->phys > b->phys ? a->phys : b->phys;
	uint64_t a_end = a->phys + a->size, b_end = b->phys + b->size;
	uint64_t page;

	for (page = from; page < (a_end < b_end ? a_end : b_end); page += BH_PAGE_SIZE) {
		const char *ours = shared_name(a->cell, a->at + (page - a->phys));
		const char *theirs = shared_name(b->cell, b->at + (page - b->phys));

		if (!ours || !theirs || strcmp(ours, theirs) != 0)
			return false;
	}
	return true;
}

static bool is_private(const struct run *run)
{
	if (run->phys == 0xfee00000 && run->size == BH_PAGE_SIZE)
		return false;
	return run->phys != subjects[run->cell].comm.v || run->size != BH_PAGE_SIZE;
}

/* I1, page by page: nobody's page is another's, and none the hypervisor's. */
static bool is_isolated(void)
{
	size_t i, j;

	for (i = 0; i < seen.count; i++) {
		const struct run *a = &seen.runs[i];

		if (!is_private(a))
			continue;
		if (a->phys < hypervisor.start + hypervisor.size &&
		    hypervisor.start < a->phys + a->size)
			return false;
		for (j = 0; j < i; j++) {
			const struct run *b = &seen.runs[j];

			if (a->cell != b->cell && is_private(b) && a->phys < b->phys + b->size &&
			    b->phys < a->phys + a->size && !both_share(a, b))
				return false;
		}
	}
	return true;
}

static bool build(struct bh_refusal *refusal)
{
	struct pt_memory memory = arena_reset(ARENA_PAGES);

	if (!random_board_build(&board, &memory, refusal))
		return false;
	subject_count = random_board_subjects(&board, subjects);
	return true;
}

static bool audit(struct bh_refusal *refusal)
{
	return audit_cells(&board.view, subjects, subject_count, refusal);
}

static bool is_comm(uint64_t page)
{
	uint32_t i;

	for (i = 0; i < board.cell_count; i++)
		if (board.cells[i].comm.v == ARENA_PHYS + page * BH_PAGE_SIZE)
			return true;
	return false;
}

/* An entry of any table; one in use, if that is asked for. */
static uint64_t *random_entry(bool in_use)
{
	uint64_t page, i;

	do {
		page = random_below(&board, arena_used);
		i = random_below(&board, PT_ENTRIES);
	} while (is_comm(page) || (in_use && !arena[page][i]));
	return &arena[page][i];
}

static void corrupt(void)
{
	uint64_t *entry = random_entry(random_below(&board, 4) != 0);

	switch (random_below(&board, 4)) {
	case 0:
		*entry = 0;
		break;
	case 1:
		*entry ^= 1ULL << random_below(&board, 64);
		break;
	case 2:
		*entry = *random_entry(true);
		break;
	default:
		*entry += BH_PAGE_SIZE << random_below(&board, 20);
		break;
	}
}

static void any_change_to_a_table_is_found(void **state)
{
	struct bh_refusal refusal;
	uint64_t seed, print, found = 0;

	(void)state;
	for (seed = 0; seed < BOARDS; seed++) {
		random_board_make(&board, hypervisor, seed);
		if (!build(&refusal) || !audit(&refusal))
			fail_msg("board %llu: %s", (unsigned long long)seed, refusal.text);
		see_all();
		if (!is_isolated())
			fail_msg("board %llu is not isolated", (unsigned long long)seed);
		if (seen.is_hazard)
			fail_msg("board %llu has large code", (unsigned long long)seed);
		print = seen.print;
		corrupt();
		see_all();
		/* A table without an entry may come and go: it maps nothing. */
		if (seen.print == print && !seen.is_wild)
			continue;
		found++;
		if (audit(&refusal))
			fail_msg("board %llu: a change is not found", (unsigned long long)seed);
		assert_non_null(strstr(refusal.text, "audit: "));
	}
	assert_true(found > BOARDS / 2);
}

/* Makes one thing of a configuration wrong; the tables will follow it. */
static void spoil(void)
{
	struct random_cell *cell = &board.cells[random_below(&board, board.cell_count)];
	struct random_cell *other = &board.cells[random_below(&board, board.cell_count)];
	struct bh_region *region = &cell->regions[random_below(&board, cell->cell.region_count)];
	uint32_t i;

	switch (random_below(&board, 5)) {
	case 0:
		region->phys = other->regions[random_below(&board, other->cell.region_count)].phys;
		break;
	case 1:
		region->flags ^= BH_REGION_SHARED;
		break;
	case 2:
		region->name[0] = 'X';
		break;
	case 3:
		for (i = 0; i < board.board.root.region_count; i++)
			board.regions[i].flags &= ~BH_REGION_LENT;
		break;
	default:
		region->phys = hypervisor.start + (random_below(&board, 16) << 20);
		break;
	}
}

static void what_does_not_isolate_is_refused(void **state)
{
	struct bh_refusal refusal;
	uint64_t seed, bad = 0;

	(void)state;
	for (seed = 0; seed < BOARDS; seed++) {
		random_board_make(&board, hypervisor, seed);
		if (board.cell_count == 0)
			continue;
		spoil();
		if (!build(&refusal))
			continue;
		see_all();
		if (is_isolated())
			continue;
		bad++;
		if (audit(&refusal))
			fail_msg("board %llu is not isolated, and passes",
				 (unsigned long long)seed);
	}
	assert_true(bad > BOARDS / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_change_to_a_table_is_found),
		cmocka_unit_test(what_does_not_isolate_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
