// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell create FILE`: compiles the cell file and has the cell created. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cell_config.h"
#include "commands.h"
#include "tools/config/file.h"
#include "tools/config/numbers.h"
#include "tools/device.h"
#include "tools/snapshot.h"
#include "tools/verb.h"

#define VERB "cell create"

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	const char **path = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*path)
			argp_error(state, "one cell file, please: what is `%s'?", argument);
		*path = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which cell file?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "FILE",
	.doc = "Takes the CPUs, the memory and the devices of a cell file from Linux and makes the "
	       "cell of them; it does not run yet.\vFILE is a cell file, such as "
	       "/etc/bulkhead/boards/bochs/rt0.conf. All that is wrong with it is shown with file "
	       "and line, and nothing is changed then.",
};

static int create(int device, const struct cell_blob *blob)
{
	struct bh_ioctl_cell_create call = {
		.config = (uintptr_t)blob->data,
		.config_size = blob->size,
	};
	const struct bh_cell *cell = blob->view.cell;
	struct bh_refusal refusal;
	char cpus[CPUS_TEXT];

	if (!device_call(device, BH_IOCTL_CELL_CREATE, &call, &call.refusal, &refusal)) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	cpus_format(cell->cpus, cpus);
	printf("cell %u \"%s\" is created: it has CPU%s %s\n", call.cell, cell->name,
	       cpus_count(cell->cpus) == 1 ? "" : "s", cpus);
	return VERB_DONE;
}

/* All that there is now: configurations in the order of ids, root's first. */
struct live {
	struct cell_config configs[BH_MAX_CELLS];
	uint32_t count;
};

/* What goes away or comes meanwhile is the driver's to judge. */
static bool live_read(struct live *live, int device, struct bh_refusal *refusal)
{
	struct snapshot snapshot;
	struct bh_refusal gone;
	size_t i;

	live->count = 0;
	if (!snapshot_take(&snapshot, device, refusal))
		return false;
	if (cell_config_read(&live->configs[0], device, 0, refusal))
		live->count = 1;
	for (i = 0; live->count && i < snapshot.cell_count && live->count < BH_MAX_CELLS; i++)
		if (snapshot.cells[i].id != 0 &&
		    cell_config_read(&live->configs[live->count], device, snapshot.cells[i].id,
				     &gone))
			live->count++;
	snapshot_free(&snapshot);
	return live->count > 0;
}

static void live_free(struct live *live)
{
	while (live->count > 0)
		cell_config_free(&live->configs[--live->count]);
}

/* Compiled for the board that is enabled, and judged beside the cells that there are. */
static bool compile(int device, struct config_file *file, struct cell_blob *blob)
{
	const struct cell_view *others[BH_MAX_CELLS];
	struct bh_refusal refusal;
	struct live live;
	bool does_suit;
	uint32_t i;

	if (!live_read(&live, device, &refusal)) {
		verb_complain(VERB, "%s", refusal.text);
		return false;
	}
	for (i = 1; i < live.count; i++)
		others[i - 1] = &live.configs[i].view;
	does_suit = cell_load(file, &live.configs[0].board, others, live.count - 1, blob);
	live_free(&live);
	return does_suit;
}

/* The blob has data if all is well; the device is to be closed unless it is negative. */
static int prepare(struct config_file *file, int *device, struct cell_blob *blob)
{
	/* What is wrong with the file alone needs no board to be said. */
	if (!cell_check_form(file))
		return VERB_REFUSED;
	*device = device_open_enabled(VERB);
	if (*device < 0)
		return -*device;
	return compile(*device, file, blob) ? VERB_DONE : VERB_REFUSED;
}

int cell_create(int argc, char **argv)
{
	struct config_file file;
	struct cell_blob blob = { 0 };
	const char *path = NULL;
	int device = -1;
	int status;

	verb_parse(&argp, VERB, argc, argv, &path);
	file_open(&file, path);
	status = prepare(&file, &device, &blob);
	file_close(&file);
	if (blob.data) {
		status = create(device, &blob);
		cell_blob_free(&blob);
	}
	if (device >= 0)
		close(device);
	return status;
}
