// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead console`: what the hypervisor has said, all of it. Where it is read from is
 * log_reader.c's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/load.h"
#include "device.h"
#include "log_reader.h"
#include "verb.h"

#define VERB "console"

/* The hypervisor's first words at every enable: see hypervisor/core/start.c. */
#define FIRST_WORDS "Bulkhead "

struct options {
	bool follow;
	bool last;
	const char *board;
};

/* A log on its way to the terminal. */
struct console {
	struct log_reader reader;
	char line[128];     /* what of a line was not printed yet */
	size_t length;
	bool at_line_start; /* line[0] is the first of its line */
	uint64_t enables;   /* seen so far */
};

static const struct argp_option option_rows[] = {
	{ .name = "follow", .key = 'f', .doc = "Go on printing what comes, until interrupted" },
	{ .name = "last", .key = 'l',
	  .doc = "Do not ask the hypervisor; read what it left in memory: of the last enable since "
		 "boot, or with BOARD of whatever enable left it, also before a warm reset" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'f':
		options->follow = true;
		return 0;
	case 'l':
		options->last = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->board)
			argp_error(state, "one board file, please: what is `%s'?", argument);
		options->board = argument;
		return 0;
	case ARGP_KEY_END:
		if (options->board && !options->last)
			argp_error(state, "a board file is for --last only");
		if (options->follow && options->last)
			argp_error(state, "--last does not change: there is nothing to follow");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "[BOARD]",
	.doc = "Shows what the hypervisor has said, with or without a serial port; after a disable "
	       "or a refused enable too.\vBOARD is the board file that tells where the memory is.",
};

/* Prints what there is of a line. One that begins an enable gets a title. */
static void flush_line(void *context)
{
	struct console *console = context;

	if (console->length == 0)
		return;
	if (console->at_line_start && console->length >= strlen(FIRST_WORDS) &&
	    memcmp(console->line, FIRST_WORDS, strlen(FIRST_WORDS)) == 0) {
		console->enables++;
		printf("---- enable number %" PRIu64 " in this log ----\n", console->enables);
	}
	fwrite(console->line, 1, console->length, stdout);
	console->at_line_start = console->line[console->length - 1] == '\n';
	console->length = 0;
}

static void print_text(void *context, const char *text, size_t size)
{
	struct console *console = context;
	size_t i;

	for (i = 0; i < size; i++) {
		console->line[console->length++] = log_printable(text[i]);
		if (text[i] == '\n' || console->length == sizeof(console->line))
			flush_line(console);
	}
}

static void print_lost(void *context, uint64_t bytes)
{
	(void)context;
	printf("---- %" PRIu64 " bytes were lost: the log went round ----\n", bytes);
}

static int show(struct console *console, const struct options *options)
{
	struct bh_refusal refusal;
	bool done;

	if (options->follow) {
		log_reader_follow(&console->reader, flush_line);
		return VERB_DONE;
	}
	done = log_reader_drain(&console->reader, &refusal);
	flush_line(console);
	if (!done) {
		verb_complain(VERB, "%s%s", refusal.text, options->board ? "" :
			      "; `bulkhead console --last BOARD' looks into a board's memory");
		return options->last ? VERB_REFUSED : VERB_NOT_ENABLED;
	}
	if (console->reader.position == 0)
		verb_complain(VERB, "the log is empty");
	return VERB_DONE;
}

static bool find_memory(const char *path, struct bh_range *memory)
{
	struct config_blob blob;

	if (!config_load(path, &blob))
		return false;
	*memory = blob.view.board->hypervisor;
	config_blob_free(&blob);
	return true;
}

int verb_console(int argc, char **argv)
{
	struct console console = {
		.reader = { .text = print_text, .lost = print_lost, .context = &console },
		.at_line_start = true,
	};
	struct options options = { 0 };
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	if (options.board && !find_memory(options.board, &console.reader.memory))
		return VERB_REFUSED;
	console.reader.last = options.last;
	console.reader.device = device_open(VERB);
	if (console.reader.device < 0)
		return -console.reader.device;
	status = show(&console, &options);
	close(console.reader.device);
	return status;
}
