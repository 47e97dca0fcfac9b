// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows fault records. The words for what was tried are model/fault_text's; here they get when,
 * which region is near, and what to write into the board file if it was meant.
 */
#include "fault_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#include "exit_reasons.h"
#include "model/fault_text.h"
#include "model/range.h"
#include "output.h"

#define SETTING_MAX 160
#define NANOSECONDS 1e9
#define UART_PORTS  8

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / NANOSECONDS;
}

/* Linux does not tell the speed of the TSC, so it is measured: good enough for "2.1 s ago". */
static double tsc_per_second(void)
{
	const struct timespec moment = { .tv_nsec = 20000000 };
	double start = now_seconds();
	uint64_t first = __rdtsc();
	uint64_t ticks;
	double passed;

	nanosleep(&moment, NULL);
	ticks = __rdtsc() - first;
	passed = now_seconds() - start;
	return passed > 0 ? (double)ticks / passed : 0;
}

static const char *access_letters(const struct bh_fault *fault)
{
	if (fault->access & BH_ACCESS_EXECUTE)
		return fault->access & BH_ACCESS_WRITE ? "rwx" : "rx";
	return fault->access & BH_ACCESS_WRITE ? "rw" : "r";
}

/* Whose the place is, if the board file gives it to someone whom root cannot take it from. */
static const char *place_owner(const struct bh_fault *fault, const struct config_view *board)
{
	const struct bh_console *console;
	uint32_t i;

	if (!board)
		return NULL;
	console = &board->board->console;
	if (fault->kind == BH_FAULT_PORT && console->type == BH_CONSOLE_8250_PORT &&
	    range_has(RANGE(console->address, UART_PORTS), fault->place))
		return "the hypervisor's console";
	if (fault->kind != BH_FAULT_MEMORY)
		return NULL;
	if (range_has(board->board->hypervisor, fault->place))
		return "the hypervisor's memory";
	for (i = 0; i < board->board->pool_count; i++)
		if (range_has(board->pools[i], fault->place))
			return "memory set aside for cells";
	return NULL;
}

/* What would allow it, in the syntax of board files; false where no setting does. */
static bool fault_setting(const struct bh_fault *fault, const struct config_view *board,
			  char text[SETTING_MAX])
{
	if (place_owner(fault, board))
		return false;
	switch (fault->kind) {
	case BH_FAULT_MEMORY:
		snprintf(text, SETTING_MAX,
			 "root.memory: { name = \"NAME\"; phys = 0x%" PRIx64 "; size = \"4K\"; "
			 "access = \"%s\"; kind = \"device\"; }",
			 (uint64_t)(fault->place & ~BH_PAGE_MASK), access_letters(fault));
		return true;
	case BH_FAULT_PORT:
		if (fault->size > 1)
			snprintf(text, SETTING_MAX, "root.ports: \"0x%" PRIx64 "-0x%" PRIx64 "\"",
				 fault->place, fault->place + fault->size - 1);
		else
			snprintf(text, SETTING_MAX, "root.ports: \"0x%" PRIx64 "\"", fault->place);
		return true;
	case BH_FAULT_MSR:
		snprintf(text, SETTING_MAX, "root.msrs: \"0x%" PRIx64 "\"", fault->place);
		return true;
	default:
		return false;
	}
}

/* The name that the board file gives the nearest region, or null. Only root's regions are known. */
static const char *region_name(const struct bh_fault *fault, const struct config_view *board)
{
	if (!board || fault->cell != 0 || fault->region >= board->board->root.region_count)
		return NULL;
	return board->regions[fault->region].name;
}

static void print_region(const struct bh_fault *fault, const struct config_view *board)
{
	const char *name = region_name(fault, board);

	if (!(fault->flags & BH_FAULT_HAS_REGION))
		return;
	printf("    nearest region: memory[%u]", fault->region);
	if (name)
		printf(" \"%s\"", name);
	if (fault->distance == 0)
		puts(", which it is in: the region does not allow this access");
	else
		printf(", %" PRIu64 " (0x%" PRIx64 ") bytes away\n", fault->distance,
		       fault->distance);
}

