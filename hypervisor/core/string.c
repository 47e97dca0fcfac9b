/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The four memory functions that a freestanding compiler may call by itself. Large moves use the
 * processor's string instructions, which are both short and fast (SDM vol. 1, 7.3.9.3).
 */
#include "core/string.h"

#include <bulkhead/types.h>

/* Whole words go a word at a time: not every processor does that by itself. */
static bool is_words(uintptr_t addresses, size_t size)
{
	return ((addresses | size) & 7) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	void *at = to;

	if (is_words((uintptr_t)to | (uintptr_t)from, size)) {
		size /= 8;
		__asm__ volatile("rep movsq" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
	} else {
		__asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
	}
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	char *last = (char *)to + size - 1;
	const char *source = (const char *)from + size - 1;

	if ((const char *)to <= (const char *)from || (const char *)to > source)
		return memcpy(to, from, size);
	__asm__ volatile("std; rep movsb; cld" : "+D"(last), "+S"(source), "+c"(size) : : "memory");
	return to;
}

void *memset(void *at, int value, size_t size)
{
	uint64_t word = 0x0101010101010101ULL * (uint8_t)value;
	void *next = at;

	if (is_words((uintptr_t)at, size)) {
		size /= 8;
		__asm__ volatile("rep stosq" : "+D"(next), "+c"(size) : "a"(word) : "memory");
	} else {
		__asm__ volatile("rep stosb" : "+D"(next), "+c"(size) : "a"(word) : "memory");
	}
	return at;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *left = a, *right = b;

	for (; size > 0; size--, left++, right++)
		if (*left != *right)
			return *left < *right ? -1 : 1;
	return 0;
}
