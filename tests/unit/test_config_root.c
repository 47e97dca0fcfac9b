/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What model/config.c and model/config_memory.c say of root where it meets cells: settings that
 * only cells have, memory that root shares, and regions that it lends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "config_blob.h"

static struct blob blob;

static bool opens(struct bh_refusal *refusal)
{
	struct config_view view;

	blob_seal(&blob.header);
	return config_open(&view, &blob, sizeof(blob), refusal);
}

static void refused(const char *what, const char *words)
{
	struct bh_refusal refusal;

	if (opens(&refusal))
		fail_msg("%s: not refused", what);
	if (!strstr(refusal.text, words))
		fail_msg("%s: refused with \"%s\", not with \"%s\"", what, refusal.text, words);
}

static void settings_of_cells_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(board.root.flags, BH_CELL_LOCKED, "root has settings"),
		SET(board.root.flags, 0x80000000, "root has settings"),
		SET(board.root.entry, 0x100000, "root has settings"),
		SET(board.root.entry, 1ULL << 63, "root has settings"),
		SET(board.root.console.type, 1, "root has settings"),
		SET(board.root.console.stride, 1, "root has settings"),
		SET(board.root.console.address, 0x3f8, "root has settings"),
		SET(board.root.console.divisor, 1, "root has settings"),
		SET(board.root.console.reserved, 1, "root has settings"),
		SET(board.root.reserved, 1, "root has settings"),
		SET(regions[0].reserved, 1, "reserved bytes of memory region 0"),
		SET(regions[3].reserved, 1u << 31, "reserved bytes of memory region 3"),
	};

	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(mutations); i++) {
		blob_fill(&blob);
		blob_mutate(&blob, &mutations[i]);
		refused(mutations[i].what, mutations[i].words);
	}
}

/* Region 3 becomes one that root shares, out of the second pool. */
static void fill_shared(void)
{
	blob_fill(&blob);
	blob.regions[3].phys = blob.regions[3].at = 0x3a800000;
	blob.regions[3].size = 0x800000;
	blob.regions[3].flags = BH_REGION_SHARED;
}

static void bad_shared_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(regions[3].kind, BH_REGION_DEVICE,
		    "root.memory[3] \"high\": only memory of kind \"ram\" can be shared"),
		SET(regions[3].size, 0x801000,
		    "0x3a800000 and size 0x801000 are not inside board.cell_memory"),
		SET(pools[1].start, 0x3a801000, "are not inside board.cell_memory"),
		SET(pools[1].size, 0xfff000, "are not inside board.cell_memory"),
		SET(pools[1].start, 0x3c000000, "are not inside board.cell_memory"),
		SET(regions[3].flags, 0,
		    "root.memory[3] \"high\": overlaps board.cell_memory[1] at 0x3a800000"),
		SET(regions[3].flags, BH_REGION_LENT,
		    "root.memory[3] \"high\": overlaps board.cell_memory[1] at 0x3a800000"),
		SET(regions[3].flags, BH_REGION_SHARED | BH_REGION_LENT,
		    "root.memory[3] \"high\": a shared region cannot be lent"),
		SET(regions[3].flags, BH_REGION_LOADABLE, "flags 0x2 are not root's"),
		SET(regions[3].flags, 0x80000001, "flags 0x80000000 are not root's"),
		SET(regions[0].flags, 64, "flags 0x40 are not root's"),
		SET(regions[1].flags, BH_REGION_DMA, "flags 0x8 are not root's"),
		SET(regions[1].flags, BH_REGION_LENT | BH_REGION_BAR,
		    "root: has regions or ports of devices that the board has not"),
		SET(regions[1].flags, BH_REGION_LENT | BH_REGION_MSIX,
		    "root: has regions or ports of devices that the board has not"),
		SET(regions[1].flags, BH_REGION_SHARED, "kind \"ram\" can be shared"),
		SET(regions[0].flags, BH_REGION_SHARED, "are not inside board.cell_memory"),
	};
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(mutations); i++) {
		fill_shared();
		assert_true(opens(&refusal));
		blob_mutate(&blob, &mutations[i]);
		refused(mutations[i].what, mutations[i].words);
	}
	/* Two that share the same bytes: each is root's own region still. */
	fill_shared();
	blob.regions[1] = blob.regions[3];
	blob.regions[1].name[0] = 'H';
	refused("shared twice", "root.memory[3] \"high\": overlaps root.memory[1] \"High\"");
}

struct seen {
	unsigned int count;
	struct config_finding findings[4];
};

static void remember(void *context, const struct config_finding *finding)
{
	struct seen *seen = context;

	if (seen->count < BH_ARRAY_SIZE(seen->findings))
		seen->findings[seen->count] = *finding;
	seen->count++;
}

/* In root all regions are whole pages, so two things are wrong here: both are told. */
static void only_whole_pages_are_lent(void **state)
{
	struct config_view view = { &blob.header, &blob.board, blob.pools,  NULL, NULL,
				    blob.regions, blob.ports,  blob.msrs };
	struct seen seen = { 0 };
	struct bh_refusal refusal;

	(void)state;
	blob_fill(&blob);
	blob.regions[1].flags = BH_REGION_LENT;
	assert_true(opens(&refusal));
	blob.regions[1].size = 0x800;
	assert_int_equal(config_check(&view, remember, &seen), 2);
	assert_string_equal(seen.findings[1].what, "only whole pages can be lent");
	assert_int_equal(seen.findings[1].place.part, CONFIG_REGION);
	assert_int_equal(seen.findings[1].place.index, 1);
	assert_string_equal(seen.findings[1].place.setting, "lent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_of_cells_refused),
		cmocka_unit_test(bad_shared_refused),
		cmocka_unit_test(only_whole_pages_are_lent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
