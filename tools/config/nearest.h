/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds what a person may have meant. */
#ifndef TOOLS_CONFIG_NEAREST_H
#define TOOLS_CONFIG_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *wrong;
	const char *best; /* null if nothing offered is close enough */
	size_t distance;
};

struct nearest nearest_start(const char *wrong);
void nearest_offer(struct nearest *nearest, const char *word);

#endif
