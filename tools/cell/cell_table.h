/* SPDX-License-Identifier: GPL-2.0-only */
/* Cells one below the other, for people, and each as an object, for programs. */
#ifndef TOOLS_CELL_CELL_TABLE_H
#define TOOLS_CELL_CELL_TABLE_H

#include <json-c/json.h>
#include <stdio.h>

#include "tools/config/numbers.h"
#include "tools/snapshot.h"

/* "1,4-7": the CPUs that a cell has now. */
void cell_cpus_format(const struct snapshot *snapshot, const struct bh_cell_info *cell,
		      char text[CPUS_TEXT]);

void cell_table_print(const struct snapshot *snapshot);

/* "root 12 (port 3, msr 9), rt0 1 (memory 1)": each that has faults; "none" if none has. */
void cells_faults_print(FILE *file, const struct snapshot *snapshot);

struct json_object *cell_json(const struct snapshot *snapshot, const struct bh_cell_info *cell);
struct json_object *cells_json(const struct snapshot *snapshot);

/* "accepted", "not asked", ...: what the cell says to a request to shut down. */
const char *comm_reply_name(const struct bh_cell_info *cell);

#endif
