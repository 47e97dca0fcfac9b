// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command `bulkhead`: finds the verb and lets it run. What a verb does is in its own file.
 */
#include <bulkhead/version.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb.h"

const char *argp_program_version = "bulkhead " BULKHEAD_VERSION;

struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *arguments;
	const char *summary;
};

static int verb_help(int argc, char **argv);

static const struct verb verbs[] = {
	{ "hardware", verb_hardware, "check", "tell whether this machine is fit" },
	{ "config", verb_config, "VERB [ARGUMENT...]", "work with board and cell files" },
	{ "enable", verb_enable, "BOARD", "put the hypervisor under Linux" },
	{ "disable", verb_disable, "[--force]", "give the machine back to Linux" },
	{ "cell", verb_cell, "VERB [ARGUMENT...]", "create, load, start, watch cells" },
	{ "status", verb_status, "[OPTION...]", "show CPUs, exits and faults" },
	{ "console", verb_console, "[OPTION...]", "show what the hypervisor said" },
	{ "help", verb_help, "[VERB]", "show the help of a verb" },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

static const struct verb *verb_find(const char *name)
{
	size_t i;

	for (i = 0; i < VERB_COUNT; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static char *list_verbs(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	size_t i;

	if (!out)
		return NULL;
	fputs("Verbs:\n", out);
	for (i = 0; i < VERB_COUNT; i++) {
		int width = fprintf(out, "  %s %s", verbs[i].name, verbs[i].arguments);

		fprintf(out, "%*s%s\n", width < 38 ? 38 - width : 1, "", verbs[i].summary);
	}
	fputs("\nExit status: 0 done, 1 refused, 2 wrong usage, 3 not enabled.", out);
	return fclose(out) == 0 ? text : NULL;
}

static char *help_filter(int key, const char *text, void *input)
{
	(void)input;
	if (key == ARGP_KEY_HELP_POST_DOC)
		return list_verbs();
	return (char *)text;
}

/* Stops at the verb: what follows is the verb's to read. */
static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	int *verb_index = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_ARG:
		*verb_index = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which verb?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "VERB [ARGUMENT...]",
	.doc = "Divides a machine into cells, beginning with the Linux that runs.\v",
	.help_filter = help_filter,
};

static int verb_run(const struct verb *verb, int argc, char **argv)
{
	int status = verb->run(argc, argv);

	if (fflush(stdout) != 0 || ferror(stdout)) {
		verb_complain(verb->name, "cannot write: %s", strerror(errno));
		return status == VERB_DONE ? VERB_REFUSED : status;
	}
	return status;
}

static int unknown_verb(const char *name)
{
	fprintf(stderr, "bulkhead: there is no verb `%s'; `bulkhead --help' lists them\n", name);
	return VERB_USAGE;
}

static int verb_help(int argc, char **argv)
{
	char option[] = "--help";
	char top[] = "bulkhead";
	char *arguments[] = { argc > 1 ? argv[1] : top, option, NULL };
	const unsigned int parts = ARGP_HELP_STD_HELP & ~(unsigned int)ARGP_HELP_EXIT_OK;
	const struct verb *verb;

	if (argc < 2 || strcmp(argv[1], "help") == 0) {
		argp_help(&argp, stdout, parts, top);
		return VERB_DONE;
	}
	verb = verb_find(argv[1]);
	return verb ? verb->run(2, arguments) : unknown_verb(argv[1]);
}

int main(int argc, char **argv)
{
	char name[] = "bulkhead";
	const struct verb *verb;
	int first = 0;

	argp_err_exit_status = VERB_USAGE;
	if (argc > 0)
		argv[0] = name;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &first) || first == 0)
		return VERB_USAGE;
	verb = verb_find(argv[first]);
	if (!verb)
		return unknown_verb(argv[first]);
	return verb_run(verb, argc - first, argv + first);
}
