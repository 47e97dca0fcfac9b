/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose every address and every port is, in ascending order, whatever the order in the files; what
 * lies between is nobody's, and named as such.
 */
#ifndef TOOLS_CONFIG_OWNED_H
#define TOOLS_CONFIG_OWNED_H

#include "set.h"

struct owned {
	struct bh_range range;
	char *owner; /* null: nobody. Several if they share it. */
	const char *name;
	const char *kind;
	uint32_t access; /* the first owner's */
};

struct owned_list {
	struct owned *list;
	size_t count;
};

struct owned_list owned_memory(const struct config_set *set);
struct owned_list owned_ports(const struct config_set *set);
/* What of the part's range is nobody's yet becomes the owner's. */
void owned_add_rest(struct owned_list *owned, const char *owner, struct owned part);
void owned_sort(struct owned_list *owned);
void owned_free(struct owned_list *owned);

#endif
