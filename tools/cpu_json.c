// SPDX-License-Identifier: GPL-2.0-only
/* CPUs for programs: see cpu_json.h. */
#include "cpu_json.h"

#include "exit_reasons.h"
#include "output.h"

const char *cpu_state_name(const struct bh_cpu_info *cpu)
{
	switch (cpu->stopped) {
	case 0:
		return "runs";
	case 1:
		return "stopped";
	case 2:
		return "panicked";
	default:
		return "keeps x2APIC";
	}
}

struct json_object *cpu_json(const struct bh_cpu_info *cpu, uint32_t backend)
{
	struct json_object *object = json_record_new();
	struct json_object *reasons = json_record_new();
	uint32_t reason;

	for (reason = 0; reason < BH_EXIT_REASONS; reason++) {
		char name[EXIT_REASON_NAME_MAX];

		if (!cpu->by_reason[reason])
			continue;
		exit_counter_name(backend, reason, name);
		json_set_number(reasons, name, cpu->by_reason[reason]);
	}
	json_set_number(object, "cpu", cpu->cpu);
	json_set_number(object, "apic_id", cpu->apic_id);
	json_set_number(object, "cell", cpu->cell);
	json_set_number(object, "vpid", cpu->vpid);
	json_set_text(object, "mode", cpu->x2apic ? "x2apic" : "xapic");
	json_set_text(object, "state", cpu_state_name(cpu));
	json_set_address(object, "eptp", cpu->eptp);
	json_set_number(object, "exits", cpu->exits);
	json_set(object, "exits_by_reason", reasons);
	return object;
}
