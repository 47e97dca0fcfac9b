/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A piece of the ring is copied in two, of which the second one is what lies behind its seam.
 */
#include "model/log_ring.h"

/* How much of a piece lies before the ring's end. */
static size_t before_end(struct log_ring ring, size_t at, size_t count)
{
	size_t room = ring.size - at;

	return count < room ? count : room;
}

void log_ring_put(struct log_ring ring, uint64_t position, const char *bytes, size_t count)
{
	size_t at = position % ring.size;
	size_t first = before_end(ring, at, count);

	__builtin_memcpy(ring.data + at, bytes, first);
	__builtin_memcpy(ring.data, bytes + first, count - first);
}

size_t log_ring_get(struct log_ring ring, uint64_t written, uint64_t *position, char *to,
		    size_t room)
{
	uint64_t oldest = written > ring.size ? written - ring.size : 0;
	size_t at, count, first;

	if (*position < oldest)
		*position = oldest;
	if (*position > written)
		*position = written;
	count = room < written - *position ? room : written - *position;
	at = *position % ring.size;
	first = before_end(ring, at, count);
	__builtin_memcpy(to, ring.data + at, first);
	__builtin_memcpy(to + first, ring.data, count - first);
	return count;
}
