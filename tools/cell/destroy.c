// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell destroy CELL`: shuts a cell down if it runs, and gives everything back. */
#include <stdio.h>

#include "commands.h"
#include "ending.h"
#include "target.h"
#include "tools/device.h"
#include "tools/verb.h"

#define VERB "cell destroy"

static const struct argp argp = {
	.options = ending_options,
	.parser = ending_parse,
	.args_doc = "CELL",
	.doc = "Ends a cell for good: shuts it down if it runs, scrubs its memory, and gives its "
	       "CPUs and devices back to Linux.\vCELL is a name or an id. A running cell is asked "
	       "first, and may refuse.",
};

int cell_destroy(int argc, char **argv)
{
	struct ending ending = { 0 };
	struct bh_ioctl_cell_destroy call = { 0 };
	struct cell_target target;
	struct bh_refusal refusal;
	bool done;
	int status;

	verb_parse(&argp, VERB, argc, argv, &ending);
	status = target_open_managed(&target, VERB, ending.choice);
	if (status != VERB_DONE)
		return status;
	call.cell = target.cell->id;
	call.force = ending.force;
	call.timeout_ms = ending.timeout_ms;
	done = device_call(target.device, BH_IOCTL_CELL_DESTROY, &call, &call.refusal, &refusal);
	if (done)
		printf("cell %u \"%s\" is destroyed: Linux has its CPUs again\n", target.cell->id,
		       target.cell->name);
	else
		verb_complain(VERB, "%s", refusal.text);
	target_close(&target);
	return done ? VERB_DONE : VERB_REFUSED;
}
