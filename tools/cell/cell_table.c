// SPDX-License-Identifier: GPL-2.0-only
/* Lists cells: see cell_table.h. */
#include "cell_table.h"

#include <bulkhead/comm.h>
#include <inttypes.h>

#include "model/fault_text.h"
#include "target.h"
#include "tools/output.h"

void cell_cpus_format(const struct snapshot *snapshot, const struct bh_cell_info *cell,
		      char text[CPUS_TEXT])
{
	uint64_t cpus[BH_CPU_WORDS];

	snapshot_cpus(snapshot, cell->id, cpus);
	cpus_format(cpus, text);
}

void cell_table_print(const struct snapshot *snapshot)
{
	static const struct output_column columns[] = {
		{ "ID", SCOLS_FL_RIGHT }, { "NAME", 0 }, { "STATE", 0 }, { "CPUS", 0 },
		{ "RAM", SCOLS_FL_RIGHT }, { "FAULTS", SCOLS_FL_RIGHT },
		{ "EXITS", SCOLS_FL_RIGHT },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	size_t i;

	for (i = 0; i < snapshot->cell_count; i++) {
		const struct bh_cell_info *cell = &snapshot->cells[i];
		struct libscols_line *line = table_line(table);
		char cpus[CPUS_TEXT], memory[SIZE_TEXT];

		cell_cpus_format(snapshot, cell, cpus);
		size_format(cell->memory, memory);
		line_set(line, 0, "%u", cell->id);
		line_set(line, 1, "%s", cell->name);
		line_set(line, 2, "%s", cell_state_name(cell->state));
		line_set(line, 3, "%s", cpus);
		line_set(line, 4, "%s", memory);
		line_set(line, 5, "%" PRIu64, faults_total(cell));
		line_set(line, 6, "%" PRIu64, snapshot_exits(snapshot, cell->id));
	}
	table_print(table);
}

static void cell_faults_print(FILE *file, const struct bh_cell_info *cell)
{
	const char *before = " (";
	uint32_t kind;

	fprintf(file, "%s %" PRIu64, cell->name, faults_total(cell));
	for (kind = BH_FAULT_NONE + 1; kind < BH_FAULT_KINDS; kind++) {
		if (!cell->faults_counted[kind])
			continue;
		fprintf(file, "%s%s %" PRIu64, before, fault_kind_name(kind),
			cell->faults_counted[kind]);
		before = ", ";
	}
	fputc(')', file);
}

void cells_faults_print(FILE *file, const struct snapshot *snapshot)
{
	bool is_first = true;
	size_t i;

	for (i = 0; i < snapshot->cell_count; i++) {
		if (!faults_total(&snapshot->cells[i]))
			continue;
		if (!is_first)
			fputs(", ", file);
		cell_faults_print(file, &snapshot->cells[i]);
		is_first = false;
	}
	if (is_first)
		fputs("none", file);
}

/* After a refusal the request is taken back, but not the answer. */
const char *comm_reply_name(const struct bh_cell_info *cell)
{
	switch (cell->reply) {
	case BH_COMM_ACCEPTED:
		return "accepted";
	case BH_COMM_REFUSED:
		return "refused";
	default:
		return cell->command == BH_COMM_SHUTDOWN ? "no answer yet" : "not asked";
	}
}

static struct json_object *comm_json(const struct bh_cell_info *cell)
{
	struct json_object *object = json_record_new();

	json_set_address(object, "at", cell->comm);
	json_set_number(object, "heartbeats", cell->heartbeats);
	json_set_number(object, "message", cell->message);
	json_set_text(object, "shutdown", comm_reply_name(cell));
	return object;
}

static struct json_object *faults_json(const struct bh_cell_info *cell)
{
	struct json_object *object = json_record_new();
	uint32_t kind;

	for (kind = BH_FAULT_NONE + 1; kind < BH_FAULT_KINDS; kind++)
		json_set_number(object, fault_kind_name(kind), cell->faults_counted[kind]);
	return object;
}

struct json_object *cell_json(const struct snapshot *snapshot, const struct bh_cell_info *cell)
{
	struct json_object *object = json_record_new();
	char cpus[CPUS_TEXT];

	cell_cpus_format(snapshot, cell, cpus);
	json_set_number(object, "id", cell->id);
	json_set_text(object, "name", cell->name);
	json_set_text(object, "state", cell_state_name(cell->state));
	json_set_text(object, "cpus", cpus);
	json_set_text(object, "on_fault", policy_name(cell->on_fault));
	json_set_truth(object, "locked", cell->flags & BH_CELL_LOCKED);
	json_set_address(object, "entry", cell->entry);
	json_set_address(object, "eptp", cell->eptp);
	json_set_number(object, "memory", cell->memory);
	json_set_number(object, "pages", cell->pages);
	json_set_number(object, "tables", cell->tables);
	json_set_number(object, "starts", cell->starts);
	json_set_number(object, "exit_code", cell->exit_code);
	json_set_number(object, "exits", snapshot_exits(snapshot, cell->id));
	json_set_number(object, "faults", faults_total(cell));
	json_set(object, "faults_counted", faults_json(cell));
	if (cell->comm)
		json_set(object, "comm", comm_json(cell));
	return object;
}

struct json_object *cells_json(const struct snapshot *snapshot)
{
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < snapshot->cell_count; i++)
		json_append(list, cell_json(snapshot, &snapshot->cells[i]));
	return list;
}
