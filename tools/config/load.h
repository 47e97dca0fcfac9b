/* SPDX-License-Identifier: GPL-2.0-only */
/* From a board file to the blob that driver and hypervisor take. */
#ifndef TOOLS_CONFIG_LOAD_H
#define TOOLS_CONFIG_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "model/config.h"

struct config_blob {
	void *data;
	size_t size;
	struct config_view view; /* into data */
};

/* Reads, checks and compiles. On false every complaint about the file is on stderr, nothing to
 * free. */
bool config_load(const char *path, struct config_blob *blob);
void config_blob_free(struct config_blob *blob);

#endif
