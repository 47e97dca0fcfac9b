/* SPDX-License-Identifier: GPL-2.0-only */
/* Between map.c and map_host.c: hypervisor memory by its parts. */
#ifndef TOOLS_CONFIG_MAP_HOST_H
#define TOOLS_CONFIG_MAP_HOST_H

#include <json-c/json.h>

#include "model/config.h"
#include "model/layout.h"

struct map_host {
	bool is_known; /* there is an image */
	struct layout layout;
	char build[BH_IMAGE_BUILD + 1];
	uint64_t host_tables; /* pages */
	uint64_t root_tables;
};

/* Without an image not known, and true. False after a message. */
bool map_host_count(struct map_host *host, const struct config_view *view, const char *image,
		    uint64_t root_tables);

void map_host_print(const struct map_host *host);
struct json_object *map_host_json(const struct map_host *host);

#endif
