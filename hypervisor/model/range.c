// SPDX-License-Identifier: GPL-2.0-only
/* Questions about ranges that take more than a line. See range.h. */
#include "model/range.h"

bool ranges_overlap(struct bh_range a, struct bh_range b)
{
	return ranges_intersection(a, b).size != 0;
}

bool range_is_inside(struct bh_range inner, struct bh_range outer)
{
	uint64_t offset = inner.start - outer.start;

	if (range_is_empty(inner))
		return true;
	return inner.start >= outer.start && offset < outer.size &&
	       inner.size <= outer.size - offset;
}

struct bh_range ranges_intersection(struct bh_range a, struct bh_range b)
{
	uint64_t start = a.start > b.start ? a.start : b.start;
	uint64_t last;

	if (range_is_empty(a) || range_is_empty(b))
		return RANGE(start, 0);
	last = range_last(a) < range_last(b) ? range_last(a) : range_last(b);
	return last < start ? RANGE(start, 0) : RANGE(start, last - start + 1);
}

bool range_fits_width(struct bh_range r, unsigned int bits)
{
	if (range_wraps(r))
		return false;
	if (range_is_empty(r) || bits >= 64)
		return true;
	return range_last(r) >> bits == 0;
}

uint64_t range_distance(struct bh_range r, uint64_t address)
{
	if (range_has(r, address))
		return 0;
	return address < r.start ? r.start - address : address - range_last(r);
}
