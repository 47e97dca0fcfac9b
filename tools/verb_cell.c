// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell`: finds the verb that follows. Each is in a file of cell/. */
#include <bulkhead/types.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cell/commands.h"
#include "verb.h"

#define WHICH "create, load, start, shutdown, destroy, list, show, stats, faults, console or dump"

static const struct action {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *arguments;
	const char *summary;
} actions[] = {
	{ "create", cell_create, "FILE", "take CPUs, memory and devices for a cell" },
	{ "load", cell_load_images, "CELL IMAGE [-a ADDRESS]...", "copy images into it" },
	{ "start", cell_start, "CELL", "let it run" },
	{ "shutdown", cell_shutdown, "CELL", "ask it to end" },
	{ "destroy", cell_destroy, "CELL", "give everything back" },
	{ "list", cell_list, "", "the cells there are" },
	{ "show", cell_show, "CELL", "one cell in detail" },
	{ "stats", cell_stats, "[CELL]", "exits a second, live" },
	{ "faults", cell_faults, "CELL", "what it tried beyond its walls" },
	{ "console", cell_console, "CELL", "what it said" },
	{ "dump", cell_dump, "CELL FILE", "write a core file for gdb" },
};

static char *help_filter(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t size, i;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&list, &size);
	if (!out)
		return NULL;
	for (i = 0; i < BH_ARRAY_SIZE(actions); i++)
		fprintf(out, "  %-9s %-28s %s\n", actions[i].name, actions[i].arguments,
			actions[i].summary);
	fputs("\nCELL is a name or an id. `bulkhead cell VERB --help' tells more.", out);
	return fclose(out) == 0 ? list : NULL;
}

/* Stops at the action: what follows is the action's to read. */
static error_t parse_action(int key, char *argument, struct argp_state *state)
{
	int *action = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_ARG:
		*action = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, WHICH "?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int verb_cell(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse_action,
		.args_doc = "VERB [ARGUMENT...]",
		.help_filter = help_filter,
		.doc = "Creates and runs cells beside Linux.\v",
	};
	int at = 0;
	size_t i;

	verb_parse_in_order(&argp, "cell", argc, argv, &at);
	for (i = 0; i < BH_ARRAY_SIZE(actions); i++)
		if (strcmp(argv[at], actions[i].name) == 0)
			return actions[i].run(argc - at, argv + at);
	verb_complain("cell", "there is no \"%s\": " WHICH, argv[at]);
	return VERB_USAGE;
}
