/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits and bytes: ranges of bits in the bitmaps that processors look into, where bit n is bit n % 8
 * of byte n / 8, and the mask of a number of bytes.
 */
#ifndef MODEL_BITS_H
#define MODEL_BITS_H

#include <bulkhead/types.h>

/* first to last, inclusive; byte by byte, since a range can be long. */
static inline void bits_clear(uint8_t *bits, uint32_t first, uint32_t last)
{
	uint32_t byte;

	for (byte = first / 8; byte <= last / 8; byte++) {
		uint32_t kept = 0;

		if (byte == first / 8)
			kept |= (1u << first % 8) - 1;
		if (byte == last / 8)
			kept |= 0xfeu << last % 8;
		bits[byte] &= (uint8_t)kept;
	}
}

static inline void bits_set(uint8_t *bits, uint32_t first, uint32_t last)
{
	uint32_t bit;

	for (bit = first; bit <= last; bit++)
		bits[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* One to eight bytes; also what a read of as many finds where nothing is. */
static inline uint64_t bytes_mask(uint32_t size)
{
	return ~0ULL >> (64 - 8 * size);
}

#endif
