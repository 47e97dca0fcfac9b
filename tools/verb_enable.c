// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead enable BOARD`: compiles the board file and has the driver enable the hypervisor. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "config/load.h"
#include "device.h"
#include "verb.h"

#define VERB "enable"

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	const char **path = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*path)
			argp_error(state, "one board file, please: what is `%s'?", argument);
		*path = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which board file?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "BOARD",
	.doc = "Puts the hypervisor under the running Linux, which goes on as the root cell."
	       "\vBOARD is a board file, such as /etc/bulkhead/boards/bochs/board.conf. All that "
	       "is wrong with it is shown with file and line, and nothing is changed then.",
};

static int enable(int device, const struct config_blob *blob)
{
	const struct bh_board *board = blob->view.board;
	struct bh_refusal refusal;

	if (!device_enable(device, blob->data, blob->size, &refusal)) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	printf("enabled on board %s: Linux is the root cell; %" PRIu64 " KiB at 0x%" PRIx64
	       " are the hypervisor's\n", board->name, board->hypervisor.size / 1024,
	       board->hypervisor.start);
	return VERB_DONE;
}

int verb_enable(int argc, char **argv)
{
	struct config_blob blob;
	const char *path = NULL;
	int device;
	int status;

	verb_parse(&argp, VERB, argc, argv, &path);
	if (!config_load(path, &blob))
		return VERB_REFUSED;
	device = device_open(VERB);
	if (device >= 0) {
		status = enable(device, &blob);
		close(device);
	} else {
		status = -device;
	}
	config_blob_free(&blob);
	return status;
}
