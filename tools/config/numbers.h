/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people write them: sizes with units, ranges, sets of CPUs; and back into such text.
 */
#ifndef TOOLS_CONFIG_NUMBERS_H
#define TOOLS_CONFIG_NUMBERS_H

#include <bulkhead/config.h>

/* A decimal or 0x number without sign that fits 64 bits, and nothing else. */
bool number_parse(const char *text, uint64_t *number);
/* The same with K, M, G or T behind it. */
bool size_parse(const char *text, uint64_t *size);
/*
 * Of at most so many hexadecimal digits, without 0x, and that character right behind: *text moves
 * behind it, or to the end if that is '\0'. At most 16 digits.
 */
bool hex_take(const char **text, size_t digits, char end, uint64_t *number);
/* "0x3f8-0x3ff" or one number; first may be greater than last. */
bool range_parse(const char *text, uint64_t *first, uint64_t *last);

enum cpus_result {
	CPUS_GOOD,
	CPUS_MALFORMED,
	CPUS_BACKWARDS,
	CPUS_TWICE,
	CPUS_TOO_HIGH,
};

/* "1,4-7"; *cpu is the one that a refusal is about. */
enum cpus_result cpus_parse(const char *text, uint64_t cpus[BH_CPU_WORDS], uint64_t *cpu);

#define CPUS_TEXT 1024
#define SIZE_TEXT 24

/* "1,4-7" of a set, and "64M" of a size: exact, with the largest unit that divides it. */
void cpus_format(const uint64_t cpus[BH_CPU_WORDS], char text[CPUS_TEXT]);
unsigned int cpus_count(const uint64_t cpus[BH_CPU_WORDS]);
/* The lowest; BH_MAX_CPUS of an empty set. */
unsigned int cpus_first(const uint64_t cpus[BH_CPU_WORDS]);
void size_format(uint64_t size, char text[SIZE_TEXT]);

#endif
