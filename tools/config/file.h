/* SPDX-License-Identifier: GPL-2.0-only */
/* A configuration file while it is being judged: its settings, and what there is to say to it. */
#ifndef TOOLS_CONFIG_FILE_H
#define TOOLS_CONFIG_FILE_H

#include <libconfig.h>
#include <stdbool.h>

#include "complaints.h"
#include "load.h"
#include "siblings.h"

struct config_file {
	struct complaints complaints; /* with the path */
	config_t source;
	bool is_read; /* else there are no settings to look into */
};

/* Always to be closed; that prints what there is to say, and tells whether the file is good. */
void file_open(struct config_file *file, const char *path);
bool file_close(struct config_file *file);

static inline bool file_is_good(const struct config_file *file)
{
	return file->complaints.count == 0;
}

/* Compiled however bad it is, so that all can be said at once. Siblings may be null. */
void board_compile(struct config_blob *blob, struct siblings *siblings, struct config_file *file);
/* Without a board (null) the cell's devices and interrupts are left out. */
void cell_compile(struct cell_blob *blob, const struct config_view *board,
		  struct config_file *file);

/* A cell and its file; null if that is not at hand. */
struct judged_cell {
	const struct cell_view *view;
	struct config_file *file;
};

/* Have the model check, and complain in the files' own terms. */
void board_judge(struct config_file *file, const struct config_view *view);
/* `board_file` may be null. */
void cell_judge(const struct judged_cell *cell, const struct config_view *board,
		struct config_file *board_file, const struct judged_cell *others, uint32_t count);

#endif
