// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell list`: the cells there are, root among them. */
#include <stdio.h>
#include <unistd.h>

#include "cell_table.h"
#include "commands.h"
#include "tools/device.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB "cell list"

static const struct argp_option option_rows[] = {
	{ .name = "json", .key = 'j', .doc = "All of it for programs, as a JSON list" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	bool *json = state->input;

	(void)argument;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.doc = "Lists the cells there are: id, name, state, CPUs, memory, faults so far, and how "
	       "often their CPUs left them.",
};

int cell_list(int argc, char **argv)
{
	struct snapshot snapshot;
	struct bh_refusal refusal;
	bool json = false;
	bool done;
	int device;

	verb_parse(&argp, VERB, argc, argv, &json);
	device = device_open_enabled(VERB);
	if (device < 0)
		return -device;
	done = snapshot_take(&snapshot, device, &refusal);
	close(device);
	if (!done) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	if (json)
		json_print(cells_json(&snapshot));
	else
		cell_table_print(&snapshot);
	snapshot_free(&snapshot);
	return VERB_DONE;
}
