/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test devices, left out: nothing fails on request.
 */
#include "core/test_devices.h"

#include <bulkhead/hypercall.h>

#include "model/refuse.h"

bool test_open(const struct bh_test *test, struct bh_refusal *refusal)
{
	if (test->stage == BH_TEST_NONE)
		return true;
	return refuse(
		refusal,
		"the board has a test setting, but this hypervisor was built without test devices");
}

bool test_fails(const struct cpu *cpu, enum bh_test_stage stage)
{
	(void)cpu;
	(void)stage;
	return false;
}

void test_delay(const struct cpu *cpu)
{
	(void)cpu;
}

void test_delay_kick(const struct cpu *target)
{
	(void)target;
}

bool test_ends_creation(const struct cell *cell, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	return false;
}

bool test_hides_start(const struct cpu *cpu, struct bh_refusal *refusal)
{
	(void)cpu;
	(void)refusal;
	return false;
}

int64_t test_panic(uint64_t what)
{
	(void)what;
	return BH_ERROR_NUMBER;
}
