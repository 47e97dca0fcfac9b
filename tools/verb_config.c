/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config`: works with board files, on any machine, without hypervisor or driver. The
 * language is in config/, the printing in config/show.c and config/map.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/commands.h"
#include "config/load.h"
#include "config/numbers.h"
#include "verb.h"

#define INSTALLED_IMAGE "/lib/firmware/bulkhead.bin"

struct options {
	char **boards; /* null-terminated */
	bool as_json;
	const char *image;
	const char *output;
	bool takes_several;
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->as_json = true;
		return 0;
	case 'i':
		options->image = argument;
		return 0;
	case 'o':
		options->output = argument;
		return 0;
	case ARGP_KEY_ARGS:
		options->boards = state->argv + state->next;
		if (!options->takes_several && state->argc - state->next > 1)
			argp_error(state, "one board file at a time");
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no board file given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

#define JSON_OPTION { "json", 'j', NULL, 0, "Print JSON for programs", 0 }

static int run_check(const struct options *options)
{
	int status = VERB_DONE;
	char **board;

	for (board = options->boards; *board; board++) {
		struct config_blob blob;

		if (!config_load(*board, &blob)) {
			status = VERB_REFUSED;
			continue;
		}
		printf("%s: good: board \"%s\", %u CPUs, %u regions, %u port ranges, %zu bytes "
		       "compiled\n",
		       *board, blob.view.board->name, cpus_count(blob.view.board->root.cpus),
		       blob.view.board->root.region_count, blob.view.board->root.port_count,
		       blob.size);
		config_blob_free(&blob);
	}
	return status;
}

static int run_show(const struct options *options)
{
	struct config_blob blob;

	if (!config_load(options->boards[0], &blob))
		return VERB_REFUSED;
	config_show(&blob.view, options->as_json);
	config_blob_free(&blob);
	return VERB_DONE;
}

static int run_map(const struct options *options)
{
	const char *image = options->image;
	struct config_blob blob;
	bool done;

	if (!config_load(options->boards[0], &blob))
		return VERB_REFUSED;
	if (!image && access(INSTALLED_IMAGE, F_OK) == 0)
		image = INSTALLED_IMAGE;
	done = config_map(&blob.view, image, options->as_json);
	config_blob_free(&blob);
	return done ? VERB_DONE : VERB_REFUSED;
}

static bool blob_write(const struct config_blob *blob, const char *path)
{
	FILE *file = fopen(path, "we");
	bool done = file && fwrite(blob->data, 1, blob->size, file) == blob->size;

	if (file && fclose(file) != 0)
		done = false;
	if (!done)
		verb_complain("config compile", "%s: %s", path, strerror(errno));
	return done;
}

static int run_compile(const struct options *options)
{
	struct config_blob blob;
	bool done;

	if (!options->output) {
		verb_complain("config compile", "say where the result goes: -o FILE");
		return VERB_USAGE;
	}
	if (!config_load(options->boards[0], &blob))
		return VERB_REFUSED;
	done = blob_write(&blob, options->output);
	config_blob_free(&blob);
	return done ? VERB_DONE : VERB_REFUSED;
}

static const struct argp_option json_options[] = { JSON_OPTION, { 0 } };
static const struct argp_option no_options[] = { { 0 } };

static const struct argp_option map_options[] = {
	JSON_OPTION,
	{ "image", 'i', "FILE", 0, "The hypervisor's image (default: " INSTALLED_IMAGE ")", 0 },
	{ 0 },
};

static const struct argp_option compile_options[] = {
	{ "output", 'o', "FILE", 0, "Where the binary form goes (needed)", 0 },
	{ 0 },
};

static const struct action {
	const char *name;
	int (*run)(const struct options *options);
	const struct argp_option *options;
	const char *arguments;
	const char *summary;
	const char *doc;
} actions[] = {
	{ "check", run_check, no_options, "BOARD...", "name everything that is wrong",
	  "Reads board files and names everything that is wrong in them, with file and line." },
	{ "show", run_show, json_options, "BOARD", "list whose each address and port is",
	  "Lists what a board file says: whose each address and port is, and what nobody has." },
	{ "map", run_map, map_options, "BOARD", "show the page tables to be built",
	  "Shows the page tables that the hypervisor will build for a board, and its own memory." },
	{ "compile", run_compile, compile_options, "BOARD -o FILE", "write the binary form",
	  "Writes the binary form of a board file, as the driver takes it." },
};

static int action_run(const struct action *action, int argc, char **argv)
{
	const struct argp argp = {
		.options = action->options, .parser = parse_option,
		.args_doc = action->arguments, .doc = action->doc,
	};
	struct options options = { .takes_several = action->run == run_check };
	char name[32];

	snprintf(name, sizeof(name), "config %s", action->name);
	verb_parse(&argp, name, argc, argv, &options);
	return action->run(&options);
}

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
		fprintf(out, "  %-8s %-14s %s\n", actions[i].name, actions[i].arguments,
			actions[i].summary);
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
		argp_error(state, "check, show, map or compile?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int verb_config(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse_action,
		.args_doc = "check|show|map|compile BOARD",
		.help_filter = help_filter,
		.doc = "Works with board files, on any machine.\v",
	};
	char name[] = "bulkhead config";
	int at = 0;
	size_t i;

	/* In order, so that options behind the action are left for it. */
	argv[0] = name;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &at))
		return VERB_USAGE;
	for (i = 0; i < BH_ARRAY_SIZE(actions); i++)
		if (strcmp(argv[at], actions[i].name) == 0)
			return action_run(&actions[i], argc - at, argv + at);
	verb_complain("config", "there is no \"%s\": check, show, map or compile", argv[at]);
	return VERB_USAGE;
}
