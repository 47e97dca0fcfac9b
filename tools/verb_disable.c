// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead disable`: gives the machine back to Linux. */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "device.h"
#include "verb.h"

#define VERB "disable"

static const struct argp_option option_rows[] = {
	{ .name = "force", .key = 'f', .doc = "Destroy all cells first, running ones too, without "
					      "asking them" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	bool *force = state->input;

	(void)argument;
	if (key != 'f')
		return ARGP_ERR_UNKNOWN;
	*force = true;
	return 0;
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.doc = "Gives the machine back to Linux, which goes on undisturbed on bare metal. While "
	       "there are cells this is refused.",
};

int verb_disable(int argc, char **argv)
{
	struct bh_refusal refusal;
	bool force = false;
	bool enabled;
	bool done;
	int device;

	verb_parse(&argp, VERB, argc, argv, &force);
	device = device_open(VERB);
	if (device < 0)
		return -device;
	enabled = hypervisor_is_enabled();
	done = device_disable(device, force, &refusal);
	close(device);
	if (!done) {
		verb_complain(VERB, "%s", refusal.text);
		return enabled ? VERB_REFUSED : VERB_NOT_ENABLED;
	}
	puts("disabled: Linux runs on bare metal again");
	return VERB_DONE;
}
