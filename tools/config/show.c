/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config show`: what board and cell files say, and whose every address and port is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "model/backend_kind.h"
#include "model/range.h"
#include "numbers.h"
#include "owned.h"
#include "show_cell.h"
#include "show_pci.h"
#include "tools/output.h"

static void print_memory(const struct owned_list *owned)
{
	static const struct output_column columns[] = {
		{ "FIRST", SCOLS_FL_RIGHT }, { "LAST", SCOLS_FL_RIGHT }, { "SIZE", SCOLS_FL_RIGHT },
		{ "OWNER", 0 }, { "NAME", 0 }, { "KIND", 0 }, { "ACCESS", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	size_t i;

	for (i = 0; i < owned->count; i++) {
		const struct owned *part = &owned->list[i];
		struct libscols_line *line = table_line(table);
		char size[SIZE_TEXT], access[4];

		size_format(part->range.size, size);
		show_access(part->access, access);
		line_set(line, 0, "0x%llx", (unsigned long long)part->range.start);
		line_set(line, 1, "0x%llx", (unsigned long long)range_last(part->range));
		line_set(line, 2, "%s", size);
		line_set(line, 3, "%s", part->owner ? part->owner : "nobody");
		line_set(line, 4, "%s", part->name ? part->name : "(gap)");
		line_set(line, 5, "%s", part->kind ? part->kind : "");
		line_set(line, 6, "%s", part->access ? access : "");
	}
	table_print(table);
}

static void print_ports(const struct owned_list *owned)
{
	static const struct output_column columns[] = {
		{ "FIRST", SCOLS_FL_RIGHT }, { "LAST", SCOLS_FL_RIGHT },
		{ "PORTS", SCOLS_FL_RIGHT }, { "OWNER", 0 }, { "NAME", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	size_t i;

	for (i = 0; i < owned->count; i++) {
		const struct owned *part = &owned->list[i];
		struct libscols_line *line = table_line(table);

		line_set(line, 0, "0x%llx", (unsigned long long)part->range.start);
		line_set(line, 1, "0x%llx", (unsigned long long)range_last(part->range));
		line_set(line, 2, "%llu", (unsigned long long)part->range.size);
		line_set(line, 3, "%s", part->owner ? part->owner : "nobody");
		line_set(line, 4, "%s", part->name ? part->name : part->owner ? "" : "(gap)");
	}
	table_print(table);
}

static void print_board(const struct bh_board *board)
{
	char cpus[CPUS_TEXT];

	cpus_format(board->root.cpus, cpus);
	printf("board %s: CPUs %s, %s, %u physical bits, pages up to %s\n", board->name, cpus,
	       board_kind(board)->name, board->physical_bits,
	       board->flags & BH_BOARD_PAGES_1G ? "1G" : "2M");
	if (board->flags & BH_BOARD_MULTIHIT)
		puts("executable memory of cells: pages of 4K, for itlb_multihit");
	printf("console: ");
	show_console(&board->console);
	printf("\non a fault of root: %s\n",
	       board->root.on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	if (board->test.stage != BH_TEST_NONE)
		printf("test: stage %u on CPU %u\n", board->test.stage, board->test.cpu);
}

static void print_msrs(const struct config_view *view)
{
	uint32_t i;

	for (i = 0; i < view->board->root.msr_count; i++)
		printf("%sMSRs 0x%x to 0x%x: %s\n", i ? "" : "\n", view->msrs[i].first,
		       view->msrs[i].last, view->board->root.name);
}

static struct json_object *json_parts(const struct owned_list *owned)
{
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < owned->count; i++) {
		const struct owned *part = &owned->list[i];
		struct json_object *record = json_record_new();
		char access[4];

		show_access(part->access, access);
		json_set_address(record, "first", part->range.start);
		json_set_address(record, "last", range_last(part->range));
		json_set_number(record, "size", part->range.size);
		json_set_text(record, "owner", part->owner ? part->owner : "nobody");
		if (part->name)
			json_set_text(record, "name", part->name);
		if (part->kind)
			json_set_text(record, "kind", part->kind);
		if (part->access)
			json_set_text(record, "access", access);
		json_append(list, record);
	}
	return list;
}

static struct json_object *json_board(const struct bh_board *board)
{
	struct json_object *record = json_record_new();
	char cpus[CPUS_TEXT];

	cpus_format(board->root.cpus, cpus);
	json_set_text(record, "name", board->name);
	json_set_text(record, "cpus", cpus);
	json_set_text(record, "backend", board_kind(board)->word);
	json_set_number(record, "physical_bits", board->physical_bits);
	json_set_truth(record, "pages_1g", board->flags & BH_BOARD_PAGES_1G);
	if (board->flags & (BH_BOARD_MULTIHIT | BH_BOARD_NO_MULTIHIT))
		json_set_truth(record, "itlb_multihit", board->flags & BH_BOARD_MULTIHIT);
	json_set(record, "console", show_console_json(&board->console));
	json_set_text(record, "on_fault",
		      board->root.on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	return record;
}

static void json_all(const struct config_set *set, const struct owned_list *memory,
		     const struct owned_list *ports)
{
	const struct config_view *view = &set->board.view;
	struct json_object *top = json_record_new();
	struct json_object *cells = json_list_new();
	uint32_t i;

	json_set(top, "board", json_board(view->board));
	json_set(top, "memory", json_parts(memory));
	json_set(top, "ports", json_parts(ports));
	json_set(top, "msrs", show_msrs_json(view->msrs, view->board->root.msr_count));
	json_set(top, "pci", show_devices_json(set));
	for (i = 0; i < set->count; i++)
		json_append(cells, show_cell_json(&set->cells[i].blob.view, &set->board.view));
	json_set(top, "cells", cells);
	json_print(top);
}

static void print_all(const struct config_set *set, const struct owned_list *memory,
		      const struct owned_list *ports)
{
	uint32_t i;

	print_board(set->board.view.board);
	puts("");
	for (i = 0; i < set->count; i++) {
		show_cell(&set->cells[i].blob.view, &set->board.view);
		puts("");
	}
	print_memory(memory);
	puts("");
	print_ports(ports);
	show_devices(set);
	print_msrs(&set->board.view);
}

void config_show(const struct config_set *set, bool as_json)
{
	struct owned_list memory = owned_memory(set);
	struct owned_list ports = owned_ports(set);

	if (as_json)
		json_all(set, &memory, &ports);
	else
		print_all(set, &memory, &ports);
	owned_free(&memory);
	owned_free(&ports);
}
