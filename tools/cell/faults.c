// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead cell faults CELL`: the fault records of a cell, also of one that was destroyed, and on
 * request those that come.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cell_config.h"
#include "commands.h"
#include "target.h"
#include "tools/config/numbers.h"
#include "tools/device.h"
#include "tools/fault_show.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB "cell faults"

/* The device tells of news; this is for what it does not tell of: a disable. */
#define POLL_MS 500
#define UNKNOWN UINT32_MAX
/* Rest between two looks, so that a cell that faults all the time does not keep a CPU busy. */
#define REST_NANOSECONDS 50000000

struct options {
	const char *choice;
	bool json;
	bool follow;
	bool all;
};

/* Records are picked by the cell's name or id: whichever the choice is. */
struct filter {
	const char *name;
	bool has_id;
	uint64_t id;
	uint32_t oldest; /* of cells with the name: those before it had it earlier */
	bool hides;      /* records of such */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static const struct argp_option option_rows[] = {
	{ .name = "all", .key = 'a', .doc = "Of earlier cells with the same name as well" },
	{ .name = "follow", .key = 'f', .doc = "Go on printing what comes, until interrupted" },
	{ .name = "json", .key = 'j', .doc = "A JSON list for programs; with --follow, one object "
					     "a line" },
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
	case 'j':
		options->json = true;
		return 0;
	default:
		return target_parse(&options->choice, key, argument, state);
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "CELL",
	.doc = "Shows what a cell tried beyond its walls: what, by which instruction, from where, "
	       "what is mapped nearby, and what to add to the configuration if it was meant. The "
	       "first fault of each kind and place is recorded, further ones are counted.\vCELL is "
	       "a name or an id; records outlive their cell, so it may be that of one that was "
	       "destroyed.",
};

static bool filter_takes(const struct filter *filter, const struct bh_fault *fault)
{
	/* Root's name is not in every record. */
	if (fault->cell == 0 && strcmp(filter->name, "root") == 0)
		return true;
	return (strcmp(fault->cell_name, filter->name) == 0 && fault->cell >= filter->oldest) ||
	       (filter->has_id && fault->cell == filter->id);
}

/* The cell that has the name, or else the last one of which there are records. */
static uint32_t newest(const struct snapshot *snapshot, const char *name)
{
	uint32_t id = 0;
	size_t i;

	for (i = 0; i < snapshot->cell_count; i++)
		if (strcmp(snapshot->cells[i].name, name) == 0)
			return snapshot->cells[i].id;
	for (i = 0; i < snapshot->fault_count; i++)
		if (strcmp(snapshot->faults[i].cell_name, name) == 0 &&
		    snapshot->faults[i].cell > id)
			id = snapshot->faults[i].cell;
	return id;
}

/* Keeps those of the cell, in their order. */
static void pick(struct snapshot *snapshot, struct filter *filter)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < snapshot->fault_count; i++)
		if (filter_takes(filter, &snapshot->faults[i]))
			snapshot->faults[kept++] = snapshot->faults[i];
		else if (strcmp(snapshot->faults[i].cell_name, filter->name) == 0)
			filter->hides = true;
	snapshot->fault_count = kept;
}

static void print(const struct snapshot *snapshot, const struct options *options,
		  const struct config_view *board)
{
	struct json_object *list;
	size_t i;

	if (!options->json) {
		faults_print(snapshot->faults, snapshot->fault_count, board);
		return;
	}
	list = options->follow ? NULL : json_list_new();
	for (i = 0; i < snapshot->fault_count; i++) {
		struct json_object *fault = fault_json(&snapshot->faults[i], board);

		if (list)
			json_append(list, fault);
		else
			json_print_line(fault);
	}
	if (list)
		json_print(list);
}

/* The cell need not be there, if there are records of it. */
static int complain_nothing(const struct snapshot *snapshot, const struct options *options,
			    const struct filter *filter)
{
	struct bh_refusal refusal;

	if (cell_choose(snapshot, options->choice, &refusal)) {
		if (!options->json)
			puts(filter->hides ? "no faults (--all shows those of earlier cells with "
					     "this name)" : "no faults");
		return VERB_DONE;
	}
	verb_complain(VERB, "%s; and no record is of one that was", refusal.text);
	return VERB_REFUSED;
}

/* One look; `position` moves on behind what was seen. */
static bool look(struct snapshot *snapshot, int device, struct filter *filter,
		 uint64_t *position, struct bh_refusal *refusal)
{
	if (!snapshot_take(snapshot, device, refusal))
		return false;
	/* Less than there were: this is another enable, and ids begin anew. */
	if (snapshot->info.faults_recorded + 1 < *position) {
		*position = 1;
		filter->oldest = 0;
	}
	if (!snapshot_take_faults(snapshot, device, *position, refusal)) {
		snapshot_free(snapshot);
		return false;
	}
	*position = snapshot->info.faults_recorded + 1;
	if (filter->oldest == UNKNOWN)
		filter->oldest = newest(snapshot, filter->name);
	pick(snapshot, filter);
	return true;
}

static int follow(int device, const struct options *options, struct filter *filter,
		  const struct config_view *board, uint64_t position)
{
	const struct timespec rest = { .tv_nsec = REST_NANOSECONDS };
	const struct sigaction action = { .sa_handler = interrupt };
	struct pollfd news = { .fd = device, .events = POLLIN };
	struct bh_refusal refusal;
	struct snapshot snapshot;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (!interrupted && !ferror(stdout)) {
		if (!hypervisor_is_enabled()) {
			verb_complain(VERB, "the hypervisor is not enabled any more");
			return VERB_NOT_ENABLED;
		}
		if (!look(&snapshot, device, filter, &position, &refusal)) {
			verb_complain(VERB, "%s", refusal.text);
			return VERB_REFUSED;
		}
		print(&snapshot, options, board);
		snapshot_free(&snapshot);
		fflush(stdout);
		poll(&news, 1, POLL_MS);
		nanosleep(&rest, NULL);
	}
	return VERB_DONE;
}

static int show(int device, const struct options *options, const struct config_view *board)
{
	struct filter filter = { .name = options->choice, .oldest = options->all ? 0 : UNKNOWN };
	struct snapshot snapshot;
	struct bh_refusal refusal;
	uint64_t position = 1;
	int status = VERB_DONE;

	filter.has_id = number_parse(options->choice, &filter.id);
	if (!look(&snapshot, device, &filter, &position, &refusal)) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	if (snapshot.fault_count == 0)
		status = complain_nothing(&snapshot, options, &filter);
	if (status == VERB_DONE && (snapshot.fault_count || options->json))
		print(&snapshot, options, board);
	snapshot_free(&snapshot);
	if (status != VERB_DONE || !options->follow)
		return status;
	return follow(device, options, &filter, board, position);
}

int cell_faults(int argc, char **argv)
{
	struct options options = { 0 };
	struct cell_config root;
	struct bh_refusal refusal;
	bool has_board;
	int device;
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	device = device_open_enabled(VERB);
	if (device < 0)
		return -device;
	/* Root's configuration is the board's: it tells whose a place is. */
	has_board = cell_config_read(&root, device, 0, &refusal);
	status = show(device, &options, has_board ? &root.board : NULL);
	if (has_board)
		cell_config_free(&root);
	close(device);
	return status;
}
