// SPDX-License-Identifier: GPL-2.0-only
/* Puts lines together and picks some: see log_lines.h. */
#include "log_lines.h"

#include <string.h>

#include "tools/log_reader.h"

#define MARK "| "

static void end_line(struct log_lines *lines)
{
	size_t name = strlen(lines->name);

	lines->text[lines->length] = '\0';
	if (!lines->is_broken && strncmp(lines->text, lines->name, name) == 0 &&
	    strncmp(lines->text + name, MARK, strlen(MARK)) == 0) {
		lines->found++;
		lines->line(lines->context, lines->text + name + strlen(MARK));
	}
	lines->length = 0;
	lines->is_broken = false;
}

void log_lines_add(struct log_lines *lines, const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (text[i] == '\n')
			end_line(lines);
		else if (lines->length < LOG_LINE_MAX)
			lines->text[lines->length++] = log_printable(text[i]);
	}
}

void log_lines_break(struct log_lines *lines)
{
	lines->length = 0;
	lines->is_broken = true;
}
