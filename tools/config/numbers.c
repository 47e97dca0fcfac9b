/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads and writes numbers as people write them. See numbers.h. */
#include "numbers.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char units[] = "KMGT";

/* Reads a number at *text and moves *text behind it. */
static bool number_take(const char **text, uint64_t *number)
{
	bool is_hex = (*text)[0] == '0' && tolower((unsigned char)(*text)[1]) == 'x';
	const char *digits = is_hex ? *text + 2 : *text;
	char *end;

	/* strtoull() would take a sign and spaces, too. */
	if (is_hex ? !isxdigit((unsigned char)*digits) : !isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*number = strtoull(digits, &end, is_hex ? 16 : 10);
	*text = end;
	return errno == 0;
}

bool number_parse(const char *text, uint64_t *number)
{
	return number_take(&text, number) && *text == '\0';
}

bool size_parse(const char *text, uint64_t *size)
{
	const char *unit;
	unsigned int shift;

	if (!number_take(&text, size))
		return false;
	if (*text == '\0')
		return true;
	unit = strchr(units, toupper((unsigned char)*text));
	if (!unit || text[1] != '\0')
		return false;
	shift = 10 * (unsigned int)(unit - units + 1);
	if (*size > UINT64_MAX >> shift)
		return false;
	*size <<= shift;
	return true;
}

bool hex_take(const char **text, size_t digits, char end, uint64_t *number)
{
	size_t length = strspn(*text, "0123456789abcdefABCDEF");

	if (length == 0 || length > digits || (*text)[length] != end)
		return false;
	*number = strtoull(*text, NULL, 16);
	*text += end ? length + 1 : length;
	return true;
}

bool range_parse(const char *text, uint64_t *first, uint64_t *last)
{
	if (!number_take(&text, first))
		return false;
	*last = *first;
	if (*text == '\0')
		return true;
	if (*text++ != '-')
		return false;
	return number_parse(text, last);
}

static enum cpus_result cpus_add(uint64_t cpus[BH_CPU_WORDS], uint64_t first, uint64_t last,
				 uint64_t *cpu)
{
	*cpu = last;
	if (first > last)
		return CPUS_BACKWARDS;
	if (last >= BH_MAX_CPUS)
		return CPUS_TOO_HIGH;
	for (*cpu = first; *cpu <= last; (*cpu)++) {
		if (cpus[*cpu / 64] >> *cpu % 64 & 1)
			return CPUS_TWICE;
		cpus[*cpu / 64] |= 1ULL << *cpu % 64;
	}
	return CPUS_GOOD;
}

enum cpus_result cpus_parse(const char *text, uint64_t cpus[BH_CPU_WORDS], uint64_t *cpu)
{
	enum cpus_result result;
	uint64_t first, last;

	memset(cpus, 0, BH_CPU_WORDS * sizeof(cpus[0]));
	for (;;) {
		if (!number_take(&text, &first))
			return CPUS_MALFORMED;
		last = first;
		if (*text == '-') {
			text++;
			if (!number_take(&text, &last))
				return CPUS_MALFORMED;
		}
		result = cpus_add(cpus, first, last, cpu);
		if (result != CPUS_GOOD)
			return result;
		if (*text == '\0')
			return CPUS_GOOD;
		if (*text++ != ',')
			return CPUS_MALFORMED;
	}
}

static bool cpus_has(const uint64_t cpus[BH_CPU_WORDS], unsigned int cpu)
{
	return cpu < BH_MAX_CPUS && cpus[cpu / 64] >> cpu % 64 & 1;
}

void cpus_format(const uint64_t cpus[BH_CPU_WORDS], char text[CPUS_TEXT])
{
	unsigned int first, last;
	size_t used = 0;

	text[0] = '\0';
	for (first = 0; first < BH_MAX_CPUS; first = last + 1) {
		last = first;
		if (!cpus_has(cpus, first))
			continue;
		while (cpus_has(cpus, last + 1))
			last++;
		used += (size_t)snprintf(text + used, CPUS_TEXT - used, "%s%u", used ? "," : "",
					 first);
		if (last > first)
			used += (size_t)snprintf(text + used, CPUS_TEXT - used, "-%u", last);
	}
}

unsigned int cpus_count(const uint64_t cpus[BH_CPU_WORDS])
{
	unsigned int cpu, count = 0;

	for (cpu = 0; cpu < BH_MAX_CPUS; cpu++)
		count += cpus_has(cpus, cpu);
	return count;
}

unsigned int cpus_first(const uint64_t cpus[BH_CPU_WORDS])
{
	unsigned int cpu = 0;

	while (cpu < BH_MAX_CPUS && !cpus_has(cpus, cpu))
		cpu++;
	return cpu;
}

void size_format(uint64_t size, char text[SIZE_TEXT])
{
	unsigned int unit = 0;

	while (size && size % 1024 == 0 && unit < sizeof(units) - 1) {
		size /= 1024;
		unit++;
	}
	if (unit)
		snprintf(text, SIZE_TEXT, "%llu%c", (unsigned long long)size, units[unit - 1]);
	else
		snprintf(text, SIZE_TEXT, "%llu", (unsigned long long)size);
}
