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

bool cell_check_form(struct config_file *file)
{
	struct bh_refusal refusal;
	struct cell_blob blob;
	struct cell_view view;

	if (!file->is_read)
		return false;
	cell_compile(&blob, NULL, file);
	if (file_is_good(file) && !cell_view_open(&view, blob.data, blob.size, &refusal))
		complain(&file->complaints, 0, "%s", refusal.text);
	cell_blob_free(&blob);
	return file_is_good(file);
}

bool cell_load(struct config_file *file, const struct config_view *board,
	       const struct cell_view *const *others, uint32_t count, struct cell_blob *blob)
{
	struct judged_cell judged[BH_MAX_CELLS] = { { 0 } };
	uint32_t i;

	for (i = 0; i < count; i++)
		judged[i].view = others[i];
	cell_compile(blob, board, file);
	cell_judge(&(struct judged_cell){ &blob->view, file }, board, NULL, judged, count);
	if (file_is_good(file))
		return true;
	cell_blob_free(blob);
	return false;
}

void cell_blob_free(struct cell_blob *blob)
{
	free(blob->data);
	memset(blob, 0, sizeof(*blob));
}
