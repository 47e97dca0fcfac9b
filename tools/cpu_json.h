/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU as an object for programs, and the word for its state. */
#ifndef TOOLS_CPU_JSON_H
#define TOOLS_CPU_JSON_H

#include <bulkhead/hypercall.h>
#include <json-c/json.h>

const char *cpu_state_name(const struct bh_cpu_info *cpu);
struct json_object *cpu_json(const struct bh_cpu_info *cpu, uint32_t backend);

#endif