static void print_fault(const struct bh_fault *fault, const struct config_view *board, double speed,
			uint64_t now)
{
	char text[FAULT_TEXT_MAX];
	char setting[SETTING_MAX];

	fault_text(fault, text, sizeof(text));
	printf("fault %" PRIu64 ", ", fault->sequence);
	if (speed > 0 && now >= fault->tsc)
		printf("%.1f s ago, ", (double)(now - fault->tsc) / speed);
	printf("cell %u%s: %s\n", fault->cell, fault->cell == 0 ? " (root)" : "", text);
	printf("    TSC %" PRIu64 ", CR3 0x%" PRIx64 ", %u-bit code, privilege %u", fault->tsc,
	       fault->cr3, fault->mode, fault->cpl);
	if (fault->flags & BH_FAULT_HAS_LINEAR)
		printf(", linear address 0x%" PRIx64, fault->linear);
	printf(", qualification 0x%" PRIx64 "\n", fault->qualification);
	print_region(fault, board);
	if (place_owner(fault, board))
		printf("    this is %s: no setting allows it\n", place_owner(fault, board));
	if (fault_setting(fault, board, setting))
		printf("    if this was meant, add to %s\n", setting);
}

void faults_print(const struct bh_fault *faults, size_t count, const struct config_view *board)
{
	double speed = count ? tsc_per_second() : 0;
	uint64_t now = __rdtsc();
	size_t i;

	for (i = 0; i < count; i++)
		print_fault(&faults[i], board, speed, now);
}

static struct json_object *access_json(const struct bh_fault *fault)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} words[] = {
		{ BH_ACCESS_READ, "read" },
		{ BH_ACCESS_WRITE, "write" },
		{ BH_ACCESS_EXECUTE, "execute" },
	};
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(words); i++)
		if (fault->access & words[i].bit)
			json_append(list, json_object_new_string(words[i].word));
	return list;
}

static void add_optional(struct json_object *object, const struct bh_fault *fault,
			 const struct config_view *board)
{
	const char *name = region_name(fault, board);
	const char *owner = place_owner(fault, board);
	char setting[SETTING_MAX];

	if (fault->flags & BH_FAULT_HAS_LINEAR)
		json_set_address(object, "linear", fault->linear);
	if (fault->flags & BH_FAULT_HAS_VALUE)
		json_set_address(object, "value", fault->value);
	if (fault->flags & BH_FAULT_HAS_REGION) {
		struct json_object *region = json_record_new();

		json_set_number(region, "index", fault->region);
		if (name)
			json_set_text(region, "name", name);
		json_set_number(region, "distance", fault->distance);
		json_set(object, "region", region);
	}
	if (owner)
		json_set_text(object, "owner", owner);
	if (fault_setting(fault, board, setting))
		json_set_text(object, "setting", setting);
}

static void add_instruction(struct json_object *object, const struct bh_fault *fault)
{
	char bytes[2 * sizeof(fault->bytes) + 1] = "";
	char name[EXIT_REASON_NAME_MAX];
	size_t i;

	for (i = 0; i < fault->byte_count && i < sizeof(fault->bytes); i++)
		snprintf(bytes + 2 * i, sizeof(bytes) - 2 * i, "%02x", fault->bytes[i]);
	exit_reason_name(fault->exit_reason, name);
	json_set_address(object, "rip", fault->rip);
	json_set_text(object, "bytes", bytes);
	json_set_number(object, "mode", fault->mode);
	json_set_number(object, "privilege", fault->cpl);
	json_set_address(object, "cr3", fault->cr3);
	json_set_number(object, "exit_reason", fault->exit_reason);
	json_set_text(object, "exit_reason_name", name);
	json_set_address(object, "qualification", fault->qualification);
}

struct json_object *fault_json(const struct bh_fault *fault, const struct config_view *board)
{
	struct json_object *object = json_record_new();
	char text[FAULT_TEXT_MAX];

	json_set_number(object, "sequence", fault->sequence);
	json_set_number(object, "tsc", fault->tsc);
	json_set_text(object, "kind", fault_kind_name(fault->kind));
	json_set_number(object, "cell", fault->cell);
	json_set_number(object, "cpu", fault->cpu);
	json_set(object, "access", access_json(fault));
	json_set_number(object, "size", fault->size);
	json_set_address(object, "place", fault->place);
	add_instruction(object, fault);
	add_optional(object, fault, board);
	json_set_truth(object, "stopped", fault->flags & BH_FAULT_STOPPED);
	fault_text(fault, text, sizeof(text));
	json_set_text(object, "text", text);
	return object;
}
