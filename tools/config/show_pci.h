/* SPDX-License-Identifier: GPL-2.0-only */
/* Between show.c and show_pci.c: the devices of a board, and who has them. */
#ifndef TOOLS_CONFIG_SHOW_PCI_H
#define TOOLS_CONFIG_SHOW_PCI_H

#include <json-c/json.h>

#include "set.h"

/* Nothing, for a board without. */
void show_devices(const struct config_set *set);
struct json_object *show_devices_json(const struct config_set *set);

#endif
