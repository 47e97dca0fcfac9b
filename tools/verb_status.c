// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead status`: what runs where, how often the hypervisor was needed, and what was denied. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "backend_words.h"
#include "cell/cell_config.h"
#include "cell/cell_table.h"
#include "cell/target.h"
#include "config/load.h"
#include "cpu_json.h"
#include "device.h"
#include "exit_reasons.h"
#include "fault_show.h"
#include "model/fault_text.h"
#include "output.h"
#include "snapshot.h"
#include "verb.h"

#define VERB "status"

struct options {
	bool json;
	bool exits;
	bool faults;
	const char *board;
};

static const struct argp_option option_rows[] = {
	{ .name = "json", .key = 'j', .doc = "All of it for programs, as one JSON object" },
	{ .name = "exits", .key = 'e', .doc = "Exits of each CPU by their reasons" },
	{ .name = "faults", .key = 'f', .doc = "Each fault record, of root and of cells, with the "
					       "setting to add if it was meant" },
	{ .name = "board", .key = 'b', .arg = "FILE",
	  .doc = "Say what this board file gives to whom; else it is the enabled board's" },
	{ 0 },
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->json = true;
		return 0;
	case 'e':
		options->exits = true;
		return 0;
	case 'f':
		options->faults = true;
		return 0;
	case 'b':
		options->board = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.doc = "Shows what runs where, how often each CPU left its cell, and what was denied.",
};

/* Records are of all cells that there were since enable, counts of those that there are. */
static void print_faults_counted(const struct snapshot *snapshot)
{
	uint64_t recorded = snapshot->info.faults_recorded;

	printf("faults: ");
	cells_faults_print(stdout, snapshot);
	printf("; %" PRIu64 " record%s since enable\n", recorded, recorded == 1 ? "" : "s");
}

static void print_info(const struct snapshot *snapshot)
{
	const struct bh_info *info = &snapshot->info;

	printf("Bulkhead %s is enabled on board %s\n", info->build, info->board);
	printf("cells:  %u; on a fault of root: %s\n", info->cells, policy_name(info->on_fault));
	printf("pages:  %" PRIu64 " of %" PRIu64 " in use; of the pool %" PRIu64 " of %" PRIu64
	       " (own tables %" PRIu64 ", root's map %" PRIu64 ")\n", info->pages_used,
	       info->pages_total, info->pool_used, info->pool_total, info->tables_host,
	       info->tables_root);
	printf("log:    %" PRIu64 " bytes\n", info->log_written);
	print_faults_counted(snapshot);
}

