/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cell_view_open()'s look at the form of a cell's blob: what is cut, damaged, misaligned, reserved
 * or not terminated; and bytes changed at random under a right check sum, judged by cell_admit().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cell_blob.h"

static struct cells cells;

static bool opens(struct bh_refusal *refusal)
{
	struct cell_view view;

	memset(refusal, 0x55, sizeof(*refusal));
	return cell_view_open(&view, &cells.cell, sizeof(cells.cell), refusal);
}

static void good_blob_opens(void **state)
{
	struct bh_refusal refusal;
	struct cell_view view;

	(void)state;
	cells_fill(&cells);
	assert_true(cell_view_open(&view, &cells.cell, sizeof(cells.cell), &refusal));
	assert_ptr_equal(view.header, &cells.cell.header);
	assert_ptr_equal(view.cell, &cells.cell.cell);
	assert_ptr_equal(view.regions, cells.cell.regions);
	assert_ptr_equal(view.ports, cells.cell.ports);
	assert_ptr_equal(view.msrs, cells.cell.msrs);
}

#define SET_CELL(member, number, expected) \
	SET_IN(struct cell_blob, member, number, expected)

static void single_values_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET_CELL(header.version, 1, "version 1, this side knows version 5"),
		SET_CELL(header.version, 6, "version 6"),
		SET_CELL(header.reserved, 1, "reserved bytes of the configuration's header"),
		SET_CELL(header.magic[4], 'H', "does not start with \"BULKCELL\""),
		SET_CELL(cell.region_count, 257, "257 memory regions are more than the 256"),
		SET_CELL(cell.region_count, ~0u, "4294967295 memory regions"),
		SET_CELL(cell.region_count, 4, "parts have"),
		SET_CELL(cell.region_count, 6, "parts have"),
		SET_CELL(cell.region_count, 0, "parts have"),
		SET_CELL(cell.port_count, 257, "257 port ranges"),
		SET_CELL(cell.port_count, 1, "parts have"),
		SET_CELL(cell.msr_count, 65, "65 MSR ranges"),
		SET_CELL(cell.msr_count, 3, "parts have"),
		SET_CELL(cell.reserved, 1, "reserved bytes of the configuration's cell"),
		SET_CELL(cell.console.reserved, 1u << 31,
			 "reserved bytes of the configuration's cell"),
		SET_CELL(regions[0].reserved, 1, "reserved bytes of memory region 0"),
		SET_CELL(regions[4].reserved, 1u << 31, "reserved bytes of memory region 4"),
		SET_CELL(cell.name[31], 'x', "unused bytes of the name of cell 0"),
		SET_CELL(cell.name[4], 'x', "unused bytes of the name of cell 0"),
		SET_CELL(regions[2].name[31], 'x', "unused bytes of the name of memory region 2"),
		SET_CELL(regions[4].name[5], 'x', "unused bytes of the name of memory region 4"),
	};
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(mutations); i++) {
		cells_fill(&cells);
		blob_mutate(&cells.cell, &mutations[i]);
		blob_seal(&cells.cell.header);
		if (opens(&refusal))
			fail_msg("%s: taken", mutations[i].what);
		if (!strstr(refusal.text, mutations[i].words))
			fail_msg("%s: refused with \"%s\"", mutations[i].what, refusal.text);
	}
}

/* A board is no cell, and a cell is no board. */
static void kinds_are_told_apart(void **state)
{
	struct bh_refusal refusal;
	struct config_view board;
	struct cell_view cell;

	(void)state;
	cells_fill(&cells);
	assert_false(cell_view_open(&cell, &cells.board, sizeof(cells.board), &refusal));
	assert_non_null(strstr(refusal.text, "does not start with \"BULKCELL\""));
	assert_false(config_open(&board, &cells.cell, sizeof(cells.cell), &refusal));
	assert_non_null(strstr(refusal.text, "does not start with \"BULKHEAD\""));
	assert_true(config_open(&board, &cells.board, sizeof(cells.board), &refusal));
}

static void unterminated_names_refused(void **state)
{
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i <= BH_ARRAY_SIZE(cells.cell.regions); i++) {
		cells_fill(&cells);
		memset(i ? cells.cell.regions[i - 1].name : cells.cell.cell.name, 'a',
		       BH_NAME_SIZE);
		blob_seal(&cells.cell.header);
		assert_false(opens(&refusal));
		assert_non_null(strstr(refusal.text, "is not terminated"));
	}
}

