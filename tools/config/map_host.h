/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor memory by its parts, and what of its page pool a board and cells take. */
#ifndef TOOLS_CONFIG_MAP_HOST_H
#define TOOLS_CONFIG_MAP_HOST_H

#include <json-c/json.h>

#include "model/layout.h"
#include "set.h"

struct map_host {
	struct layout layout;
	char build[BH_IMAGE_BUILD + 1];
	/* in pages */
	uint64_t host_tables;
	uint64_t root_tables;
	uint64_t bitmaps; /* root's, and those that cells have in common */
	uint64_t functions; /* the table of PCI functions */
	uint64_t iommus;  /* units, and the tables of root's devices */
	uint64_t cells;
};

/* The head of the hypervisor's image; false after a message. */
bool image_read(struct bh_image_header *image, const char *path);

bool map_host_count(struct map_host *host, const struct config_set *set,
		    const struct bh_image_header *image, struct bh_refusal *refusal);

/* Pages that there are in the pool, and pages that will be taken. */
uint64_t map_host_pool(const struct map_host *host);
uint64_t map_host_wanted(const struct map_host *host);

void map_host_print(const struct map_host *host);
struct json_object *map_host_json(const struct map_host *host);

#endif
