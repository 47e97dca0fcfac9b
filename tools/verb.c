// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all verbs share: reading options and saying no. Which verbs there are is main.c's.
 */
#include "verb.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define VERB_NAME_MAX 64

static void parse(const struct argp *argp, const char *verb, int argc, char **argv,
		  unsigned int flags, void *input)
{
	char name[VERB_NAME_MAX];
	char *given = argv[0];

	/* argp takes the name that it shows from here. */
	snprintf(name, sizeof(name), "bulkhead %s", verb);
	argv[0] = name;
	if (argp_parse(argp, argc, argv, flags, NULL, input)) {
		verb_complain(verb, "out of memory");
		exit(VERB_REFUSED);
	}
	argv[0] = given;
}

void verb_parse(const struct argp *argp, const char *verb, int argc, char **argv, void *input)
{
	parse(argp, verb, argc, argv, 0, input);
}

void verb_parse_in_order(const struct argp *argp, const char *verb, int argc, char **argv,
			 void *input)
{
	parse(argp, verb, argc, argv, ARGP_IN_ORDER, input);
}

void verb_complain(const char *verb, const char *format, ...)
{
	va_list arguments;

	/* What was printed before comes before, wherever both go. */
	fflush(stdout);
	fprintf(stderr, "bulkhead: %s: ", verb);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}
