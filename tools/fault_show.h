/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault records for people and for programs, with the setting that would allow what was tried.
 */
#ifndef TOOLS_FAULT_SHOW_H
#define TOOLS_FAULT_SHOW_H

#include <bulkhead/fault.h>
#include <json-c/json.h>
#include <stddef.h>

#include "model/config.h"

/* Board is null where no board file was given: regions have only numbers then. */
void faults_print(const struct bh_fault *faults, size_t count, const struct config_view *board);
struct json_object *fault_json(const struct bh_fault *fault, const struct config_view *board);

#endif
