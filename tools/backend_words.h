/* SPDX-License-Identifier: GPL-2.0-only */
/* What a backend's manual calls the things that listings show. */
#ifndef TOOLS_BACKEND_WORDS_H
#define TOOLS_BACKEND_WORDS_H

#include <bulkhead/types.h>

struct backend_words {
	const char *name;        /* for programs, as in board files */
	const char *tag;         /* of a CPU's translations in the TLB */
	const char *map_pointer; /* of a cell's map */
};

/* By enum bh_backend, as a hypervisor tells it. */
const struct backend_words *backend_words(uint32_t backend);

#endif
