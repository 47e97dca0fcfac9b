// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell show CELL`: collects all there is to know of one cell; detail.h shows it. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "detail.h"
#include "registers.h"
#include "target.h"
#include "tools/verb.h"

#define VERB "cell show"

struct options {
	const char *choice;
	bool json;
	bool registers;
};

static const struct argp_option option_rows[] = {
	{ .name = "json", .key = 'j', .doc = "All of it for programs, as one JSON object" },
	{ .name = "registers", .key = 'r', .doc = "The registers of its CPUs when they stopped" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->json = true;
		return 0;
	case 'r':
		options->registers = true;
		return 0;
	default:
		return target_parse(&options->choice, key, argument, state);
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "CELL",
	.doc = "Shows all there is to know of a cell: its configuration, state, map, CPUs and "
	       "counters.\vCELL is a name or an id.",
};

static int show(const struct cell_target *target, const struct options *options)
{
	struct cell_detail detail = { .snapshot = &target->snapshot, .cell = target->cell };
	struct bh_refusal refusal;
	bool done;

	done = !options->registers ||
	       cell_registers_read(&detail.registers, &detail.register_count, &target->snapshot,
				   target->cell, target->device, &refusal);
	if (done) {
		cell_config_read(&detail.root, target->device, 0, &refusal);
		if (cell_config_read(&detail.config, target->device, target->cell->id, &refusal))
			cell_leaves_count(&detail.leaves, target->device, target->cell,
					  &detail.config, &detail.root);
		if (options->json)
			detail_json_print(&detail);
		else
			detail_print(&detail);
		cell_config_free(&detail.config);
		cell_config_free(&detail.root);
	} else {
		verb_complain(VERB, "%s", refusal.text);
	}
	free(detail.registers);
	return done ? VERB_DONE : VERB_REFUSED;
}

int cell_show(int argc, char **argv)
{
	struct options options = { 0 };
	struct cell_target target;
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	status = target_open(&target, VERB, options.choice);
	if (status != VERB_DONE)
		return status;
	status = show(&target, &options);
	target_close(&target);
	return status;
}
