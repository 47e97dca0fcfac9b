/* SPDX-License-Identifier: GPL-2.0-only */
/* From board and cell files to the blobs that driver and hypervisor take. */
#ifndef TOOLS_CONFIG_LOAD_H
#define TOOLS_CONFIG_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "model/config.h"

struct config_file;

struct config_blob {
	void *data;
	size_t size;
	struct config_view view; /* into data */
};

struct cell_blob {
	void *data;
	size_t size;
	struct cell_view view; /* into data */
};

/*
 * Reads, checks and compiles a board file. On false every complaint about the file is on stderr,
 * nothing to free.
 */
bool config_load(const char *path, struct config_blob *blob);
void config_blob_free(struct config_blob *blob);

/*
 * The two steps of the same for a cell file, which is read once (see file.h) for both: it may be a
 * pipe. First as far as it can be judged without its board; then for a board, and beside cells that
 * are there already, whose files are not at hand. Complaints are left in the file.
 */
bool cell_check_form(struct config_file *file);
bool cell_load(struct config_file *file, const struct config_view *board,
	       const struct cell_view *const *others, uint32_t count, struct cell_blob *blob);
void cell_blob_free(struct cell_blob *blob);

#endif
