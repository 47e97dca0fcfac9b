// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell start CELL`: lets a cell run. */
#include <stdio.h>

#include "commands.h"
#include "target.h"
#include "tools/device.h"
#include "tools/verb.h"

#define VERB "cell start"

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	return target_parse(state->input, key, argument, state);
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "CELL",
	.doc = "Lets a cell run that was created, was shut down or has failed, from its entry. Its "
	       "memory is as it was left: load it anew if it needs that.\vCELL is a name or an id.",
};

int cell_start(int argc, char **argv)
{
	struct bh_ioctl_cell_start call = { 0 };
	struct cell_target target;
	struct bh_refusal refusal;
	const char *choice = NULL;
	bool done;
	int status;

	verb_parse(&argp, VERB, argc, argv, &choice);
	status = target_open_managed(&target, VERB, choice);
	if (status != VERB_DONE)
		return status;
	call.cell = target.cell->id;
	done = device_call(target.device, BH_IOCTL_CELL_START, &call, &call.refusal, &refusal);
	if (done)
		printf("cell %u \"%s\" runs\n", target.cell->id, target.cell->name);
	else
		verb_complain(VERB, "%s", refusal.text);
	target_close(&target);
	return done ? VERB_DONE : VERB_REFUSED;
}
