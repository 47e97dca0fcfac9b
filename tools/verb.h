/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all verbs of the command share: how one is called, what its exit status means, how it reads
 * its options and how it says no.
 */
#ifndef TOOLS_VERB_H
#define TOOLS_VERB_H

#include <argp.h>
#include <bulkhead/refusal.h>

enum verb_status {
	VERB_DONE = 0,
	VERB_REFUSED = 1,
	VERB_USAGE = 2,
	VERB_NOT_ENABLED = 3,
};

/* argv[0] is the verb; what is returned is an enum verb_status, the exit status. */
int verb_enable(int argc, char **argv);
int verb_disable(int argc, char **argv);
int verb_status(int argc, char **argv);
int verb_console(int argc, char **argv);
int verb_config(int argc, char **argv);
int verb_hardware(int argc, char **argv);
int verb_cell(int argc, char **argv);

/*
 * Reads the options of a verb. Does not return from --help and --version (status 0) nor from a
 * mistake (VERB_USAGE); messages begin with `bulkhead VERB:`.
 */
void verb_parse(const struct argp *argp, const char *verb, int argc, char **argv, void *input);
/* The same for verbs where an option belongs to the argument that it follows. */
void verb_parse_in_order(const struct argp *argp, const char *verb, int argc, char **argv,
			 void *input);

/* Prints `bulkhead: VERB: ...` on standard error. */
void verb_complain(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
