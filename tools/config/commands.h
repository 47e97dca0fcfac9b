/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of `bulkhead config` that print: what verb_config.c calls once files are judged. */
#ifndef TOOLS_CONFIG_COMMANDS_H
#define TOOLS_CONFIG_COMMANDS_H

#include <bulkhead/image.h>
#include <stdio.h>

#include "set.h"

void config_show(const struct config_set *set, bool as_json);

/* Without an image (null) the hypervisor's own pages are left out. False after a message. */
bool config_map(const struct config_set *set, const struct bh_image_header *image, bool as_json);

struct create_options {
	const char *name;   /* of the board */
	const char *folder; /* with iomem, ioports, cmdline and cpuinfo; null: this machine's */
};

/* Writes a board file for the machine. False after a message. */
bool config_create(FILE *out, const struct create_options *options);

#endif
