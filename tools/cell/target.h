/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cell that a verb of `bulkhead cell` is about: named by its name or by its id, looked up in
 * what the hypervisor tells at that moment.
 */
#ifndef TOOLS_CELL_TARGET_H
#define TOOLS_CELL_TARGET_H

#include <argp.h>
#include <bulkhead/manage.h>

#include "tools/snapshot.h"

struct cell_target {
	int device;
	struct snapshot snapshot;
	const struct bh_cell_info *cell; /* in the snapshot */
};

/* Takes the verb's only argument, the cell; for parsers that know all other keys. */
error_t target_parse(const char **choice, int key, char *argument, struct argp_state *state);

/* VERB_DONE, or another status after a complaint: then there is nothing to close. */
int target_open(struct cell_target *target, const char *verb, const char *choice);
/* The same for what root itself cannot be asked for. */
int target_open_managed(struct cell_target *target, const char *verb, const char *choice);
void target_close(struct cell_target *target);

/* By name or id; null with a refusal that says which there are. */
const struct bh_cell_info *cell_choose(const struct snapshot *snapshot, const char *choice,
				       struct bh_refusal *refusal);

const char *cell_state_name(uint32_t state);
const char *policy_name(uint32_t on_fault);

#endif
