/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A range of addresses, of whatever space. A range may be the last of its space (end 2^64 reads as
 * 0), so the tests compare last bytes and sizes, never ends. What a range is for is not known here.
 * The functions avoid the names of Linux's own range.h, which the driver cannot help including.
 */
#ifndef MODEL_RANGE_H
#define MODEL_RANGE_H

#include <bulkhead/config.h>
#include <bulkhead/types.h>

#define RANGE(first, bytes) ((struct bh_range){ .start = (first), .size = (bytes) })

/* The first address behind the range; 0 where the range ends with its space. */
static inline uint64_t range_end(struct bh_range r)
{
	return r.start + r.size;
}

/* The last address in the range, which must not be empty. */
static inline uint64_t range_last(struct bh_range r)
{
	return r.start + r.size - 1;
}

static inline bool range_is_empty(struct bh_range r)
{
	return r.size == 0;
}

/* Does it run past 2^64 - 1? An empty range never does. */
static inline bool range_wraps(struct bh_range r)
{
	return r.size != 0 && range_last(r) < r.start;
}

static inline bool range_has(struct bh_range r, uint64_t address)
{
	return address - r.start < r.size;
}

/* Start and size are multiples of alignment, a power of two. */
static inline bool range_is_aligned(struct bh_range r, uint64_t alignment)
{
	return ((r.start | r.size) & (alignment - 1)) == 0;
}

/* The following take ranges that do not wrap; an empty range has no byte to share or to lose. */
bool ranges_overlap(struct bh_range a, struct bh_range b);
bool range_is_inside(struct bh_range inner, struct bh_range outer);
struct bh_range ranges_intersection(struct bh_range a, struct bh_range b);

/* Do all its addresses have at most so many bits (0 to 64)? False for a range that wraps. */
bool range_fits_width(struct bh_range r, unsigned int bits);

/* How far an address lies outside the range: 0 inside. The range must not be empty. */
uint64_t range_distance(struct bh_range r, uint64_t address);

#endif
