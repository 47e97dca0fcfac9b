// SPDX-License-Identifier: GPL-2.0-only
/*
 * The access rights of the guest page walk: each that an entry takes away, taken away at every
 * level of every layout; and protection keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/guest_tables.h"

#define NO_FAULT 0xffff
#define F_P WALK_PF_PRESENT
#define F_W WALK_PF_WRITE
#define F_U WALK_PF_USER
#define F_I WALK_PF_FETCH

/* What one entry of the path forbids, the rest allowing all, and what follows. */
struct rights_row {
	const char *what;
	enum walk_access access;
	uint8_t cpl;
	uint64_t clear;   /* of the entry */
	uint64_t set;     /* of the entry */
	uint64_t cr0_off; /* bits of CR0 that are not set */
	uint64_t cr4;
	uint64_t rflags;
	uint32_t code;    /* of the fault; F_I is taken off where fetches are not told apart */
};

static const struct rights_row rights_rows[] = {
	{ "user reads user", WALK_READ, 3, 0, 0, 0, 0, 0, NO_FAULT },
	{ "user writes user", WALK_WRITE, 3, 0, 0, 0, 0, 0, NO_FAULT },
	{ "user fetches user", WALK_FETCH, 3, 0, 0, 0, CR4_SMEP, 0, NO_FAULT },
	{ "user reads user, SMAP", WALK_READ, 3, 0, 0, 0, CR4_SMAP, 0, NO_FAULT },
	{ "user reads supervisor", WALK_READ, 3, US, 0, 0, 0, 0, F_P | F_U },
	{ "user writes supervisor", WALK_WRITE, 3, US, 0, 0, 0, 0, F_P | F_U | F_W },
	{ "user fetches supervisor", WALK_FETCH, 3, US, 0, 0, 0, 0, F_P | F_U | F_I },
	{ "user reads read-only", WALK_READ, 3, RW, 0, 0, 0, 0, NO_FAULT },
	{ "user writes read-only", WALK_WRITE, 3, RW, 0, 0, 0, 0, F_P | F_U | F_W },
	{ "user writes read-only, no WP", WALK_WRITE, 3, RW, 0, CR0_WP, 0, 0, F_P | F_U | F_W },
	{ "ring 0 reads user", WALK_READ, 0, 0, 0, 0, CR4_SMEP, 0, NO_FAULT },
	{ "ring 0 writes read-only", WALK_WRITE, 0, RW, 0, 0, 0, 0, F_P | F_W },
	{ "ring 0 writes read-only supervisor", WALK_WRITE, 0, RW | US, 0, 0, 0, 0, F_P | F_W },
	{ "ring 0 writes read-only, no WP", WALK_WRITE, 0, RW, 0, CR0_WP, 0, 0, NO_FAULT },
	{ "ring 2 writes read-only, no WP", WALK_WRITE, 2, RW, 0, CR0_WP, 0, 0, NO_FAULT },
	{ "ring 1 reads supervisor", WALK_READ, 1, US, 0, 0, CR4_SMAP, 0, NO_FAULT },
	{ "SMAP: ring 0 reads user", WALK_READ, 0, 0, 0, 0, CR4_SMAP, 0, F_P },
	{ "SMAP: ring 1 writes user", WALK_WRITE, 1, 0, 0, 0, CR4_SMAP, 0, F_P | F_W },
	{ "SMAP: no WP does not help", WALK_WRITE, 0, RW, 0, CR0_WP, CR4_SMAP, 0, F_P | F_W },
	{ "SMAP: AC helps", WALK_READ, 0, 0, 0, 0, CR4_SMAP, RFLAGS_AC, NO_FAULT },
	{ "SMAP: AC, no WP", WALK_WRITE, 0, RW, 0, CR0_WP, CR4_SMAP, RFLAGS_AC, NO_FAULT },
	{ "SMAP: AC, read-only", WALK_WRITE, 0, RW, 0, 0, CR4_SMAP, RFLAGS_AC, F_P | F_W },
	{ "SMAP: fetch", WALK_FETCH, 0, 0, 0, 0, CR4_SMAP, 0, NO_FAULT },
	{ "SMEP: ring 0 fetches user", WALK_FETCH, 0, 0, 0, 0, CR4_SMEP, 0, F_P | F_I },
	{ "SMEP: AC does not help", WALK_FETCH, 0, 0, 0, 0, CR4_SMEP, RFLAGS_AC, F_P | F_I },
	{ "SMEP: ring 0 fetches supervisor", WALK_FETCH, 0, US, 0, 0, CR4_SMEP, 0, NO_FAULT },
	{ "XD: ring 0 fetches", WALK_FETCH, 0, 0, XD, 0, 0, 0, F_P | F_I },
	{ "XD: user fetches", WALK_FETCH, 3, 0, XD, 0, 0, 0, F_P | F_U | F_I },
	{ "XD: read", WALK_READ, 0, 0, XD, 0, 0, 0, NO_FAULT },
	{ "XD: write", WALK_WRITE, 3, 0, XD, 0, 0, 0, NO_FAULT },
};

