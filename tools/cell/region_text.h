/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions and ranges as cell files spell them. */
#ifndef TOOLS_CELL_REGION_TEXT_H
#define TOOLS_CELL_REGION_TEXT_H

#include <bulkhead/config.h>

#define ACCESS_TEXT 4
#define RANGE_TEXT  40
#define FLAGS_TEXT  40

/* "rwx"; "0x3f8-0x3ff", or "0x3f8" where both are the same; "shared loadable". */
void access_format(uint32_t access, char text[ACCESS_TEXT]);
void range_format(uint64_t first, uint64_t last, char text[RANGE_TEXT]);
void region_flags_format(uint32_t flags, char text[FLAGS_TEXT]);
const char *region_kind_name(uint32_t kind);

#endif
