/* SPDX-License-Identifier: GPL-2.0-only */
/* Judges a board and cells together. See set.h. */
#include "set.h"

#include <stdlib.h>
#include <string.h>

#include "live_devices.h"
#include "multihit.h"
#include "map_host.h"
#include "settings.h"
#include "tools/output.h"

bool file_is_board(const struct config_file *file)
{
	return file->is_read &&
	       (config_lookup(&file->source, "board") || config_lookup(&file->source, "root"));
}

bool file_is_cell(const struct config_file *file)
{
	return file->is_read && config_lookup(&file->source, "cell") && !file_is_board(file);
}

/* Each cell beside those before it that are good themselves. */
static void judge_cells(struct config_set *set)
{
	struct judged_cell others[BH_MAX_CELLS];
	uint32_t good = 0;
	uint32_t i;

	for (i = 0; i < set->count; i++) {
		struct judged_cell cell = { &set->cells[i].blob.view, set->cells[i].file };
		size_t before = set->board_file->complaints.count;

		if (!cell.file->is_read)
			continue;
		cell_judge(&cell, &set->board.view, set->board_file, others, good);
		if (file_is_good(cell.file) && set->board_file->complaints.count == before)
			others[good++] = cell;
	}
}

/* The hypervisor takes from its page pool what this counts, page for page. */
static void judge_budget(struct config_set *set, const struct bh_image_header *image)
{
	const config_setting_t *setting =
		config_lookup(&set->board_file->source, "board.hypervisor");
	struct bh_refusal refusal;
	struct map_host host;

	if (!map_host_count(&host, set, image, &refusal))
		complain(&set->board_file->complaints, 0, "%s", refusal.text);
	else if (map_host_wanted(&host) > map_host_pool(&host))
		complain(&set->board_file->complaints, config_setting_source_line(setting),
			 "board.hypervisor: its page pool has %llu pages, but the board needs %llu "
			 "and the cells %llu: give it %lluK more",
			 (unsigned long long)map_host_pool(&host),
			 (unsigned long long)(map_host_wanted(&host) - host.cells),
			 (unsigned long long)host.cells,
			 (unsigned long long)(map_host_wanted(&host) - map_host_pool(&host)) *
				 (BH_PAGE_SIZE / 1024));
}

static bool set_is_good(const struct config_set *set)
{
	bool is_good = file_is_good(set->board_file);
	uint32_t i;

	for (i = 0; i < set->count; i++)
		is_good = is_good && file_is_good(set->cells[i].file);
	return is_good;
}

static void set_compile(struct config_set *set, struct config_file *files, uint32_t count)
{
	const struct config_view *board = NULL;
	uint32_t i;

	memset(set, 0, sizeof(*set));
	set->board_file = &files[0];
	set->count = count - 1;
	set->cells = must(calloc(count, sizeof(*set->cells)));
	if (files[0].is_read)
		board_compile(&set->board, &set->siblings, &files[0]);
	if (file_is_good(&files[0]))
		board = &set->board.view;
	for (i = 0; i < set->count; i++) {
		set->cells[i].file = &files[i + 1];
		if (files[i + 1].is_read)
			cell_compile(&set->cells[i].blob, board, &files[i + 1]);
	}
}

static void judge_siblings(struct config_set *set, const char *sysfs)
{
	struct siblings *live;

	siblings_check(set->board_file, &set->siblings, &set->board.view);
	if (!sysfs) {
		siblings_judge(set, &set->siblings);
		return;
	}
	live = must(calloc(1, sizeof(*live)));
	siblings_read_live(live, sysfs);
	siblings_judge(set, live);
	free(live);
}

bool set_judge(struct config_set *set, struct config_file *files, uint32_t count,
	       const struct set_options *options)
{
	set_compile(set, files, count);
	if (set->count >= BH_MAX_CELLS)
		complain(&set->cells[BH_MAX_CELLS - 1].file->complaints, 0,
			 "is one too many: at most %d cells at a time, root included",
			 BH_MAX_CELLS);
	else if (files[0].is_read)
		board_judge(&files[0], &set->board.view);
	/* What is wrong with the board would be told of each cell again. */
	if (file_is_good(&files[0])) {
		judge_cells(set);
		judge_siblings(set, options->live);
		if (options->live) {
			live_devices_judge(&files[0], &set->board.view, options->live);
			multihit_judge(&files[0], &set->board.view, options->live);
		}
	}
	if (set_is_good(set) && options->image)
		judge_budget(set, options->image);
	return set_is_good(set);
}

void set_free(struct config_set *set)
{
	uint32_t i;

	for (i = 0; i < set->count; i++)
		cell_blob_free(&set->cells[i].blob);
	free(set->cells);
	config_blob_free(&set->board);
}

static bool cell_uses(const struct cell_view *cell, const struct bh_region *region)
{
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++)
		if (cell->regions[i].phys == region->phys && cell->regions[i].size == region->size)
			return true;
	return false;
}

const char *set_region_user(const struct config_set *set, const struct bh_region *region)
{
	uint32_t i;

	if (!(region->flags & (BH_REGION_SHARED | BH_REGION_LENT)))
		return NULL;
	for (i = 0; i < set->count; i++)
		if (cell_uses(&set->cells[i].blob.view, region))
			return set->cells[i].blob.view.cell->name;
	return NULL;
}

bool set_root_has(const struct config_set *set, const struct bh_region *region)
{
	bool is_used = set_region_user(set, region) != NULL;

	return region->flags & BH_REGION_SHARED ? is_used : !is_used;
}

bool set_root_has_ports(const struct config_set *set, const struct bh_ports *ports)
{
	uint32_t i, j;

	for (i = 0; i < set->count && (ports->flags & BH_PORTS_BAR); i++) {
		const struct cell_view *cell = &set->cells[i].blob.view;

		for (j = 0; j < cell->cell->port_count; j++)
			if (cell->ports[j].first == ports->first)
				return false;
	}
	return true;
}
