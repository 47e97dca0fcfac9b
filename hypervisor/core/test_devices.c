/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test devices, built in: failures as the board's test setting asks for them.
 */
#include "core/test_devices.h"

#include "core/cells.h"
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/log.h"
#include "model/refuse.h"

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

static void wait(uint32_t ms)
{
	uint64_t deadline = deadline_in_ms(ms);

	while (!deadline_is_over(deadline))
		__builtin_ia32_pause();
}

void test_delay(const struct cpu *cpu)
{
	static bool was_stranded;

	if (!(__atomic_load_n(&cpu->events, __ATOMIC_RELAXED) & CPU_EVENT_MOVE))
		return;
	/* Twice as long as who asks waits, who may be held up himself on a busy host. */
	if (test_fails(cpu, BH_TEST_DEAF))
		wait(2 * ANSWER_MS);
	if (was_stranded || !test_fails(cpu, BH_TEST_STRAND) || cpu->next_cell != &root_cell)
		return;
	was_stranded = true;
	/* Nor does it answer when it is asked once more at once. */
	wait(3 * ANSWER_MS);
}

#define SERVED_MS 20 /* Linux has most likely served the other by then: else both are one */

void test_delay_kick(const struct cpu *target)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	if (target == cpu_this() || !test_fails(target, BH_TEST_OVERTAKEN))
		return;
	while (__atomic_load_n(&target->kicked, __ATOMIC_SEQ_CST) && !deadline_is_over(deadline))
		__builtin_ia32_pause();
	if (!__atomic_load_n(&target->kicked, __ATOMIC_SEQ_CST))
		log_print("test: a kick of CPU %u was overtaken\n", target->linux_cpu);
	wait(SERVED_MS);
}

bool test_ends_creation(const struct cell *cell, struct bh_refusal *refusal)
{
	return test_fails(cpu_at(cell->first_cpu), BH_TEST_STRAND) &&
	       !refuse(refusal, "test: its creation ends here");
}

bool test_hides_start(const struct cpu *cpu, struct bh_refusal *refusal)
{
	if (!test_fails(cpu_this(), BH_TEST_BEGIN))
		return false;
	/* Long enough to come to something, on a busy host too. */
	wait(3 * ANSWER_MS);
	return !refuse(refusal, "CPU %u does not answer", cpu->linux_cpu);
}

#define TEST_TABLES_OF_IOMMU 8

/* The table of that number; 0 if there is none. */
static hpa_t find_table(uint64_t what)
{
	const struct cell *cell = cells_from(1);

	switch (what) {
	case 1:
		return root_cell.map.root;
	case 2:
		return root_cell.io_bitmaps[0];
	case 3:
		return cell ? cell->map.root : HPA(0);
	case 4:
		return cell ? cell->dma.root : HPA(0);
	default:
		return iommu_test_table(what - TEST_TABLES_OF_IOMMU);
	}
}

/* Page faults if, and only if, code is not writable (I7) and tables are sealed (I2). */
int64_t test_panic(uint64_t what)
{
	volatile uint8_t *target = (uint8_t *)HV_IMAGE;
	hpa_t table;

	if (what != 0) {
		table = find_table(what);
		if (table.v == 0)
			return BH_ERROR_ARGUMENT;
		target = hypervisor_pointer(table);
	}
	*target = 0;
	return 0;
}
