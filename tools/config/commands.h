/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of `bulkhead config` that print: what verb_config.c calls once a board file is loaded.
 */
#ifndef TOOLS_CONFIG_COMMANDS_H
#define TOOLS_CONFIG_COMMANDS_H

#include "model/config.h"

void config_show(const struct config_view *view, bool as_json);

/* The image's path may be null: then the hypervisor's own pages are left out. False after a
 * message. */
bool config_map(const struct config_view *view, const char *image, bool as_json);

#endif
