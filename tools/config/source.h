/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A configuration file, read and parsed by libconfig. What its settings mean is not known here.
 */
#ifndef TOOLS_CONFIG_SOURCE_H
#define TOOLS_CONFIG_SOURCE_H

#include <libconfig.h>
#include <stdbool.h>

#include "complaints.h"

/* False if there is nothing to look into; complaints say why. There may be some with true, too. */
bool source_open(config_t *source, struct complaints *complaints);
void source_close(config_t *source);

#endif
