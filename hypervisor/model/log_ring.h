/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes kept in a ring (include/bulkhead/log.h): byte n of all that were ever put in is at n modulo
 * the ring's size, until it is overwritten. Written by the hypervisor, read by it while it runs and
 * by the driver afterwards; who holds what against whom is theirs.
 */
#ifndef MODEL_LOG_RING_H
#define MODEL_LOG_RING_H

#include <bulkhead/types.h>

struct log_ring {
	char *data;
	size_t size; /* not 0 */
};

/* Puts bytes in at a position: no more than the ring has. */
void log_ring_put(struct log_ring ring, uint64_t position, const char *bytes, size_t count);

/*
 * Copies what there is from a position on, as far as there is room, and returns how much that is.
 * `written` is how many bytes were ever put in. A position of which nothing is left, or not yet
 * anything there, becomes the nearest one.
 */
size_t log_ring_get(struct log_ring ring, uint64_t written, uint64_t *position, char *to,
		    size_t room);

#endif
