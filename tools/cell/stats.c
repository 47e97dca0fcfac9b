// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead cell stats [CELL]`: exits a second by reason. A live view on a terminal, plain text or
 * JSON elsewhere; the figures are exit_rates.c's.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "ending.h"
#include "exit_rates.h"
#include "stats_screen.h"
#include "target.h"
#include "tools/config/numbers.h"
#include "tools/device.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB "cell stats"
#define NANOSECONDS   1e9
#define MS_PER_SECOND 1000

struct options {
	const char *choice;
	uint64_t interval_ms; /* 0: not given */
	uint64_t count;       /* 0: not given */
	bool json;
};

static const struct argp_option option_rows[] = {
	{ .name = "interval", .key = 'i', .arg = "SECONDS",
	  .doc = "Time from one look to the next (default: 1)" },
	{ .name = "count", .key = 'n', .arg = "COUNT",
	  .doc = "End after so many intervals, as plain text" },
	{ .name = "json", .key = 'j', .doc = "A JSON list for each interval, for programs" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'i':
		if (!seconds_parse(argument, &options->interval_ms))
			argp_error(state, "`%s' is no time in seconds, 0.001 to 86400", argument);
		return 0;
	case 'n':
		if (!number_parse(argument, &options->count) || options->count == 0)
			argp_error(state, "`%s' is no number of intervals", argument);
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case ARGP_KEY_END:
		return 0;
	default:
		return target_parse(&options->choice, key, argument, state);
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "[CELL]",
	.doc = "Shows how often the CPUs of a cell, or of all cells, left it, by reason: in total "
	       "and a second. On a terminal this is a live view; q ends it. Elsewhere it is one "
	       "look without rates, or with -i or -n plain text again and again.\vCELL is a name "
	       "or an id.",
};

/* Two looks at the cells, and the time between them. */
struct watch {
	int device;
	struct snapshot snapshots[2];
	double times[2];
	unsigned int looks;
	struct exit_rates rates;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / NANOSECONDS;
}

static void pause_for(double seconds)
{
	struct timespec time = { .tv_sec = (time_t)seconds };

	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * NANOSECONDS);
	nanosleep(&time, NULL);
}

/* The next look; what it is compared to is the one before. */
static bool look(struct watch *watch, struct bh_refusal *refusal)
{
	unsigned int next = watch->looks % 2;

	snapshot_free(&watch->snapshots[next]);
	if (!snapshot_take(&watch->snapshots[next], watch->device, refusal))
		return false;
	watch->times[next] = now();
	watch->rates.now = &watch->snapshots[next];
	watch->rates.before = watch->looks ? &watch->snapshots[1 - next] : NULL;
	watch->rates.seconds = watch->times[next] - watch->times[1 - next];
	watch->looks++;
	return true;
}

static void print(const struct watch *watch, const struct options *options)
{
	if (options->json)
		json_print_line(exit_rates_json(&watch->rates));
	else
		exit_rates_print(&watch->rates, stdout);
	fflush(stdout);
}

static bool show_text(struct watch *watch, const struct options *options, double interval,
		      struct bh_refusal *refusal)
{
	uint64_t done;

	if (!options->count && !options->interval_ms) {
		print(watch, options);
		return true;
	}
	for (done = 0; (!options->count || done < options->count) && !ferror(stdout); done++) {
		pause_for(interval);
		if (!look(watch, refusal))
			return false;
		if (done && !options->json)
			putchar('\n');
		print(watch, options);
	}
	return true;
}

static void draw(const struct watch *watch, double interval)
{
	char title[120];
	char *text = NULL;
	size_t size;
	FILE *out = must(open_memstream(&text, &size));

	exit_rates_print(&watch->rates, out);
	must(fclose(out) == 0 ? text : NULL);
	snprintf(title, sizeof(title), "Bulkhead: exits, every %g s; arrows scroll, q ends",
		 interval);
	screen_draw(title, text);
	free(text);
}

static bool show_screen(struct watch *watch, double interval, struct bh_refusal *refusal)
{
	bool done = true;

	do
		draw(watch, interval);
	while (screen_wait(interval) && (done = look(watch, refusal)));
	screen_close();
	return done;
}

/* The cell of the options, if there is one, in the first look. */
static bool choose(struct watch *watch, const struct options *options, struct bh_refusal *refusal)
{
	const struct bh_cell_info *cell;

	if (!options->choice)
		return true;
	cell = cell_choose(watch->rates.now, options->choice, refusal);
	if (!cell)
		return false;
	watch->rates.only = cell->id;
	watch->rates.has_only = true;
	return true;
}

int cell_stats(int argc, char **argv)
{
	struct options options = { 0 };
	struct watch watch = { 0 };
	struct bh_refusal refusal;
	double interval;
	int status;
	bool done;

	verb_parse(&argp, VERB, argc, argv, &options);
	interval = options.interval_ms ? (double)options.interval_ms / MS_PER_SECOND : 1;
	watch.device = device_open_enabled(VERB);
	if (watch.device < 0)
		return -watch.device;
	done = look(&watch, &refusal) && choose(&watch, &options, &refusal);
	if (done) {
		bool is_live = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !options.json &&
			       !options.count && screen_open();

		done = is_live ? show_screen(&watch, interval, &refusal) :
				 show_text(&watch, &options, interval, &refusal);
	}
	if (!done)
		verb_complain(VERB, "%s", refusal.text);
	status = done ? VERB_DONE : hypervisor_is_enabled() ? VERB_REFUSED : VERB_NOT_ENABLED;
	snapshot_free(&watch.snapshots[0]);
	snapshot_free(&watch.snapshots[1]);
	close(watch.device);
	return status;
}
