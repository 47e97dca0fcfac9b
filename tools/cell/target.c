// SPDX-License-Identifier: GPL-2.0-only
/* Finds the cell that a verb is about: see target.h. */
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/refuse.h"
#include "tools/config/numbers.h"
#include "tools/device.h"
#include "tools/verb.h"

error_t target_parse(const char **choice, int key, char *argument, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (*choice)
			argp_error(state, "one cell, please: what is `%s'?", argument);
		*choice = argument;
		return 0;
	case ARGP_KEY_END:
		if (!*choice)
			argp_error(state, "which cell? `bulkhead cell list' shows them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool refuse_unknown(const struct snapshot *snapshot, const char *choice,
			   struct bh_refusal *refusal)
{
	char names[BH_REFUSAL_TEXT / 2] = "";
	size_t used = 0;
	size_t i;

	for (i = 0; i < snapshot->cell_count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 i ? ", " : "", snapshot->cells[i].name);
	return refuse(refusal, "there is no cell \"%s\"; there are: %s", choice, names);
}

const struct bh_cell_info *cell_choose(const struct snapshot *snapshot, const char *choice,
				       struct bh_refusal *refusal)
{
	const struct bh_cell_info *by_name = NULL, *by_id = NULL;
	uint64_t id;
	bool is_id = number_parse(choice, &id);
	size_t i;

	for (i = 0; i < snapshot->cell_count; i++) {
		if (strcmp(snapshot->cells[i].name, choice) == 0)
			by_name = &snapshot->cells[i];
		if (is_id && snapshot->cells[i].id == id)
			by_id = &snapshot->cells[i];
	}
	if (by_name && by_id && by_name != by_id) {
		refuse(refusal, "\"%s\" is the name of cell %u and the id of cell \"%s\": say "
		       "which", choice, by_name->id, by_id->name);
		return NULL;
	}
	if (!by_name && !by_id)
		refuse_unknown(snapshot, choice, refusal);
	return by_name ? by_name : by_id;
}

int target_open(struct cell_target *target, const char *verb, const char *choice)
{
	struct bh_refusal refusal;

	target->device = device_open_enabled(verb);
	if (target->device < 0)
		return -target->device;
	if (!snapshot_take(&target->snapshot, target->device, &refusal)) {
		verb_complain(verb, "%s", refusal.text);
		close(target->device);
		return VERB_REFUSED;
	}
	target->cell = cell_choose(&target->snapshot, choice, &refusal);
	if (!target->cell) {
		verb_complain(verb, "%s", refusal.text);
		target_close(target);
		return VERB_REFUSED;
	}
	return VERB_DONE;
}

int target_open_managed(struct cell_target *target, const char *verb, const char *choice)
{
	int status = target_open(target, verb, choice);

	if (status != VERB_DONE || target->cell->id != 0)
		return status;
	verb_complain(verb, "\"%s\" is the cell of Linux itself: it lives from `bulkhead enable' "
		      "to `bulkhead disable'", target->cell->name);
	target_close(target);
	return VERB_REFUSED;
}

void target_close(struct cell_target *target)
{
	snapshot_free(&target->snapshot);
	close(target->device);
}

const char *cell_state_name(uint32_t state)
{
	static const char *const names[] = {
		[BH_CELL_SCRUBBING] = "being created",
		[BH_CELL_CREATED] = "created",
		[BH_CELL_RUNNING] = "running",
		[BH_CELL_SHUT_DOWN] = "shut down",
		[BH_CELL_FAILED] = "failed",
		[BH_CELL_ENDING] = "being destroyed",
	};

	return state < BH_ARRAY_SIZE(names) && names[state] ? names[state] : "unknown";
}

const char *policy_name(uint32_t on_fault)
{
	return on_fault == BH_ON_FAULT_STOP ? "stop" : "report";
}
