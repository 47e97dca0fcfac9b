/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of a cell's rules: a few values of the good board and cells changed, and the words
 * that must be found then.
 */
#ifndef TESTS_CELL_CHANGES_H
#define TESTS_CELL_CHANGES_H

#include "cell_blob.h"

struct change {
	size_t offset;
	size_t size; /* 0: no more changes */
	uint64_t value;
};

#define MAX_CHANGES 4

struct rule {
	const char *words; /* PLACE: what OTHER detail; or what a good change is about */
	struct change changes[MAX_CHANGES];
};

#define SET_OF(member, number)                                                           \
	{ .offset = offsetof(struct cells, member), .size = sizeof(((struct cells *)0)->member), \
	  .value = (number) }

/* Each must be found, and told first by cell_admit() if it is the first. */
void rules_find(const struct rule *rules, size_t count);

/* None makes anything wrong. */
void rules_keep(const struct rule *rules, size_t count);

#endif
