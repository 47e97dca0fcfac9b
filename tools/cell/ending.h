/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options of the verbs that end a cell's run: which cell, by force or not, and how long it may take
 * to agree.
 */
#ifndef TOOLS_CELL_ENDING_H
#define TOOLS_CELL_ENDING_H

#include <argp.h>
#include <bulkhead/types.h>

struct ending {
	const char *choice;
	bool force;
	uint64_t timeout_ms; /* 0: not given */
};

extern const struct argp_option ending_options[];

/* For parsers that know no other key. */
error_t ending_parse(int key, char *argument, struct argp_state *state);

/* "2.5" seconds in milliseconds; false if that is no time from 0.001 to 86400 seconds. */
bool seconds_parse(const char *text, uint64_t *milliseconds);

#endif
