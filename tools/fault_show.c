// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows fault records. The words for what was tried are model/fault_text's; here they get when,
 * which region is near, and what to write into the configuration if it was meant (fault_advice.c).
 */
#include "fault_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include "backend_words.h"
#include "exit_reasons.h"
#include "fault_advice.h"
#include "fault_device.h"
#include "instruction.h"
#include "model/fault_text.h"
#include "model/iommu_reason.h"
#include "output.h"
#include "qualification.h"

#define NANOSECONDS 1e9

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

/* Root may have no name of its own. */
static const char *fault_cell_name(const struct bh_fault *fault)
{
	return fault->cell_name[0] || fault->cell != 0 ? fault->cell_name : "root";
}

#define DISTANCE_TEXT 40

/* To the byte as far as a person counts bytes; beyond that, how far it is. */
static void distance_format(uint64_t distance, char text[DISTANCE_TEXT])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double count = (double)distance / 1024;
	size_t unit = 0;

	if (distance < 4096) {
		snprintf(text, DISTANCE_TEXT, "%" PRIu64 " byte%s", distance,
			 distance == 1 ? "" : "s");
		return;
	}
	while (count >= 1024 && unit < BH_ARRAY_SIZE(units) - 1) {
		count /= 1024;
		unit++;
	}
	if (distance >> (10 * (unit + 1)) << (10 * (unit + 1)) == distance)
		snprintf(text, DISTANCE_TEXT, "%.0f %s", count, units[unit]);
	else
		snprintf(text, DISTANCE_TEXT, "about %.1f %s", count, units[unit]);
}

static void print_region(const struct bh_fault *fault, const struct config_view *board)
{
	const char *name = fault_region_name(fault, board);
	char distance[DISTANCE_TEXT];

	if (!(fault->flags & BH_FAULT_HAS_REGION))
		return;
	printf("    nearest region: memory[%u]", fault->region);
	if (name)
		printf(" \"%s\"", name);
	if (fault->region_size)
		printf(" 0x%" PRIx64 "-0x%" PRIx64, fault->region_at,
		       fault->region_at + fault->region_size - 1);
	if (fault->distance == 0) {
		printf(", which it is in: %s\n", fault->kind == BH_FAULT_DMA ?
		       fault_device_inside(fault, board) : "the region does not allow this access");
		return;
	}
	distance_format(fault->distance, distance);
	if (fault->place < fault->region_at)
		printf(", which begins %s above it\n", distance);
	else
		printf(", which ends %s below it\n", distance);
}

static void print_lines(const struct fault_advice *advice)
{
	const char *line;
	size_t size;

	printf("    if this was meant, add at the head of %s:\n", advice->where);
	for (line = advice->lines; *line; line += size + 1) {
		size = strcspn(line, "\n");
		printf("\t%.*s\n", (int)size, line);
	}
}

static void print_advice(const struct bh_fault *fault, const struct config_view *board)
{
	struct fault_advice advice;

	fault_advise(&advice, fault, board);
	if (advice.owner)
		printf("    this is %s: no setting allows it\n", advice.owner);
	if (advice.note)
		printf("    %s\n", advice.note);
	if (advice.where)
		print_lines(&advice);
	else if (advice.setting[0])
		printf("    if this was meant, %s %s\n", advice.is_change ? "set" : "add to",
		       advice.setting);
}

/* The text has the mnemonics of the decoder, which knows none without a memory operand. */
static void print_instruction(const struct bh_fault *fault)
{
	char name[INSTRUCTION_TEXT_MAX];

	instruction_name(fault, name);
	if (name[0])
		printf("    the instruction is %s\n", name);
}

static void print_qualification(const struct bh_fault *fault)
{
	char text[QUALIFICATION_TEXT_MAX];

	qualification_text(fault, text);
	printf(", qualification 0x%" PRIx64, fault->qualification);
	if (text[0])
		printf(" (%s)", text);
	putchar('\n');
}

/* Who it was, where a fault of a CPU has what it executed. */
static void print_device(const struct bh_fault *fault, const struct config_view *board)
{
	char name[FAULT_DEVICES_MAX];

	fault_device_name(fault, board, name);
	if (name[0])
		printf("    the device is %s of the board\n", name);
	printf("    TSC %" PRIu64 "\n", fault->tsc);
}

static void print_cpu(const struct bh_fault *fault)
{
	print_instruction(fault);
	printf("    TSC %" PRIu64 ", CR3 0x%" PRIx64 ", %u-bit code, privilege %u", fault->tsc,
	       fault->cr3, fault->mode, fault->cpl);
	if (fault->flags & BH_FAULT_HAS_LINEAR)
		printf(", linear address 0x%" PRIx64, fault->linear);
	print_qualification(fault);
}

static void print_fault(const struct bh_fault *fault, const struct config_view *board, double speed,
			uint64_t now)
{
	char text[FAULT_TEXT_MAX];

	fault_text(fault, text, sizeof(text));
	printf("fault %" PRIu64 ", ", fault->sequence);
	if (speed > 0 && now >= fault->tsc)
		printf("%.1f s ago, ", (double)(now - fault->tsc) / speed);
	printf("cell %u \"%s\": %s\n", fault->cell, fault_cell_name(fault), text);
	if (fault->kind == BH_FAULT_DMA)
		print_device(fault, board);
	else
		print_cpu(fault);
	print_region(fault, board);
	print_advice(fault, board);
}

