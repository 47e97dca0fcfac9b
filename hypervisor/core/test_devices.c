/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test devices, built in: failures as the board's test setting asks for them.
 */
#include "core/test_devices.h"

#include "core/log.h"

static struct bh_test wish;

bool test_open(const struct bh_test *test, struct bh_refusal *refusal)
{
	(void)refusal;
	wish = *test;
	if (wish.stage != BH_TEST_NONE)
		log_print("test: CPU %u is to fail at stage %u\n", wish.cpu, wish.stage);
	return true;
}

bool test_fails(const struct cpu *cpu, enum bh_test_stage stage)
{
	return wish.stage == stage && wish.cpu == cpu->linux_cpu;
}

/* A write to the hypervisor's own code: a page fault if, and only if, code is not writable (I7). */
int64_t test_panic(void)
{
	*(volatile uint8_t *)HV_IMAGE = 0;
	return 0;
}