static void check_rights(struct guest *g, unsigned level, const struct rights_row *r)
{
	uint32_t code = r->code;
	uint64_t entry;

	g->state.cpl = r->cpl;
	g->state.cr0 &= ~r->cr0_off;
	g->state.cr4 |= r->cr4;
	g->state.rflags = r->rflags;
	entry = entry_get(g, level);
	entry_set(g, level, (entry & ~r->clear) | r->set);
	if (code == NO_FAULT) {
		expect_translation(g, r->access, r->what);
		return;
	}
	if (!is_wide(g->layout) && !(r->cr4 & CR4_SMEP))
		code &= ~F_I;
	expect_fault(g, r->access, code, r->what);
}

static void test_rights_at_every_level(void **state)
{
	const struct rights_row *r;
	const struct layout *l;
	struct guest g;
	unsigned level;

	(void)state;
	FOR_EACH_LAYOUT(l) {
		for (r = rights_rows; r < rights_rows + BH_ARRAY_SIZE(rights_rows); r++) {
			if (r->set & XD && !is_wide(l))
				continue;
			for (level = 0; level < l->tables; level++) {
				guest_build(&g, l);
				check_rights(&g, level, r);
			}
		}
	}
}

#define KEY   13
#define AD    (1U << (KEY * 2))
#define WD    (2U << (KEY * 2))
#define F_K   WALK_PF_KEY

static void check_key(const struct layout *l, uint32_t pkru, const struct rights_row *r)
{
	struct guest g;

	guest_build(&g, l);
	entry_set(&g, l->tables - 1, entry_get(&g, l->tables - 1) | (uint64_t)KEY << 59);
	g.state.pkru = pkru;
	check_rights(&g, l->tables - 1, r);
}

static void test_protection_keys(void **state)
{
	static const struct {
		uint32_t pkru;
		struct rights_row row;
	} rows[] = {
		{ AD | WD, { "no PKE", WALK_WRITE, 3, 0, 0, 0, 0, 0, NO_FAULT } },
		{ ~(AD | WD), { "others", WALK_WRITE, 3, 0, 0, 0, CR4_PKE, 0, NO_FAULT } },
		{ AD, { "AD, user reads", WALK_READ, 3, 0, 0, 0, CR4_PKE, 0, F_P | F_U | F_K } },
		{ AD, { "AD, ring 0", WALK_WRITE, 0, 0, 0, 0, CR4_PKE, 0, F_P | F_W | F_K } },
		{ AD, { "AD, supervisor page", WALK_READ, 0, US, 0, 0, CR4_PKE, 0, NO_FAULT } },
		{ AD, { "AD, fetch", WALK_FETCH, 3, 0, 0, 0, CR4_PKE, 0, NO_FAULT } },
		{ WD, { "WD, read", WALK_READ, 3, 0, 0, 0, CR4_PKE, 0, NO_FAULT } },
		{ WD, { "WD, user writes", WALK_WRITE, 3, 0, 0, CR0_WP, CR4_PKE, 0,
			F_P | F_U | F_W | F_K } },
		{ WD, { "WD, ring 0", WALK_WRITE, 0, 0, 0, 0, CR4_PKE, 0, F_P | F_W | F_K } },
		{ WD, { "WD, no WP", WALK_WRITE, 0, 0, 0, CR0_WP, CR4_PKE, 0, NO_FAULT } },
	};
	const struct layout *l;
	unsigned i;

	(void)state;
	FOR_EACH_LAYOUT(l)
		for (i = 0; is_long(l) && i < BH_ARRAY_SIZE(rows); i++)
			check_key(l, rows[i].pkru, &rows[i].row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights_at_every_level),
		cmocka_unit_test(test_protection_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
