/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes the good cells and reads all findings. See cell_changes.h.
 */
#include "cell_changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct cells cells;
static struct cells_view view;

/* All findings, a line each. */
struct lines {
	unsigned int count;
	size_t used;
	char text[8192];
	char first[640];
};

static void add_line(void *context, const struct config_finding *finding)
{
	struct lines *lines = context;
	char line[640], place[96], other[96] = "";

	config_place_name(&view.board, &finding->place, place, sizeof(place));
	if (finding->other.part != CONFIG_NOTHING)
		config_place_name(&view.board, &finding->other, other, sizeof(other));
	snprintf(line, sizeof(line), "%s: %s%s%s%s%s", place, finding->what, other[0] ? " " : "",
		 other, finding->detail[0] ? " " : "", finding->detail);
	if (lines->count++ == 0)
		memcpy(lines->first, line, sizeof(line));
	lines->used += (size_t)snprintf(lines->text + lines->used,
					sizeof(lines->text) - lines->used, "%s\n", line);
	assert_true(lines->used < sizeof(lines->text));
}

static void check_changed(const struct rule *rule, struct lines *lines)
{
	const struct cell_view *others[] = { &view.other };
	struct bh_refusal refusal;
	unsigned int findings;
	size_t i;

	cells_fill(&cells);
	cells_view_make(&view, &cells);
	for (i = 0; i < MAX_CHANGES && rule->changes[i].size; i++)
		memcpy((char *)&cells + rule->changes[i].offset, &rule->changes[i].value,
		       rule->changes[i].size);
	memset(lines, 0, sizeof(*lines));
	findings = config_check_cell(&view.board, &view.cell, others, 1, add_line, lines);
	assert_int_equal(findings, lines->count);
	assert_int_equal(cell_admit(&view.board, &view.cell, others, 1, &refusal),
			 lines->count == 0);
	/* A refusal is shorter than a finding may be. */
	if (lines->count)
		assert_memory_equal(refusal.text, lines->first, strlen(refusal.text));
}

void rules_find(const struct rule *rules, size_t count)
{
	struct lines lines;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct cell_view *others[] = { &view.other };

		check_changed(&rules[i], &lines);
		if (!strstr(lines.text, rules[i].words))
			fail_msg("%zu: not found: \"%s\", but:\n%s", i, rules[i].words,
				 lines.text);
		if (!cell_broken_rule(&view.board, &view.cell, others, 1))
			fail_msg("%zu: \"%s\" is no rule as they are written down for the fuzzer",
				 i, rules[i].words);
	}
}

void rules_keep(const struct rule *rules, size_t count)
{
	struct lines lines;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct cell_view *others[] = { &view.other };
		const char *rule;

		check_changed(&rules[i], &lines);
		if (lines.count)
			fail_msg("%zu: \"%s\": %s", i, rules[i].words, lines.text);
		rule = cell_broken_rule(&view.board, &view.cell, others, 1);
		if (rule)
			fail_msg("%zu: \"%s\" breaks \"%s\"", i, rules[i].words, rule);
	}
}
