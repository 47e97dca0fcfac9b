// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead console`: what the hypervisor has said, from its log ring. Read from the hypervisor
 * while it runs, else from the memory where the ring lies: a byte has the same position in both.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config/load.h"
#include "device.h"
#include "model/refuse.h"
#include "verb.h"

#define VERB "console"
#define POLL_NANOSECONDS 200000000

/* The hypervisor's first words at every enable: see hypervisor/core/start.c. */
#define FIRST_WORDS "Bulkhead "

struct options {
	bool follow;
	bool last;
	const char *board;
};

/* A log on its way to the terminal. */
struct console {
	int device;
	bool last;              /* look into memory only */
	struct bh_range memory; /* where; empty: this boot's last enable */
	uint64_t position;
	char line[128];         /* what of a line was not printed yet */
	size_t length;
	bool at_line_start;     /* line[0] is the first of its line */
	uint64_t enables;       /* seen so far */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

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

/* Memory survives a reset, but not always whole: what is no text must not reach a terminal. */
static char printable(char c)
{
	if ((c >= ' ' && c <= '~') || c == '\n' || c == '\t')
		return c;
	return '?';
}

/* Prints what there is of a line. One that begins an enable gets a title. */
static void flush_line(struct console *console)
{
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

static void print_char(struct console *console, char c)
{
	console->line[console->length++] = printable(c);
	if (c == '\n' || console->length == sizeof(console->line))
		flush_line(console);
}

static bool read_page(const struct console *console, struct device_page *page,
		      struct bh_refusal *refusal)
{
	if (!console->last && hypervisor_is_enabled())
		return device_read(console->device, BH_READ_LOG, console->position, page, refusal);
	return device_read_last(console->device, console->memory, console->position, page, refusal);
}

/* Prints all that is there now. Every turn moves on or ends. */
static bool print_new(struct console *console, struct bh_refusal *refusal)
{
	while (!interrupted) {
		const struct bh_chunk *chunk;
		struct device_page page = { .size = 0 };
		const char *text;
		uint64_t i;

		if (!read_page(console, &page, refusal))
			return false;
		chunk = device_chunk(&page, 1);
		if (!chunk)
			return refuse(refusal, "the log is cut off: driver and tool do not fit "
				      "each other");
		if (chunk->first > console->position)
			printf("---- %" PRIu64 " bytes were lost: the log went round ----\n",
			       chunk->first - console->position);
		text = (const char *)(chunk + 1);
		for (i = 0; i < chunk->count; i++)
			print_char(console, text[i]);
		/* A ring that was begun anew is behind the position: go back to its end. */
		console->position = chunk->first + chunk->count;
		if (chunk->count == 0)
			break;
	}
	flush_line(console);
	fflush(stdout);
	return true;
}

static int follow(struct console *console)
{
	const struct timespec pause = { .tv_nsec = POLL_NANOSECONDS };
	const struct sigaction action = { .sa_handler = interrupt };
	struct bh_refusal refusal;
	bool may_be_new = true;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (!interrupted && !ferror(stdout)) {
		bool enabled = hypervisor_is_enabled();

		/*
		 * What is in memory after a disable is read once: it does not change any more. A
		 * log that is not there yet comes with the first enable.
		 */
		if (enabled || may_be_new)
			print_new(console, &refusal);
		may_be_new = enabled;
		nanosleep(&pause, NULL);
	}
	return VERB_DONE;
}

static int show(struct console *console, const struct options *options)
{
	struct bh_refusal refusal;

	if (options->follow)
		return follow(console);
	if (!print_new(console, &refusal)) {
		verb_complain(VERB, "%s%s", refusal.text, options->board ? "" :
			      "; `bulkhead console --last BOARD' looks into a board's memory");
		return options->last ? VERB_REFUSED : VERB_NOT_ENABLED;
	}
	if (console->position == 0)
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
	struct console console = { .at_line_start = true };
	struct options options = { 0 };
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	if (options.board && !find_memory(options.board, &console.memory))
		return VERB_REFUSED;
	console.last = options.last;
	console.device = device_open(VERB);
	if (console.device < 0)
		return -console.device;
	status = show(&console, &options);
	close(console.device);
	return status;
}
