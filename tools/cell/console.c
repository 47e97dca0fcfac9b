// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead cell console CELL`: what a cell said. The hypervisor logs each line of a cell's console
 * as "NAME| text"; here these lines are picked out of its log, without the name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "log_lines.h"
#include "target.h"
#include "tools/device.h"
#include "tools/log_reader.h"
#include "tools/verb.h"

#define VERB "cell console"

struct options {
	const char *choice;
	bool follow;
};

static const struct argp_option option_rows[] = {
	{ .name = "follow", .key = 'f', .doc = "Go on printing what comes, until interrupted" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	if (key != 'f')
		return target_parse(&options->choice, key, argument, state);
	options->follow = true;
	return 0;
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
	(void)context;
	puts(line);
}

static void take_text(void *context, const char *text, size_t size)
{
	log_lines_add(context, text, size);
}

static void take_loss(void *context, uint64_t bytes)
{
	log_lines_break(context);
	printf("---- %" PRIu64 " bytes of the log were lost: it went round ----\n", bytes);
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

static int complain_silent(const char *name)
{
	if (hypervisor_is_enabled()) {
		verb_complain(VERB, "the log has no line of a cell \"%s\": it needs console = "
			      "\"log\" in its file", name);
		return VERB_REFUSED;
	}
	verb_complain(VERB, "the hypervisor is not enabled, and no log of an earlier enable has a "
		      "line of a cell \"%s\"", name);
	return VERB_NOT_ENABLED;
}

static int show(struct log_reader *reader, const struct options *options)
{
	struct log_lines *lines = reader->context;
	struct bh_refusal refusal;

	if (options->follow) {
		log_reader_follow(reader, wait_for_more);
		return VERB_DONE;
	}
	/* There is no log before the first enable: that is not worth words of its own. */
	if (!log_reader_drain(reader, &refusal) && hypervisor_is_enabled()) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	return lines->found ? VERB_DONE : complain_silent(lines->name);
}

int cell_console(int argc, char **argv)
{
	struct log_lines lines = { .line = print_line };
	struct log_reader reader = { .text = take_text, .lost = take_loss, .context = &lines };
	struct options options = { 0 };
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	reader.device = device_open(VERB);
	if (reader.device < 0)
		return -reader.device;
	find_name(options.choice, reader.device, lines.name);
	status = show(&reader, &options);
	close(reader.device);
	return status;
}
