/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failures on request, for the test suite. A build without test devices refuses a board that asks
 * for one, and its functions below never fail anything.
 */
#ifndef CORE_TEST_DEVICES_H
#define CORE_TEST_DEVICES_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "core/cpu.h"

/* Takes the board's wish. */
bool test_open(const struct bh_test *test, struct bh_refusal *refusal);

/* Is this CPU to fail at this stage? */
bool test_fails(const struct cpu *cpu, enum bh_test_stage stage);

/*
 * Before a CPU takes its messages: one that is deaf takes a move later than anyone waits for it,
 * one that is stranded its first one back to root.
 */
void test_delay(const struct cpu *cpu);

/* Before a kick is sent to that CPU: if it is to be overtaken, until it was, or for a while. */
void test_delay_kick(const struct cpu *target);

/* With the cell's CPUs taken: true, with a refusal, if it is not to be created. */
bool test_ends_creation(const struct cell *cell, struct bh_refusal *refusal);

/*
 * After a cell's first CPU has begun to run: true, with a refusal, if who asks is to take it for
 * one that does not answer. The cell has run for some seconds by then.
 */
bool test_hides_start(const struct cpu *cpu, struct bh_refusal *refusal);

/*
 * The hypercall that brings about a fault inside the hypervisor: 0 a write to its own code, 1 to
 * root's map, 2 to a bitmap, 3 to the map of the first other cell, 4 to that of its devices; from
 * 8 on to tables of the first IOMMU (core/iommu.h). Returns where it is not to be.
 */
int64_t test_panic(uint64_t what);

#endif
