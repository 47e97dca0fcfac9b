/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small good configuration blob to break, and what must hold of every blob that config_open()
 * takes, written down a second time without its code. For the unit test and the fuzz target.
 */
#ifndef TESTS_CONFIG_BLOB_H
#define TESTS_CONFIG_BLOB_H

#include <stddef.h>

#include "model/config.h"

struct blob {
	struct bh_config_header header;
	struct bh_board board;
	struct bh_range pools[2];
	struct bh_region regions[4];
	struct bh_ports ports[3];
	struct bh_msrs msrs[2];
};

/* Good in every respect, its check sum included. */
void blob_fill(struct blob *blob);

/* Makes the check sum right again. The size in the header must be the buffer's. */
void blob_seal(struct bh_config_header *header);

/* One member set to a value. */
struct mutation {
	const char *what;
	size_t offset;
	size_t size;
	uint64_t value;
	const char *words;
};

#define SET_IN(type, member, number, expected)                             \
	{ .what = #member " = " #number, .offset = offsetof(type, member),   \
	  .size = sizeof(((type *)0)->member), .value = (number), .words = (expected) }
#define SET(member, number, expected) SET_IN(struct blob, member, number, expected)

/* The offset is in what is given. */
void blob_mutate(void *blob, const struct mutation *mutation);

/* The name of a rule that the view breaks; null if it keeps all. */
const char *blob_broken_rule(const struct config_view *view);

#endif
