/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Has the model check what was compiled, and gives each finding the file and the line of the
 * setting it is about.
 */
#include <string.h>

#include "board.h"
#include "cell.h"
#include "file.h"
#include "settings.h"

struct judgement {
	struct config_file *file;                 /* what is being judged */
	const struct config_view *board;
	struct config_file *board_file;           /* null if it is not at hand */
	const struct judged_cell *cell;           /* null while the board itself is judged */
	const struct judged_cell *others;
	uint32_t count;
};

/* The file that a place is in; null if it is in none. */
static struct config_file *place_file(const struct judgement *judgement,
				      const struct config_place *place)
{
	uint32_t i;

	if (!place->cell)
		return judgement->board_file;
	if (judgement->cell && place->cell == judgement->cell->view)
		return judgement->file;
	for (i = 0; i < judgement->count; i++)
		if (place->cell == judgement->others[i].view)
			return judgement->others[i].file;
	return NULL;
}

static config_setting_t *find_setting(const struct judgement *judgement,
				      const struct config_place *place)
{
	const struct config_file *file = place_file(judgement, place);

	if (!file || place->part == CONFIG_NOTHING)
		return NULL;
	return place->cell ? cell_setting(&file->source, place) :
			     board_setting(&file->source, place);
}

static void finding_complain(void *context, const struct config_finding *finding)
{
	const struct judgement *judgement = context;
	const config_setting_t *setting = find_setting(judgement, &finding->place);
	const config_setting_t *clash = find_setting(judgement, &finding->other);
	struct config_file *file = place_file(judgement, &finding->place);
	char place[96], other[160] = "", where[400] = "";

	/* Something else was said already about what this depends on. */
	if ((setting && setting_is_bad(setting)) || (clash && setting_is_bad(clash)))
		return;
	config_place_name(judgement->board, &finding->place, place, sizeof(place));
	if (finding->other.part != CONFIG_NOTHING)
		config_place_name(judgement->board, &finding->other, other, sizeof(other));
	if (clash)
		snprintf(where, sizeof(where), " (%s:%u)",
			 place_file(judgement, &finding->other)->complaints.path,
			 config_setting_source_line(clash));
	if (!file)
		file = judgement->file;
	complain(&file->complaints, setting ? config_setting_source_line(setting) : 0,
		 "%s: %s%s%s%s%s%s", place, finding->what, other[0] ? " " : "", other, where,
		 strchr(";", finding->detail[0]) ? "" : " ", finding->detail);
}

void board_judge(struct config_file *file, const struct config_view *view)
{
	struct judgement judgement = { .file = file, .board = view, .board_file = file };
	struct bh_refusal refusal;
	struct config_view opened;

	config_check(view, finding_complain, &judgement);
	/* The hypervisor will look at the blob alone: it must come to the same result. */
	if (file_is_good(file) && !config_open(&opened, view->header, view->header->size, &refusal))
		complain(&file->complaints, 0, "%s", refusal.text);
}

void cell_judge(const struct judged_cell *cell, const struct config_view *board,
		struct config_file *board_file, const struct judged_cell *others, uint32_t count)
{
	struct judgement judgement = {
		.file = cell->file, .board = board, .board_file = board_file, .cell = cell,
		.others = others, .count = count,
	};
	const struct cell_view *views[BH_MAX_CELLS];
	struct bh_refusal refusal;
	struct cell_view opened;
	uint32_t i;

	for (i = 0; i < count; i++)
		views[i] = others[i].view;
	config_check_cell(board, cell->view, views, count, finding_complain, &judgement);
	if (file_is_good(cell->file) &&
	    (!cell_view_open(&opened, cell->view->header, cell->view->header->size, &refusal) ||
	     !cell_admit(board, &opened, views, count, &refusal)))
		complain(&cell->file->complaints, 0, "%s", refusal.text);
}
