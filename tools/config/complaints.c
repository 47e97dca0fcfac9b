/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps complaints and prints them. See complaints.h. */
#include "complaints.h"

#include <err.h>
#include <stdarg.h>
#include <stdlib.h>

static void add(struct complaints *complaints, unsigned int line, const char *before,
		const char *format, va_list arguments)
{
	struct complaint *list;
	char *words, *text;

	if (vasprintf(&words, format, arguments) < 0 || asprintf(&text, "%s%s", before, words) < 0)
		err(1, "complaint");
	free(words);
	list = reallocarray(complaints->list, complaints->listed + 1, sizeof(*list));
	if (!list)
		err(1, "complaint");
	complaints->list = list;
	complaints->list[complaints->listed++] = (struct complaint){ .line = line, .text = text };
}

void complain(struct complaints *complaints, unsigned int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(complaints, line, "", format, arguments);
	va_end(arguments);
	complaints->count++;
}

void warn_of(struct complaints *complaints, unsigned int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(complaints, line, "warning: ", format, arguments);
	va_end(arguments);
}

/* By line; those of one line stay in the order in which they were found. */
static void sort(struct complaints *complaints)
{
	size_t i, j;

	for (i = 1; i < complaints->listed; i++) {
		struct complaint moved = complaints->list[i];

		for (j = i; j > 0 && complaints->list[j - 1].line > moved.line; j--)
			complaints->list[j] = complaints->list[j - 1];
		complaints->list[j] = moved;
	}
}

void complaints_print(struct complaints *complaints, FILE *out)
{
	size_t i;

	sort(complaints);
	for (i = 0; i < complaints->listed; i++) {
		const struct complaint *complaint = &complaints->list[i];

		if (complaint->line)
			fprintf(out, "%s:%u: %s\n", complaints->path, complaint->line,
				complaint->text);
		else
			fprintf(out, "%s: %s\n", complaints->path, complaint->text);
	}
	if (complaints->count)
		fprintf(out, "%s: %zu complaint%s\n", complaints->path, complaints->count,
			complaints->count == 1 ? "" : "s");
}

void complaints_free(struct complaints *complaints)
{
	size_t i;

	for (i = 0; i < complaints->listed; i++)
		free(complaints->list[i].text);
	free(complaints->list);
	complaints->list = NULL;
	complaints->listed = 0;
	complaints->count = 0;
}
