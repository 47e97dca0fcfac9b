/* SPDX-License-Identifier: GPL-2.0-only */
/* One file at a time, for the verbs that take one: see load.h. Files together are set.c's. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"

bool config_load(const char *path, struct config_blob *blob)
{
	struct config_file file;
	bool is_good;

	memset(blob, 0, sizeof(*blob));
	file_open(&file, path);
	if (file.is_read) {
		board_compile(blob, NULL, &file);
		board_judge(&file, &blob->view);
	}
	is_good = file_close(&file);
	if (!is_good)
		config_blob_free(blob);
	return is_good;
}

void config_blob_free(struct config_blob *blob)
{
	free(blob->data);
	memset(blob, 0, sizeof(*blob));
}

/* A cell that was compiled without a complaint, by itself. */
static void check_form(struct config_file *file, const struct cell_blob *blob)
{
	struct bh_refusal refusal;
	struct cell_view view;

	if (file_is_good(file) && !cell_view_open(&view, blob->data, blob->size, &refusal))
		complain(&file->complaints, 0, "%s", refusal.text);
}

bool cell_load(const char *path, struct cell_blob *blob)
{
	struct config_file file;
	bool is_good;

	memset(blob, 0, sizeof(*blob));
	file_open(&file, path);
	if (file.is_read) {
		cell_compile(blob, NULL, &file);
		check_form(&file, blob);
	}
	is_good = file_close(&file);
	if (!is_good)
		cell_blob_free(blob);
	return is_good;
}

bool cell_load_for(const char *path, const struct config_view *board,
		   const struct cell_view *const *others, uint32_t count, struct cell_blob *blob)
{
	struct judged_cell judged[BH_MAX_CELLS] = { { 0 } };
	struct config_file file;
	bool is_good;
	uint32_t i;

	memset(blob, 0, sizeof(*blob));
	for (i = 0; i < count; i++)
		judged[i].view = others[i];
	file_open(&file, path);
	if (file.is_read) {
		cell_compile(blob, board, &file);
		cell_judge(&(struct judged_cell){ &blob->view, &file }, board, NULL, judged, count);
	}
	is_good = file_close(&file);
	if (!is_good)
		cell_blob_free(blob);
	return is_good;
}

void cell_blob_free(struct cell_blob *blob)
{
	free(blob->data);
	memset(blob, 0, sizeof(*blob));
}
