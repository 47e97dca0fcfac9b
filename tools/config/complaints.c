/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps complaints and prints them. See complaints.h. */
#include "complaints.h"

#include <err.h>
#include <stdarg.h>
#include <stdlib.h>

void complain(struct complaints *complaints, unsigned int line, const char *format, ...)
{
	struct complaint *list;
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		err(1, "complaint");
	va_end(arguments);
	list = reallocarray(complaints->list, complaints->count + 1, sizeof(*list));
	if (!list)
		err(1, "complaint");
	complaints->list = list;
	complaints->list[complaints->count++] = (struct complaint){ .line = line, .text = text };
}

/* By line; those of one line stay in the order in which they were found. */
static void sort(struct complaints *complaints)
{
	size_t i, j;

	for (i = 1; i < complaints->count; i++) {
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
	for (i = 0; i < complaints->count; i++) {
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

	for (i = 0; i < complaints->count; i++)
		free(complaints->list[i].text);
	free(complaints->list);
	complaints->list = NULL;
	complaints->count = 0;
}
