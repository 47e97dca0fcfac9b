/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices and interrupts of a cell, as `cell show` lists them.
 */
#ifndef TOOLS_CELL_DEVICES_H
#define TOOLS_CELL_DEVICES_H

#include <json-c/json.h>

#include "detail.h"

/* Nothing, where the cell has none. */
void devices_print(const struct cell_detail *detail);

struct json_object *devices_json(const struct cell_detail *detail);
struct json_object *irqs_json(const struct cell_detail *detail);

#endif
