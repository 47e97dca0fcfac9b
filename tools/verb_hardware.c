// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead hardware check`: options, and where the machine comes from. What is asked of it is
 * hardware_report.c's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "hardware_report.h"
#include "machine.h"
#include "verb.h"

#define VERB "hardware check"

enum { OPTION_DUMP = 256 };

struct options {
	bool json;
	bool dump;
	const char *from;
	bool is_check; /* the word `check` was there */
};

static const struct argp_option option_rows[] = {
	{ .name = "json", .key = 'j', .doc = "The result for programs, as one JSON object" },
	{ .name = "from", .key = 'f', .arg = "FILE",
	  .doc = "Check a machine that was written down elsewhere; `-' is standard input" },
	{ .name = "dump", .key = OPTION_DUMP,
	  .doc = "Write this machine down for --from, and check nothing" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->json = true;
		return 0;
	case 'f':
		options->from = argument;
		return 0;
	case OPTION_DUMP:
		options->dump = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->is_check || strcmp(argument, "check") != 0)
			argp_error(state, "what is `%s'? There is only `bulkhead hardware check'",
				   argument);
		options->is_check = true;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "`bulkhead hardware check' is the whole of it");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "check",
	.doc = "Tells of every feature that Bulkhead needs or makes use of whether this machine "
	       "has it, and what a no means.\vTo check a machine from afar, run this with --dump "
	       "there and bring the output. Exit status 1 if a needed feature is missing or cannot "
	       "be told.",
};

static void complain_unreadable(const struct machine *machine)
{
	switch (machine->msr_error) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		verb_complain(VERB, "the MSRs cannot be read without a module of Linux; load it: "
			      "modprobe msr");
		break;
	case EACCES:
	case EPERM:
		verb_complain(VERB, "only root may read the MSRs: run this as root");
		break;
	default:
		verb_complain(VERB, "some MSRs cannot be read: %s", strerror(machine->msr_error));
		break;
	}
}

/* The machine that the options mean; false with a complaint. */
static bool find_machine(const struct options *options, struct machine *machine)
{
	if (options->from)
		return machine_load(machine, VERB, options->from);
	if (hypervisor_is_enabled()) {
		verb_complain(VERB, "the hypervisor is enabled: it hides VMX and SVM from its "
			      "cells, so nothing can be told; disable it first");
		return false;
	}
	return machine_read(machine, VERB);
}

int verb_hardware(int argc, char **argv)
{
	struct options options = { 0 };
	struct machine machine;
	bool is_fit = true;

	verb_parse(&argp, "hardware", argc, argv, &options);
	if (!find_machine(&options, &machine))
		return VERB_REFUSED;
	if (options.dump)
		machine_dump(&machine, stdout);
	else if (options.json)
		is_fit = hardware_report_json(&machine);
	else
		is_fit = hardware_report(&machine);
	if (machine.msrs_missing)
		complain_unreadable(&machine);
	machine_free(&machine);
	return is_fit ? VERB_DONE : VERB_REFUSED;
}
