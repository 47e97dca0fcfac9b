/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bar on the terminal for work that takes long enough to be waited for. It goes to standard
 * error, and is not there at all where that is no terminal or the work is quick.
 */
#ifndef TOOLS_CELL_PROGRESS_H
#define TOOLS_CELL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t total;
	uint64_t done;
	double started; /* seconds */
	double shown;
	bool may_show;
	bool is_shown;
};

void progress_begin(struct progress *progress, uint64_t total);
void progress_add(struct progress *progress, uint64_t done);
/* Takes the bar away again. */
void progress_end(struct progress *progress);

#endif
