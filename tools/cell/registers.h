/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the CPUs of a cell that does not run, for people and for programs. */
#ifndef TOOLS_CELL_REGISTERS_H
#define TOOLS_CELL_REGISTERS_H

#include <bulkhead/manage.h>
#include <json-c/json.h>

#include "tools/snapshot.h"

/* By the order of bh_registers.gprs and bh_registers.segments. */
extern const char *const gpr_names[16];
extern const char *const segment_names[8];

/*
 * Those of all CPUs of a cell; the caller frees the list in any case. Refused where the cell runs
 * or never did.
 */
bool cell_registers_read(struct bh_registers **list, size_t *count,
			 const struct snapshot *snapshot, const struct bh_cell_info *cell,
			 int device, struct bh_refusal *refusal);

void registers_print(const struct bh_registers *registers);
struct json_object *registers_json(const struct bh_registers *registers);

#endif
