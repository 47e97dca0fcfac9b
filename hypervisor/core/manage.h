/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Management calls of root: the table of operations, see include/bulkhead/manage.h. Each operation
 * is in a file named after what it does to a cell.
 */
#ifndef CORE_MANAGE_H
#define CORE_MANAGE_H

#include <bulkhead/manage.h>

#include "core/cell.h"
#include "core/cpu.h"

/* The hypercall: enum bh_manage_result or bh_hypercall_error. */
int64_t manage(struct cpu *cpu, uint64_t page);

/*
 * An operation; `cell` is the one that the request names, null for CREATE. `request` is a copy.
 * Refusals go into request->refusal with BH_ERROR_REFUSED.
 */
typedef int64_t (*manage_operation)(struct cpu *cpu, struct cell *cell,
				    struct bh_request *request);

/* cell_create.c, cell_end.c, cell_scrub.c */
int64_t manage_create(struct cpu *cpu, struct cell *cell, struct bh_request *request);
int64_t manage_destroy(struct cpu *cpu, struct cell *cell, struct bh_request *request);
int64_t manage_continue(struct cpu *cpu, struct cell *cell, struct bh_request *request);

/* cell_memory.c */
int64_t manage_load(struct cpu *cpu, struct cell *cell, struct bh_request *request);
int64_t manage_memory(struct cpu *cpu, struct cell *cell, struct bh_request *request);

/* cell_run.c */
int64_t manage_entry(struct cpu *cpu, struct cell *cell, struct bh_request *request);
int64_t manage_start(struct cpu *cpu, struct cell *cell, struct bh_request *request);
int64_t manage_ask(struct cpu *cpu, struct cell *cell, struct bh_request *request);
int64_t manage_stop(struct cpu *cpu, struct cell *cell, struct bh_request *request);

/* In the words of people: "is running". */
const char *cell_state_text(uint32_t state);

/*
 * A refusal about a cell, which begins with its name, as the result of an operation. A macro, so
 * that the compiler checks the format.
 */
#define manage_refuse(request, ...) \
	(refuse(&(request)->refusal, __VA_ARGS__), (int64_t)BH_ERROR_REFUSED)

#endif
