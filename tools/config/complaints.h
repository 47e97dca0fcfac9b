/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Complaints about one configuration file: collected first, since a person wants all of them, then
 * shown in the order of its lines. A warning is shown with them, but refuses nothing.
 */
#ifndef TOOLS_CONFIG_COMPLAINTS_H
#define TOOLS_CONFIG_COMPLAINTS_H

#include <stddef.h>
#include <stdio.h>

struct complaint {
	unsigned int line; /* 0: the file as a whole */
	char *text;
};

struct complaints {
	const char *path;
	struct complaint *list;
	size_t listed; /* warnings, too */
	size_t count;  /* without them */
};

void complain(struct complaints *complaints, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void warn_of(struct complaints *complaints, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* `PATH:LINE: TEXT` for each, and how many complaints there are. */
void complaints_print(struct complaints *complaints, FILE *out);
void complaints_free(struct complaints *complaints);

#endif
