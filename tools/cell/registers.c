// SPDX-License-Identifier: GPL-2.0-only
/* Shows registers: see registers.h. */
#include "registers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/refuse.h"
#include "target.h"
#include "tools/device.h"
#include "tools/output.h"

#define GPRS_A_LINE 4

const char *const gpr_names[16] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

const char *const segment_names[8] = { "es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr" };

static bool check_state(const struct bh_cell_info *cell, struct bh_refusal *refusal)
{
	switch (cell->state) {
	case BH_CELL_SHUT_DOWN:
	case BH_CELL_FAILED:
		return true;
	case BH_CELL_RUNNING:
		return refuse(refusal, "cell \"%s\" runs: its registers can be seen when it was "
			      "shut down or has failed", cell->name);
	default:
		return refuse(refusal, "cell \"%s\" is %s: it has no registers to show until it "
			      "has run", cell->name, cell_state_name(cell->state));
	}
}

bool cell_registers_read(struct bh_registers **list, size_t *count,
			 const struct snapshot *snapshot, const struct bh_cell_info *cell,
			 int device, struct bh_refusal *refusal)
{
	uint32_t i;

	*list = NULL;
	*count = 0;
	if (!check_state(cell, refusal))
		return false;
	*list = must(calloc(snapshot->info.cpus + 1U, sizeof(**list)));
	for (i = 0; i < snapshot->info.cpus; i++) {
		if (snapshot->cpus[i].cell != cell->id)
			continue;
		if (!device_read_structure(device, BH_READ_REGISTERS, i, &(*list)[*count],
					   sizeof(**list), refusal))
			return false;
		++*count;
	}
	return true;
}

void registers_print(const struct bh_registers *registers)
{
	size_t i;

	printf("registers of CPU %u%s:\n", registers->cpu,
	       registers->waiting ? ", which was never started by its cell" : "");
	printf("  rip %016" PRIx64 "  rflags %08" PRIx64 "\n", registers->rip, registers->rflags);
	for (i = 0; i < BH_ARRAY_SIZE(gpr_names); i++)
		printf("  %-3s %016" PRIx64 "%s", gpr_names[i], registers->gprs[i],
		       i % GPRS_A_LINE == GPRS_A_LINE - 1 ? "\n" : "");
	printf("  cr0 %08" PRIx64 "  cr2 %016" PRIx64 "  cr3 %016" PRIx64 "  cr4 %08" PRIx64 "\n",
	       registers->cr0, registers->cr2, registers->cr3, registers->cr4);
	printf("  efer %08" PRIx64 "  dr7 %08" PRIx64 "\n", registers->efer, registers->dr7);
	for (i = 0; i < BH_ARRAY_SIZE(segment_names); i++) {
		const struct bh_segment *segment = &registers->segments[i];

		printf("  %-4s %04" PRIx64 "  base %016" PRIx64 "  limit %08x  rights %05x\n",
		       segment_names[i], segment->selector, segment->base, segment->limit,
		       segment->rights);
	}
	printf("  gdtr base %016" PRIx64 "  limit %04x\n", registers->gdtr_base,
	       registers->gdtr_limit);
	printf("  idtr base %016" PRIx64 "  limit %04x\n", registers->idtr_base,
	       registers->idtr_limit);
}

static struct json_object *segments_json(const struct bh_registers *registers)
{
	struct json_object *object = json_record_new();
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(segment_names); i++) {
		const struct bh_segment *segment = &registers->segments[i];
		struct json_object *one = json_record_new();

		json_set_address(one, "selector", segment->selector);
		json_set_address(one, "base", segment->base);
		json_set_address(one, "limit", segment->limit);
		json_set_address(one, "rights", segment->rights);
		json_set(object, segment_names[i], one);
	}
	return object;
}

struct json_object *registers_json(const struct bh_registers *registers)
{
	struct json_object *object = json_record_new();
	size_t i;

	json_set_number(object, "cpu", registers->cpu);
	json_set_truth(object, "waiting", registers->waiting);
	json_set_address(object, "rip", registers->rip);
	json_set_address(object, "rflags", registers->rflags);
	for (i = 0; i < BH_ARRAY_SIZE(gpr_names); i++)
		json_set_address(object, gpr_names[i], registers->gprs[i]);
	json_set_address(object, "cr0", registers->cr0);
	json_set_address(object, "cr2", registers->cr2);
	json_set_address(object, "cr3", registers->cr3);
	json_set_address(object, "cr4", registers->cr4);
	json_set_address(object, "efer", registers->efer);
	json_set_address(object, "dr7", registers->dr7);
	json_set(object, "segments", segments_json(registers));
	json_set_address(object, "gdtr_base", registers->gdtr_base);
	json_set_address(object, "gdtr_limit", registers->gdtr_limit);
	json_set_address(object, "idtr_base", registers->idtr_base);
	json_set_address(object, "idtr_limit", registers->idtr_limit);
	return object;
}
