/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Brings the language and the model together: packs what was read into a blob, has the model check
 * it, and gives each finding the line of the setting it is about.
 */
#include "load.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "settings.h"
#include "source.h"

static void *append(void *at, const void *part, size_t size)
{
	memcpy(at, part, size);
	return (char *)at + size;
}

static void blob_pack(struct config_blob *blob, const struct board_source *board)
{
	const struct bh_cell *root = &board->board.root;
	size_t pools = board->board.pool_count * sizeof(board->pools[0]);
	size_t regions = root->region_count * sizeof(board->regions[0]);
	size_t ports = root->port_count * sizeof(board->ports[0]);
	size_t msrs = root->msr_count * sizeof(board->msrs[0]);
	struct bh_config_header header = { .version = BH_CONFIG_VERSION };

	blob->size = sizeof(header) + sizeof(board->board) + pools + regions + ports + msrs;
	blob->data = calloc(1, blob->size);
	if (!blob->data)
		err(1, "configuration");
	memcpy(header.magic, BH_CONFIG_MAGIC, sizeof(header.magic));
	header.size = (uint32_t)blob->size;
	blob->view.header = blob->data;
	blob->view.board = append(blob->data, &header, sizeof(header));
	blob->view.pools = append((void *)blob->view.board, &board->board, sizeof(board->board));
	blob->view.regions = append((void *)blob->view.pools, board->pools, pools);
	blob->view.ports = append((void *)blob->view.regions, board->regions, regions);
	blob->view.msrs = append((void *)blob->view.ports, board->ports, ports);
	append((void *)blob->view.msrs, board->msrs, msrs);
	((struct bh_config_header *)blob->data)->crc32 = config_checksum(blob->data);
}

struct check {
	const config_t *source;
	const struct config_view *view;
	struct complaints *complaints;
};

/* Something else was said already about the setting that this place depends on. */
static bool place_is_bad(const struct check *check, const struct config_place *place)
{
	const config_setting_t *setting = board_setting(check->source, place);

	return setting && setting_is_bad(setting);
}

static void finding_complain(void *context, const struct config_finding *finding)
{
	const struct check *check = context;
	const config_setting_t *setting = board_setting(check->source, &finding->place);
	const config_setting_t *clash = board_setting(check->source, &finding->other);
	char place[96], other[160] = "";

	if (place_is_bad(check, &finding->place) || place_is_bad(check, &finding->other))
		return;
	config_place_name(check->view, &finding->place, place, sizeof(place));
	if (finding->other.part != CONFIG_NOTHING)
		config_place_name(check->view, &finding->other, other, sizeof(other));
	if (clash)
		complain(check->complaints, config_setting_source_line(setting),
			 "%s: %s %s (%s:%u)%s%s", place, finding->what, other,
			 check->complaints->path, config_setting_source_line(clash),
			 finding->detail[0] ? " " : "", finding->detail);
	else
		complain(check->complaints, setting ? config_setting_source_line(setting) : 0,
			 "%s: %s%s%s%s%s", place, finding->what, other[0] ? " " : "", other,
			 finding->detail[0] ? " " : "", finding->detail);
}

static void blob_make(struct config_blob *blob, const config_t *source,
		      struct complaints *complaints)
{
	struct check check = { .source = source, .view = &blob->view, .complaints = complaints };
	struct board_source *board = calloc(1, sizeof(*board));

	if (!board)
		err(1, "configuration");
	board_read(board, source, complaints);
	blob_pack(blob, board);
	free(board);
	config_check(&blob->view, finding_complain, &check);
}

bool config_load(const char *path, struct config_blob *blob)
{
	struct complaints complaints = { .path = path };
	struct bh_refusal refusal;
	bool is_good;
	config_t source;

	memset(blob, 0, sizeof(*blob));
	if (source_open(&source, &complaints))
		blob_make(blob, &source, &complaints);
	source_close(&source);
	/* The hypervisor will look at the blob alone: it must come to the same result. */
	if (complaints.count == 0 &&
	    !config_open(&blob->view, blob->data, blob->size, &refusal))
		complain(&complaints, 0, "%s", refusal.text);
	is_good = complaints.count == 0;
	complaints_print(&complaints, stderr);
	complaints_free(&complaints);
	if (!is_good)
		config_blob_free(blob);
	return is_good;
}

void config_blob_free(struct config_blob *blob)
{
	free(blob->data);
	memset(blob, 0, sizeof(*blob));
}
