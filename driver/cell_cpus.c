// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hands CPUs over by Linux's own hotplug. A CPU that was offline already is left so when it comes
 * back.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "cell_cpus.h"

#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#include "model/refuse.h"
#include "speed.h"

/* Of all cells; read where a CPU is about to go online. */
static struct cpumask owned;

bool cell_cpus_have(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &owned);
}

static bool has_cpu(const struct bh_cell *cell, unsigned int cpu)
{
	return cpu < BH_MAX_CPUS && (cell->cpus[cpu / 64] >> (cpu % 64) & 1);
}

static const char *error_text(int error)
{
	switch (error) {
	case -EBUSY:
		return "something in Linux needs it, or hotplug is switched off for now";
	case -EPERM:
		return "Linux never takes it offline";
	default:
		return "hotplug failed";
	}
}

static int take(struct cell_cpus *cpus, unsigned int cpu, struct bh_refusal *refusal)
{
	int error;

	if (!cpu_online(cpu))
		return 0;
	speed_raise(cpu);
	error = remove_cpu(cpu);
	if (error)
		speed_restore(cpu);
	/* Somebody else was faster. */
	if (error > 0)
		return 0;
	if (error) {
		refuse(refusal, "Linux does not let go of CPU %u: %s (error %d); see its log", cpu,
		       error_text(error), -error);
		return error;
	}
	cpumask_set_cpu(cpu, &cpus->taken);
	return 0;
}

bool cell_cpus_return(struct cell_cpus *cpus, struct bh_refusal *refusal)
{
	bool all = true;
	unsigned int cpu;

	cpumask_andnot(&owned, &owned, &cpus->all);
	for_each_cpu(cpu, &cpus->taken) {
		int error = add_cpu(cpu);

		speed_restore(cpu);
		/* More than 0: it was there already. */
		if (error >= 0)
			continue;
		pr_err("CPU %u does not come back online: error %d\n", cpu, -error);
		if (all)
			refuse_also(refusal, "Linux does not bring CPU %u back online (error %d)",
				    cpu, -error);
		all = false;
	}
	return all;
}

int cell_cpus_take(struct cell_cpus *cpus, const struct bh_cell *cell, struct bh_refusal *refusal)
{
	unsigned int cpu;
	int error = 0;

	cpumask_clear(&cpus->all);
	cpumask_clear(&cpus->taken);
	for_each_possible_cpu(cpu)
		if (has_cpu(cell, cpu))
			cpumask_set_cpu(cpu, &cpus->all);
	cpumask_or(&owned, &owned, &cpus->all);
	/* Whoever asked before that whether a CPU may go online has brought it there now. */
	cpus_read_lock();
	cpus_read_unlock();
	for_each_cpu(cpu, &cpus->all) {
		error = take(cpus, cpu, refusal);
		if (error)
			break;
	}
	if (error)
		cell_cpus_return(cpus, refusal);
	return error;
}
