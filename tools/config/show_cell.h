/* SPDX-License-Identifier: GPL-2.0-only */
/* Between show.c and show_cell.c: what a cell file says. */
#ifndef TOOLS_CONFIG_SHOW_CELL_H
#define TOOLS_CONFIG_SHOW_CELL_H

#include <json-c/json.h>

#include "model/config.h"

/* "rwx", with a dash for what is missing. */
void show_access(uint32_t access, char text[4]);

void show_console(const struct bh_console *console);
struct json_object *show_console_json(const struct bh_console *console);
struct json_object *show_msrs_json(const struct bh_msrs *msrs, uint32_t count);

/* "ioapic:11" */
#define SHOW_IRQ_TEXT (BH_NAME_SIZE + 16)
void show_irq(const struct config_view *board, uint32_t gsi, char text[SHOW_IRQ_TEXT]);

void show_cell(const struct cell_view *view, const struct config_view *board);
struct json_object *show_cell_json(const struct cell_view *view, const struct config_view *board);

#endif
