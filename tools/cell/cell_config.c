// SPDX-License-Identifier: GPL-2.0-only
/* Reads a cell's blob, and believes no size without a bound: see cell_config.h. */
#include "cell_config.h"

#include <stdlib.h>
#include <string.h>

#include "model/refuse.h"
#include "tools/device.h"
#include "tools/output.h"

/* All there is of it from the first byte on; its size, or 0 with a refusal. */
static size_t read_blob(void *blob, int device, uint32_t cell, struct bh_refusal *refusal)
{
	const size_t head = sizeof(struct bh_config_header);
	size_t wanted = head;
	size_t size = 0;

	while (size < wanted) {
		const struct bh_chunk *chunk;
		struct device_page page = { .size = 0 };

		if (!device_read(device, BH_READ_CONFIG, BH_READ_AT(cell, size), &page, refusal))
			return 0;
		chunk = device_chunk(&page, 1);
		if (!chunk || chunk->count == 0 || chunk->count > BH_CONFIG_MAX_SIZE - size)
			break;
		memcpy((char *)blob + size, chunk + 1, chunk->count);
		size += chunk->count;
		if (size >= head)
			wanted = ((const struct bh_config_header *)blob)->size;
	}
	if (size >= head && size == wanted)
		return size;
	refuse(refusal, "the configuration of cell %u is cut off: driver and tool do not fit each "
	       "other", cell);
	return 0;
}

static bool open_cell(struct cell_config *config, size_t size, struct bh_refusal *refusal)
{
	struct cell_view *view = &config->view;

	if (!cell_view_open(view, config->blob, size, refusal))
		return false;
	config->cell = view->cell;
	config->regions = view->regions;
	config->ports = view->ports;
	config->msrs = view->msrs;
	return true;
}

static bool open_root(struct cell_config *config, size_t size, struct bh_refusal *refusal)
{
	struct config_view *view = &config->board;

	if (!config_open(view, config->blob, size, refusal))
		return false;
	config->cell = &view->board->root;
	config->regions = view->regions;
	config->ports = view->ports;
	config->msrs = view->msrs;
	return true;
}

bool cell_config_read(struct cell_config *config, int device, uint32_t cell,
		      struct bh_refusal *refusal)
{
	size_t size;

	*config = (struct cell_config){ .blob = must(calloc(1, BH_CONFIG_MAX_SIZE)) };
	size = read_blob(config->blob, device, cell, refusal);
	if (size && (cell ? open_cell : open_root)(config, size, refusal))
		return true;
	cell_config_free(config);
	return false;
}

void cell_config_free(struct cell_config *config)
{
	free(config->blob);
	*config = (struct cell_config){ 0 };
}
