/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Picks the lines of one cell out of the hypervisor's log, which comes in pieces that end anywhere.
 * A line of cell NAME is "NAME| text"; before the first, "NAME: created as cell ID".
 */
#ifndef TOOLS_CELL_LOG_LINES_H
#define TOOLS_CELL_LOG_LINES_H

#include <bulkhead/config.h>

#define LOG_LINE_MAX 512 /* longer ones are cut there */

struct log_lines {
	char name[BH_NAME_SIZE];
	void (*line)(void *context, const char *line); /* without the name, and what is no text */
	void (*created)(void *context); /* another cell of that name; may be null */
	void *context;
	uint64_t found;
	/* Private: the line so far. */
	char text[LOG_LINE_MAX + 1];
	size_t length;
	bool is_broken; /* its beginning is not known */
};

void log_lines_add(struct log_lines *lines, const char *text, size_t size);

/* Something is missing here: what follows is not the end of the line so far. */
void log_lines_break(struct log_lines *lines);

#endif
