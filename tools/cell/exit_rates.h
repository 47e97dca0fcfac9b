/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often the CPUs of each cell left it, in total and a second, by reason: from two snapshots, or
 * from one without rates.
 */
#ifndef TOOLS_CELL_EXIT_RATES_H
#define TOOLS_CELL_EXIT_RATES_H

#include <json-c/json.h>
#include <stdio.h>

#include "tools/snapshot.h"

struct exit_rates {
	const struct snapshot *now;
	const struct snapshot *before; /* null: no rates */
	double seconds;                /* between the two, more than 0 */
	uint32_t only;                 /* a cell's id */
	bool has_only;
};

/* What happened in between on the CPUs that were that cell's all the time. */
uint64_t exit_rates_new(const struct exit_rates *rates, uint32_t cell, uint32_t reason);
uint64_t exit_rates_total(const struct exit_rates *rates, uint32_t cell, uint32_t reason);

void exit_rates_print(const struct exit_rates *rates, FILE *out);
struct json_object *exit_rates_json(const struct exit_rates *rates);

#endif