static void print_cpus(const struct snapshot *snapshot)
{
	const struct output_column columns[] = {
		{ "CPU", SCOLS_FL_RIGHT }, { "APIC ID", SCOLS_FL_RIGHT },
		{ "CELL", SCOLS_FL_RIGHT },
		{ backend_words(snapshot->info.backend)->tag, SCOLS_FL_RIGHT },
		{ "MODE", 0 }, { "STATE", 0 }, { "EXITS", SCOLS_FL_RIGHT },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	uint32_t i;

	for (i = 0; i < snapshot->info.cpus; i++) {
		const struct bh_cpu_info *cpu = &snapshot->cpus[i];
		struct libscols_line *line = table_line(table);

		line_set(line, 0, "%u", cpu->cpu);
		line_set(line, 1, "%u", cpu->apic_id);
		line_set(line, 2, "%u", cpu->cell);
		line_set(line, 3, "%u", cpu->vpid);
		line_set(line, 4, "%s", cpu->x2apic ? "x2apic" : "xapic");
		line_set(line, 5, "%s", cpu_state_name(cpu));
		line_set(line, 6, "%" PRIu64, cpu->exits);
	}
	putchar('\n');
	table_print(table);
}

static uint64_t exits_of(const struct snapshot *snapshot, uint32_t reason)
{
	uint64_t total = 0;
	uint32_t i;

	for (i = 0; i < snapshot->info.cpus; i++)
		total += snapshot->cpus[i].by_reason[reason];
	return total;
}

static struct libscols_table *new_exit_table(const struct snapshot *snapshot)
{
	static const struct output_column first[] = {
		{ "EXIT REASON", 0 }, { "ALL", SCOLS_FL_RIGHT },
	};
	struct libscols_table *table = table_new(first, BH_ARRAY_SIZE(first));
	uint32_t i;

	for (i = 0; i < snapshot->info.cpus; i++) {
		char name[sizeof("CPU 4294967295")];

		snprintf(name, sizeof(name), "CPU %u", snapshot->cpus[i].cpu);
		must(scols_table_new_column(table, name, 0, SCOLS_FL_RIGHT));
	}
	return table;
}

static void print_exits(const struct snapshot *snapshot)
{
	struct libscols_table *table = new_exit_table(snapshot);
	uint32_t reason;

	for (reason = 0; reason < BH_EXIT_REASONS; reason++) {
		uint64_t total = exits_of(snapshot, reason);
		char name[EXIT_REASON_NAME_MAX];
		struct libscols_line *line;
		uint32_t i;

		if (!total)
			continue;
		exit_counter_name(snapshot->info.backend, reason, name);
		line = table_line(table);
		line_set(line, 0, "%s", name);
		line_set(line, 1, "%" PRIu64, total);
		for (i = 0; i < snapshot->info.cpus; i++)
			line_set(line, 2 + i, "%" PRIu64, snapshot->cpus[i].by_reason[reason]);
	}
	putchar('\n');
	table_print(table);
}

static struct json_object *pages_json(const struct bh_info *info)
{
	struct json_object *object = json_record_new();

	json_set_number(object, "total", info->pages_total);
	json_set_number(object, "used", info->pages_used);
	json_set_number(object, "pool_total", info->pool_total);
	json_set_number(object, "pool_used", info->pool_used);
	json_set_number(object, "tables_host", info->tables_host);
	json_set_number(object, "tables_root", info->tables_root);
	return object;
}

static struct json_object *counts_json(const struct bh_info *info)
{
	struct json_object *object = json_record_new();
	uint32_t kind;

	for (kind = BH_FAULT_NONE + 1; kind < BH_FAULT_KINDS; kind++)
		json_set_number(object, fault_kind_name(kind), info->faults_counted[kind]);
	return object;
}

static void print_json(const struct snapshot *snapshot, const struct config_view *board)
{
	const struct bh_info *info = &snapshot->info;
	struct json_object *object = json_record_new();
	struct json_object *cpus = json_list_new();
	struct json_object *faults = json_list_new();
	size_t i;

	for (i = 0; i < info->cpus; i++)
		json_append(cpus, cpu_json(&snapshot->cpus[i], info->backend));
	for (i = 0; i < snapshot->fault_count; i++)
		json_append(faults, fault_json(&snapshot->faults[i], board));
	json_set_truth(object, "enabled", true);
	json_set_text(object, "build", info->build);
	json_set_number(object, "abi_version", info->abi_version);
	json_set_text(object, "board", info->board);
	json_set_text(object, "backend", backend_words(info->backend)->name);
	json_set_number(object, "cells", info->cells);
	json_set(object, "cell_list", cells_json(snapshot));
	json_set_text(object, "on_fault", policy_name(info->on_fault));
	json_set(object, "pages", pages_json(info));
	json_set_number(object, "log_written", info->log_written);
	json_set(object, "cpus", cpus);
	json_set_number(object, "faults_recorded", info->faults_recorded);
	json_set(object, "faults_counted", counts_json(info));
	json_set(object, "faults", faults);
	json_print(object);
}

static void print_text(const struct snapshot *snapshot, const struct options *options,
		       const struct config_view *board)
{
	print_info(snapshot);
	putchar('\n');
	cell_table_print(snapshot);
	print_cpus(snapshot);
	if (options->exits)
		print_exits(snapshot);
	if (options->faults && snapshot->fault_count) {
		puts("\nfault records of root and of all cells, also of those that are gone:");
		faults_print(snapshot->faults, snapshot->fault_count, board);
	}
}

/* The driver would say so too, but it puts what it refuses into the kernel's log. */
static int not_enabled(const struct options *options)
{
	struct json_object *object;

	if (options->json) {
		object = json_record_new();
		json_set_truth(object, "enabled", false);
		json_print(object);
	}
	verb_complain(VERB, "the hypervisor is not enabled: `bulkhead enable BOARD' enables it");
	return VERB_NOT_ENABLED;
}

static bool wants_faults(const struct options *options)
{
	return options->json || options->faults;
}

static void print(const struct snapshot *snapshot, const struct options *options,
		  const struct config_view *board)
{
	if (options->json)
		print_json(snapshot, board);
	else
		print_text(snapshot, options, board);
}

/* Where no board file is given, the one that was enabled tells whose a place is. */
static void print_enabled(const struct snapshot *snapshot, const struct options *options,
			  int device)
{
	struct cell_config root;
	struct bh_refusal refusal;
	bool is_known = wants_faults(options) && cell_config_read(&root, device, 0, &refusal);

	print(snapshot, options, is_known ? &root.board : NULL);
	if (is_known)
		cell_config_free(&root);
}

static int show_enabled(const struct options *options, const struct config_view *board, int device)
{
	struct snapshot snapshot;
	struct bh_refusal refusal;
	bool done;

	if (!snapshot_take(&snapshot, device, &refusal)) {
		verb_complain(VERB, "%s", refusal.text);
		return VERB_REFUSED;
	}
	done = !wants_faults(options) || snapshot_take_faults(&snapshot, device, 1, &refusal);
	if (!done)
		verb_complain(VERB, "%s", refusal.text);
	else if (board)
		print(&snapshot, options, board);
	else
		print_enabled(&snapshot, options, device);
	snapshot_free(&snapshot);
	return done ? VERB_DONE : VERB_REFUSED;
}

static int show(const struct options *options, const struct config_view *board)
{
	int device = device_open(VERB);
	int status;

	if (device < 0)
		return -device;
	status = hypervisor_is_enabled() ? show_enabled(options, board, device) :
					   not_enabled(options);
	close(device);
	return status;
}

int verb_status(int argc, char **argv)
{
	struct options options = { 0 };
	struct config_blob blob;
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	if (options.board && !config_load(options.board, &blob))
		return VERB_REFUSED;
	status = show(&options, options.board ? &blob.view : NULL);
	if (options.board)
		config_blob_free(&blob);
	return status;
}
