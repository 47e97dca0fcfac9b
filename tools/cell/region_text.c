// SPDX-License-Identifier: GPL-2.0-only
/* Words for regions: see region_text.h. */
#include "region_text.h"

#include <inttypes.h>
#include <stdio.h>

void access_format(uint32_t access, char text[ACCESS_TEXT])
{
	snprintf(text, ACCESS_TEXT, "%s%s%s", access & BH_ACCESS_READ ? "r" : "",
		 access & BH_ACCESS_WRITE ? "w" : "", access & BH_ACCESS_EXECUTE ? "x" : "");
}

const char *region_kind_name(uint32_t kind)
{
	static const char *const names[] = { "ram", "device", "comm" };

	return kind < BH_ARRAY_SIZE(names) ? names[kind] : "unknown";
}

void region_flags_format(uint32_t flags, char text[FLAGS_TEXT])
{
	snprintf(text, FLAGS_TEXT, "%s%s%s", flags & BH_REGION_SHARED ? "shared " : "",
		 flags & BH_REGION_LOADABLE ? "loadable " : "",
		 flags & BH_REGION_LENT ? "lent" : "");
}

void range_format(uint64_t first, uint64_t last, char text[RANGE_TEXT])
{
	if (first == last)
		snprintf(text, RANGE_TEXT, "0x%" PRIx64, first);
	else
		snprintf(text, RANGE_TEXT, "0x%" PRIx64 "-0x%" PRIx64, first, last);
}
