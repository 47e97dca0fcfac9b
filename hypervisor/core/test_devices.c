/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test devices, built in: failures as the board's test setting asks for them.
 */
#include "core/test_devices.h"

#include "core/cells.h"
#include "core/cpu_messages.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "x86/control.h"

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

void test_delay(const struct cpu *cpu)
{
	uint64_t began = tsc_read();

	if (!test_fails(cpu, BH_TEST_DEAF) ||
	    !(__atomic_load_n(&cpu->events, __ATOMIC_RELAXED) & CPU_EVENT_MOVE))
		return;
	/* Twice as long as who asks waits, who may be held up himself on a busy host. */
	while (tsc_read() - began < 2 * patience())
		__builtin_ia32_pause();
}

/* Page faults if, and only if, code is not writable (I7) and maps are sealed (I2). */
int64_t test_panic(uint64_t what)
{
	const struct cell *cell = cells_from(1);
	volatile uint8_t *target = (uint8_t *)HV_IMAGE;

	switch (what) {
	case 0:
		break;
	case 1:
		target = hypervisor_pointer(root_cell.map.root);
		break;
	case 2:
		target = hypervisor_pointer(root_cell.io_bitmaps[0]);
		break;
	default:
		if (!cell)
			return BH_ERROR_ARGUMENT;
		target = hypervisor_pointer(cell->map.root);
		break;
	}
	*target = 0;
	return 0;
}
