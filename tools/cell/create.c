// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell create FILE`: compiles the cell file and has the cell created. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cell_config.h"
#include "commands.h"
#include "tools/config/load.h"
#include "tools/config/numbers.h"
#include "tools/device.h"
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

/* Judged by the board that is enabled; what other cells have is the driver's to say. */
static bool suits_board(int device, const char *path)
{
	struct bh_refusal refusal;
	struct cell_config root;
	struct cell_blob blob;
	bool suits;

	if (!cell_config_read(&root, device, 0, &refusal)) {
		verb_complain(VERB, "%s", refusal.text);
		return false;
	}
	suits = cell_load_for(path, &root.board, NULL, 0, &blob);
	if (suits)
		cell_blob_free(&blob);
	cell_config_free(&root);
	return suits;
}

int cell_create(int argc, char **argv)
{
	struct cell_blob blob;
	const char *path = NULL;
	int device;
	int status;

	verb_parse(&argp, VERB, argc, argv, &path);
	if (!cell_load(path, &blob))
		return VERB_REFUSED;
	device = device_open_enabled(VERB);
	if (device >= 0) {
		status = suits_board(device, path) ? create(device, &blob) : VERB_REFUSED;
		close(device);
	} else {
		status = -device;
	}
	cell_blob_free(&blob);
	return status;
}
