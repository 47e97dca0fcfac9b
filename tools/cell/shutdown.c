// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell shutdown CELL`: asks a cell to end and waits for it, or stops it. */
#include <stdio.h>

#include "commands.h"
#include "ending.h"
#include "target.h"
#include "tools/device.h"
#include "tools/verb.h"

#define VERB "cell shutdown"

static const struct argp argp = {
	.options = ending_options,
	.parser = ending_parse,
	.args_doc = "CELL",
	.doc = "Asks a cell by its communication page to end, and waits until it has. The cell may "
	       "refuse, and then goes on.\vCELL is a name or an id. The cell keeps CPUs, memory "
	       "and devices, and can be started again.",
};

int cell_shutdown(int argc, char **argv)
{
	struct ending ending = { 0 };
	struct bh_ioctl_cell_shutdown call = { 0 };
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
	done = device_call(target.device, BH_IOCTL_CELL_SHUTDOWN, &call, &call.refusal, &refusal);
	if (done)
		printf("cell %u \"%s\" is %s\n", target.cell->id, target.cell->name,
		       ending.force ? "stopped" : "shut down");
	else
		verb_complain(VERB, "%s", refusal.text);
	target_close(&target);
	return done ? VERB_DONE : VERB_REFUSED;
}