static void every_flipped_bit_refused(void **state)
{
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i < 8 * sizeof(cells.cell); i++) {
		cells_fill(&cells);
		((uint8_t *)&cells.cell)[i / 8] ^= (uint8_t)(1 << i % 8);
		if (opens(&refusal))
			fail_msg("bit %zu", i);
	}
}

/* In memory of that size, so that the sanitizer sees a byte too far. */
static void every_other_size_refused(void **state)
{
	const size_t least = sizeof(struct bh_config_header) + sizeof(struct bh_cell);
	struct bh_refusal refusal;
	struct cell_view view;
	size_t size;

	(void)state;
	cells_fill(&cells);
	for (size = 0; size <= sizeof(cells.cell) + 64; size++) {
		struct bh_config_header *blob;

		if (size == sizeof(cells.cell))
			continue;
		blob = calloc(1, size ? size : 1);
		memcpy(blob, &cells.cell, size < sizeof(cells.cell) ? size : sizeof(cells.cell));
		assert_false(cell_view_open(&view, blob, size, &refusal));
		if (size < least)
			assert_non_null(strstr(refusal.text, "bytes, not"));
		else
			assert_non_null(strstr(refusal.text, "bytes, but"));
		if (size >= least) {
			/* The header agrees, so what is in it must be found missing. */
			blob->size = (uint32_t)size;
			blob_seal(blob);
			assert_false(cell_view_open(&view, blob, size, &refusal));
			assert_non_null(strstr(refusal.text, "parts have"));
		}
		free(blob);
	}
	assert_false(cell_view_open(&view, &cells.cell, BH_CONFIG_MAX_SIZE + 1, &refusal));
	assert_non_null(strstr(refusal.text, "65536"));
}

static void misaligned_refused(void **state)
{
	static _Alignas(8) uint8_t buffer[sizeof(struct cell_blob) + 8];
	struct bh_refusal refusal;
	struct cell_view view;
	size_t i;

	(void)state;
	cells_fill(&cells);
	for (i = 1; i < 8; i++) {
		memcpy(buffer + i, &cells.cell, sizeof(cells.cell));
		assert_false(cell_view_open(&view, buffer + i, sizeof(cells.cell), &refusal));
		assert_non_null(strstr(refusal.text, "multiple of 8"));
	}
}

/* xorshift64*, so that every run sees the same */
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t random_next(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d;
}

static void random_bytes_never_fool(void **state)
{
	static const uint8_t favourites[] = { 0, 1, 2, 4, 0x10, 0x7f, 0x80, 0xff };
	unsigned int round, change, taken = 0;
	const struct cell_view *others[1];
	struct bh_refusal refusal;
	struct cells_view view;
	struct cell_view cell;
	const char *rule;

	(void)state;
	others[0] = &view.other;
	cells_view_make(&view, &cells);
	for (round = 0; round < 30000; round++) {
		cells_fill(&cells);
		for (change = 0; change <= random_next() % 4; change++)
			((uint8_t *)&cells.cell)[24 + random_next() % (sizeof(cells.cell) - 24)] =
				random_next() % 2 ? favourites[random_next() % 8] :
						    (uint8_t)random_next();
		blob_seal(&cells.cell.header);
		if (!cell_view_open(&cell, &cells.cell, sizeof(cells.cell), &refusal) ||
		    !cell_admit(&view.board, &cell, others, 1, &refusal)) {
			assert_int_not_equal(refusal.text[0], '\0');
			continue;
		}
		taken++;
		rule = cell_broken_rule(&view.board, &cell, others, 1);
		if (rule)
			fail_msg("round %u: taken although \"%s\" is broken", round, rule);
	}
	/* Many changes are harmless, but not most. */
	assert_in_range(taken, 300, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_blob_opens),
		cmocka_unit_test(single_values_refused),
		cmocka_unit_test(kinds_are_told_apart),
		cmocka_unit_test(unterminated_names_refused),
		cmocka_unit_test(every_flipped_bit_refused),
		cmocka_unit_test(every_other_size_refused),
		cmocka_unit_test(misaligned_refused),
		cmocka_unit_test(random_bytes_never_fool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
