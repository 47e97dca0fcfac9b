// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead disable`: gives the machine back to Linux. */
#include <stdio.h>
#include <unistd.h>

#include "device.h"
#include "verb.h"

#define VERB "disable"

static const struct argp argp = {
	.doc = "Gives the machine back to Linux, which goes on undisturbed on bare metal.",
};

int verb_disable(int argc, char **argv)
{
	struct bh_refusal refusal;
	bool enabled;
	bool done;
	int device;

	verb_parse(&argp, VERB, argc, argv, NULL);
	device = device_open(VERB);
	if (device < 0)
		return -device;
	enabled = hypervisor_is_enabled();
	done = device_disable(device, &refusal);
	close(device);
	if (!done) {
		verb_complain(VERB, "%s", refusal.text);
		return enabled ? VERB_REFUSED : VERB_NOT_ENABLED;
	}
	puts("disabled: Linux runs on bare metal again");
	return VERB_DONE;
}
