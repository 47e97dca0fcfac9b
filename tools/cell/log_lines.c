// SPDX-License-Identifier: GPL-2.0-only
/* Puts lines together and picks some: see log_lines.h. */
#include "log_lines.h"

#include <string.h>

#include "tools/log_reader.h"

#define MARK    "| "
#define CREATED ": created as cell "

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void end_line(struct log_lines *lines)
{
	const char *rest = lines->text + strlen(lines->name);

	lines->text[lines->length] = '\0';
	if (!lines->is_broken && begins(lines->text, lines->name)) {
		if (begins(rest, MARK)) {
			lines->found++;
			lines->line(lines->context, rest + strlen(MARK));
		} else if (lines->created && begins(rest, CREATED)) {
			lines->created(lines->context);
		}
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
