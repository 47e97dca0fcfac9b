// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead cell console CELL`: what a cell said. The hypervisor logs each line of a cell's console
 * as "NAME| text"; here these lines are picked out of its log, without the name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "log_lines.h"
#include "target.h"
#include "tools/device.h"
#include "tools/log_reader.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB "cell console"

struct options {
	const char *choice;
	bool follow;
	bool all;
};

/* Lines are kept back until it is known that no other cell of that name comes behind them. */
struct shown {
	struct log_lines lines;
	FILE *out;
	char *kept;
	size_t size;
	bool hides; /* lines of earlier cells */
};

static const struct argp_option option_rows[] = {
	{ .name = "all", .key = 'a', .doc = "Of earlier cells with the same name as well" },
	{ .name = "follow", .key = 'f', .doc = "Go on printing what comes, until interrupted" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'a':
		options->all = true;
		return 0;
	case 'f':
		options->follow = true;
		return 0;
	default:
		return target_parse(&options->choice, key, argument, state);
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "CELL",
	.doc = "Shows what a cell said that writes to the hypervisor's log (console = \"log\" in "
	       "its file). `bulkhead console' shows what all cells and the hypervisor said.\vCELL "
	       "is a name or an id; the name of a cell that was destroyed will do.",
};

static void print_line(void *context, const char *line)
{
	struct shown *shown = context;

	fprintf(shown->out, "%s\n", line);
}

static void take_text(void *context, const char *text, size_t size)
{
	struct shown *shown = context;

	log_lines_add(&shown->lines, text, size);
}

static void take_loss(void *context, uint64_t bytes)
{
	struct shown *shown = context;

	log_lines_break(&shown->lines);
	fprintf(shown->out, "---- %" PRIu64 " bytes of the log were lost: it went round ----\n",
		bytes);
}

static void begin_keeping(struct shown *shown)
{
	shown->out = must(open_memstream(&shown->kept, &shown->size));
}

/* What was kept so far is of a cell that had the name earlier. */
static void drop(void *context)
{
	struct shown *shown = context;

	shown->hides = shown->hides || shown->lines.found > 0;
	shown->lines.found = 0;
	fclose(shown->out);
	free(shown->kept);
	begin_keeping(shown);
}

static void print_kept(struct shown *shown)
{
	fclose(shown->out);
	fwrite(shown->kept, 1, shown->size, stdout);
	free(shown->kept);
	shown->out = stdout;
	shown->lines.created = NULL;
}

static void wait_for_more(void *context)
{
	(void)context;
}

/* The name in the log: of a cell that there is, or else as it was given. */
static void find_name(const char *choice, int device, char name[BH_NAME_SIZE])
{
	const struct bh_cell_info *cell;
	struct bh_refusal refusal;
	struct snapshot snapshot;

	snprintf(name, BH_NAME_SIZE, "%s", choice);
	if (!hypervisor_is_enabled() || !snapshot_take(&snapshot, device, &refusal))
		return;
	cell = cell_choose(&snapshot, choice, &refusal);
	if (cell)
		snprintf(name, BH_NAME_SIZE, "%s", cell->name);
	snapshot_free(&snapshot);
}

static int complain_silent(const char *name, bool hides)
{
	if (hides) {
		verb_complain(VERB, "the cell \"%s\" has said nothing so far; --all shows what "
			      "earlier cells with this name said", name);
		return VERB_REFUSED;
	}
	if (hypervisor_is_enabled()) {
		verb_complain(VERB, "the log has no line of a cell \"%s\": it has said nothing "
			      "yet, or needs console = \"log\" in its file", name);
		return VERB_REFUSED;
	}
	verb_complain(VERB, "the hypervisor is not enabled, and no log of an earlier enable has a "
		      "line of a cell \"%s\"", name);
	return VERB_NOT_ENABLED;
}

static int show(struct log_reader *reader, const struct options *options)
{
	struct shown *shown = reader->context;
	struct bh_refusal refusal;
	bool is_read;

	begin_keeping(shown);
	shown->lines.created = options->all ? NULL : drop;
	is_read = log_reader_drain(reader, &refusal);
	print_kept(shown);
	if (options->follow) {
		log_reader_follow(reader, wait_for_more);
		return VERB_DONE;
	}
	/* There is no log before the first enable: that is not worth words of its own. */
	if (!is_read && hypervisor_is_enabled()) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	return shown->lines.found ? VERB_DONE : complain_silent(shown->lines.name, shown->hides);
}

int cell_console(int argc, char **argv)
{
	struct shown shown = { .lines.line = print_line };
	struct log_reader reader = { .text = take_text, .lost = take_loss, .context = &shown };
	struct options options = { 0 };
	int status;

	shown.lines.context = &shown;
	verb_parse(&argp, VERB, argc, argv, &options);
	reader.device = device_open(VERB);
	if (reader.device < 0)
		return -reader.device;
	find_name(options.choice, reader.device, shown.lines.name);
	status = show(&reader, &options);
	close(reader.device);
	return status;
}
