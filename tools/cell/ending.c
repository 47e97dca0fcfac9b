// SPDX-License-Identifier: GPL-2.0-only
/* Options of the verbs that end a cell's run: see ending.h. */
#include "ending.h"

#include <stdlib.h>

#include "target.h"

#define SECONDS_MAX    86400.0
#define MS_PER_SECOND  1000.0

const struct argp_option ending_options[] = {
	{ .name = "timeout", .key = 't', .arg = "SECONDS",
	  .doc = "How long the cell may take to agree and to end (default: 5)" },
	{ .name = "force", .key = 'f', .doc = "Stop it without asking; a locked cell goes on" },
	{ 0 },
};

bool seconds_parse(const char *text, uint64_t *milliseconds)
{
	char *end;
	double seconds = strtod(text, &end);

	/* Written so that what is no number is refused too. */
	if (end == text || *end || !(seconds >= 1 / MS_PER_SECOND && seconds <= SECONDS_MAX))
		return false;
	*milliseconds = (uint64_t)(seconds * MS_PER_SECOND + 0.5);
	return true;
}

error_t ending_parse(int key, char *argument, struct argp_state *state)
{
	struct ending *ending = state->input;

	switch (key) {
	case 't':
		if (!seconds_parse(argument, &ending->timeout_ms))
			argp_error(state, "`%s' is no time in seconds, 0.001 to 86400", argument);
		return 0;
	case 'f':
		ending->force = true;
		return 0;
	case ARGP_KEY_END:
		if (ending->force && ending->timeout_ms)
			argp_error(state, "--force does not wait: --timeout is for asking");
		return target_parse(&ending->choice, key, argument, state);
	default:
		return target_parse(&ending->choice, key, argument, state);
	}
}
