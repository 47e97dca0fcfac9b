/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config show`: whose every address and port of a board is, in ascending order, whatever
 * the order in the file; what lies between is nobody's, and named as such.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "model/range.h"
#include "numbers.h"
#include "tools/output.h"

#define UART_PORTS 8

/* One line of the listing of memory or of ports. */
struct owned {
	struct bh_range range;
	const char *owner; /* null: nobody */
	const char *name;
	const char *kind;
	uint32_t access;
};

struct owned_list {
	struct owned *list;
	size_t count;
};

static void own(struct owned_list *owned, struct owned part)
{
	owned->list = must(reallocarray(owned->list, owned->count + 1, sizeof(part)));
	owned->list[owned->count++] = part;
}

static int compare(const void *a, const void *b)
{
	uint64_t first = ((const struct owned *)a)->range.start;
	uint64_t second = ((const struct owned *)b)->range.start;

	return first < second ? -1 : first > second;
}

/* Sorts, and puts a part of nobody between parts that leave a gap, up to and with `last`. */
static void fill_gaps(struct owned_list *owned, uint64_t last)
{
	size_t parts = owned->count;
	uint64_t next = 0;
	size_t i;

	if (parts)
		qsort(owned->list, parts, sizeof(*owned->list), compare);
	for (i = 0; i < parts; i++) {
		struct bh_range range = owned->list[i].range;

		if (range.start > next)
			own(owned, (struct owned){ .range = RANGE(next, range.start - next) });
		next = range_end(range);
	}
	if (last >= next)
		own(owned, (struct owned){ .range = RANGE(next, last - next + 1) });
	qsort(owned->list, owned->count, sizeof(*owned->list), compare);
}

static struct owned_list list_memory(const struct config_view *view)
{
	const struct bh_board *board = view->board;
	struct owned_list owned = { 0 };
	uint32_t i;

	own(&owned, (struct owned){ board->hypervisor, "hypervisor", "memory", "ram", 0 });
	own(&owned, (struct owned){ RANGE(BH_APIC_BASE, BH_PAGE_SIZE), "hypervisor", "local-apic",
				    "device", 0 });
	if (board->console.type == BH_CONSOLE_8250_MMIO)
		own(&owned, (struct owned){ RANGE(board->console.address & ~BH_PAGE_MASK,
						  BH_PAGE_SIZE),
					    "hypervisor", "console", "device", 0 });
	for (i = 0; i < board->pool_count; i++)
		own(&owned, (struct owned){ view->pools[i], "cells", "set-aside", "ram", 0 });
	for (i = 0; i < board->root.region_count; i++) {
		const struct bh_region *region = &view->regions[i];

		own(&owned, (struct owned){ RANGE(region->phys, region->size), board->root.name,
					    region->name,
					    region->kind == BH_REGION_RAM ? "ram" : "device",
					    region->access });
	}
	fill_gaps(&owned, (1ULL << board->physical_bits) - 1);
	return owned;
}

static struct owned_list list_ports(const struct config_view *view)
{
	const struct bh_console *console = &view->board->console;
	struct owned_list owned = { 0 };
	uint32_t i;

	if (console->type == BH_CONSOLE_8250_PORT)
		own(&owned, (struct owned){ RANGE(console->address, UART_PORTS), "hypervisor",
					    "console", NULL, 0 });
	for (i = 0; i < view->board->root.port_count; i++) {
		const struct bh_ports *ports = &view->ports[i];

		own(&owned, (struct owned){ RANGE(ports->first, ports->last - ports->first + 1ULL),
					    view->board->root.name, NULL, NULL, 0 });
	}
	fill_gaps(&owned, UINT16_MAX);
	return owned;
}

/* "rwx", with a dash for what is missing. */
static void access_format(uint32_t access, char text[4])
{
	text[0] = access & BH_ACCESS_READ ? 'r' : '-';
	text[1] = access & BH_ACCESS_WRITE ? 'w' : '-';
	text[2] = access & BH_ACCESS_EXECUTE ? 'x' : '-';
	text[3] = '\0';
}

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
		access_format(part->access, access);
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

static const char *console_name(const struct bh_console *console)
{
	switch (console->type) {
	case BH_CONSOLE_8250_PORT:
		return "8250-port";
	case BH_CONSOLE_8250_MMIO:
		return "8250-mmio";
	default:
		return "none";
	}
}

static void print_board(const struct bh_board *board)
{
	const struct bh_console *console = &board->console;
	char cpus[CPUS_TEXT];

	cpus_format(board->root.cpus, cpus);
	printf("board %s: CPUs %s, %u physical bits, pages up to %s\n", board->name, cpus,
	       board->physical_bits, board->flags & BH_BOARD_PAGES_1G ? "1G" : "2M");
	printf("console: %s", console_name(console));
	if (console->type != BH_CONSOLE_NONE)
		printf(" at 0x%llx", (unsigned long long)console->address);
	if (console->divisor)
		printf(", %u baud", 115200 / console->divisor);
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

		access_format(part->access, access);
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
	struct json_object *console = json_record_new();
	char cpus[CPUS_TEXT];

	cpus_format(board->root.cpus, cpus);
	json_set_text(record, "name", board->name);
	json_set_text(record, "cpus", cpus);
	json_set_number(record, "physical_bits", board->physical_bits);
	json_set_truth(record, "pages_1g", board->flags & BH_BOARD_PAGES_1G);
	json_set_text(console, "type", console_name(&board->console));
	if (board->console.type != BH_CONSOLE_NONE)
		json_set_address(console, "address", board->console.address);
	if (board->console.divisor)
		json_set_number(console, "baud", 115200 / board->console.divisor);
	json_set(record, "console", console);
	json_set_text(record, "on_fault",
		      board->root.on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	return record;
}

static struct json_object *json_msrs(const struct config_view *view)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < view->board->root.msr_count; i++) {
		struct json_object *record = json_record_new();

		json_set_address(record, "first", view->msrs[i].first);
		json_set_address(record, "last", view->msrs[i].last);
		json_append(list, record);
	}
	return list;
}

void config_show(const struct config_view *view, bool as_json)
{
	struct owned_list memory = list_memory(view);
	struct owned_list ports = list_ports(view);

	if (as_json) {
		struct json_object *top = json_record_new();

		json_set(top, "board", json_board(view->board));
		json_set(top, "memory", json_parts(&memory));
		json_set(top, "ports", json_parts(&ports));
		json_set(top, "msrs", json_msrs(view));
		json_print(top);
	} else {
		print_board(view->board);
		puts("");
		print_memory(&memory);
		puts("");
		print_ports(&ports);
		print_msrs(view);
	}
	free(memory.list);
	free(ports.list);
}