void faults_print(const struct bh_fault *faults, size_t count, const struct config_view *board)
{
	double speed = count ? tsc_per_second() : 0;
	uint64_t now = __rdtsc();
	size_t i;

	for (i = 0; i < count; i++)
		print_fault(&faults[i], board, speed, now);
}

static struct json_object *access_json(uint32_t access)
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
		if (access & words[i].bit)
			json_append(list, json_object_new_string(words[i].word));
	return list;
}

static struct json_object *region_json(const struct bh_fault *fault,
				       const struct config_view *board)
{
	const char *name = fault_region_name(fault, board);
	struct json_object *region = json_record_new();

	json_set_number(region, "index", fault->region);
	if (name)
		json_set_text(region, "name", name);
	if (fault->region_size) {
		json_set_address(region, "at", fault->region_at);
		json_set_number(region, "size", fault->region_size);
		json_set(region, "access", access_json(fault->region_access));
		if (fault->kind == BH_FAULT_DMA)
			json_set_truth(region, "dma", fault->flags & BH_FAULT_REGION_DMA);
	}
	json_set_number(region, "distance", fault->distance);
	return region;
}

static void add_optional(struct json_object *object, const struct bh_fault *fault,
			 const struct config_view *board)
{
	struct fault_advice advice;

	fault_advise(&advice, fault, board);
	if (fault->flags & BH_FAULT_HAS_LINEAR)
		json_set_address(object, "linear", fault->linear);
	if (fault->flags & BH_FAULT_HAS_VALUE)
		json_set_address(object, "value", fault->value);
	if (fault->flags & BH_FAULT_HAS_REGION)
		json_set(object, "region", region_json(fault, board));
	if (advice.owner)
		json_set_text(object, "owner", advice.owner);
	if (advice.setting[0])
		json_set_text(object, "setting", advice.setting);
	if (advice.note)
		json_set_text(object, "note", advice.note);
}

static void add_instruction(struct json_object *object, const struct bh_fault *fault)
{
	char bytes[2 * sizeof(fault->bytes) + 1] = "";
	char name[EXIT_REASON_NAME_MAX], instruction[INSTRUCTION_TEXT_MAX];
	unsigned int count = instruction_text(fault, instruction);
	char qualification[QUALIFICATION_TEXT_MAX];
	size_t i;

	for (i = 0; i < count && i < sizeof(fault->bytes); i++)
		snprintf(bytes + 2 * i, sizeof(bytes) - 2 * i, "%02x", fault->bytes[i]);
	exit_reason_name(fault->backend, fault->exit_reason, name);
	qualification_text(fault, qualification);
	json_set_address(object, "rip", fault->rip);
	json_set_text(object, "bytes", bytes);
	json_set_text(object, "instruction", instruction);
	json_set_number(object, "mode", fault->mode);
	json_set_number(object, "privilege", fault->cpl);
	json_set_address(object, "cr3", fault->cr3);
	json_set_number(object, "exit_reason", fault->exit_reason);
	json_set_text(object, "exit_reason_name", name);
	json_set_text(object, "backend", backend_words(fault->backend)->name);
	json_set_address(object, "qualification", fault->qualification);
	if (qualification[0])
		json_set_text(object, "qualification_text", qualification);
}

/* A device has executed no instruction. */
static void add_device(struct json_object *object, const struct bh_fault *fault,
		       const struct config_view *board)
{
	const char *kind = iommu_kind_name(fault->backend);
	const char *words = iommu_reason_words(fault->backend, fault->exit_reason);
	char device[FAULT_DEVICE_MAX], name[FAULT_DEVICES_MAX];

	fault_device_text(fault, device, sizeof(device));
	fault_device_name(fault, board, name);
	json_set_text(object, "device", device);
	if (name[0])
		json_set_text(object, "device_name", name);
	if (kind)
		json_set_text(object, "iommu", kind);
	json_set_number(object, "reason", fault->exit_reason);
	if (words)
		json_set_text(object, "reason_text", words);
}

struct json_object *fault_json(const struct bh_fault *fault, const struct config_view *board)
{
	struct json_object *object = json_record_new();
	char text[FAULT_TEXT_MAX];

	json_set_number(object, "sequence", fault->sequence);
	json_set_number(object, "tsc", fault->tsc);
	json_set_text(object, "kind", fault_kind_name(fault->kind));
	json_set_number(object, "cell", fault->cell);
	json_set_text(object, "cell_name", fault_cell_name(fault));
	json_set_number(object, "cpu", fault->cpu);
	json_set(object, "access", access_json(fault->access));
	json_set_number(object, "size", fault->size);
	json_set_address(object, "place", fault->place);
	if (fault->kind == BH_FAULT_DMA)
		add_device(object, fault, board);
	else
		add_instruction(object, fault);
	add_optional(object, fault, board);
	json_set_truth(object, "stopped", fault->flags & BH_FAULT_STOPPED);
	fault_text(fault, text, sizeof(text));
	json_set_text(object, "text", text);
	return object;
}
