// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hands CPUs over by Linux's own hotplug. A CPU is taken at full performance, since what frequency
 * it has when it goes is what the cell gets where the processor has no hardware P-states; those,
 * and the energy bias, the hypervisor sets itself.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "cell_cpus.h"

#include <linux/cpu.h>
#include <linux/cpufreq.h>
#include <linux/kernel.h>
#include <linux/pm_qos.h>
#include <linux/printk.h>

#include "model/refuse.h"

/* Of all cells; also read where a CPU is about to go online. */
static struct cpumask owned;

bool cell_cpus_have(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &owned);
}

/* Offline with the policy's lower limit at its top, which ends with the CPU's own time in Linux. */
static int go_offline_fast(unsigned int cpu)
{
	struct cpufreq_policy *policy = cpufreq_cpu_get(cpu);
	struct freq_qos_request request = {};
	bool raised = false;
	int error;

	if (policy)
		raised = freq_qos_add_request(&policy->constraints, &request, FREQ_QOS_MIN,
					      policy->cpuinfo.max_freq) >= 0;
	error = remove_cpu(cpu);
	if (raised)
		freq_qos_remove_request(&request);
	if (policy)
		cpufreq_cpu_put(policy);
	return error;
}

static int take(struct cell_cpus *cpus, unsigned int cpu, struct bh_refusal *refusal)
{
	int error;

	if (!cpu_online(cpu))
		return 0;
	error = go_offline_fast(cpu);
	if (error) {
		refuse(refusal, "Linux does not let go of CPU %u (error %d): "
		       "echo 0 >/sys/devices/system/cpu/cpu%u/online tells more in the kernel's log",
		       cpu, -error, cpu);
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

		if (!error)
			continue;
		pr_err("CPU %u does not come back online: error %d\n", cpu, -error);
		if (all)
			refuse(refusal, "Linux does not bring CPU %u back online (error %d)", cpu,
			       -error);
		all = false;
	}
	cpumask_clear(&cpus->taken);
	return all;
}

static bool has_cpu(const struct bh_cell *cell, unsigned int cpu)
{
	return cpu < BH_MAX_CPUS && (cell->cpus[cpu / 64] >> (cpu % 64) & 1);
}

int cell_cpus_take(struct cell_cpus *cpus, const struct bh_cell *cell, struct bh_refusal *refusal)
{
	struct bh_refusal ignored;
	unsigned int cpu;
	int error = 0;

	cpumask_clear(&cpus->all);
	cpumask_clear(&cpus->taken);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (!has_cpu(cell, cpu))
			continue;
		if (!cpu_possible(cpu) || cell_cpus_have(cpu)) {
			refuse(refusal, cpu_possible(cpu) ? "CPU %u is another cell's" :
			       "there is no CPU %u", cpu);
			return -EBUSY;
		}
		cpumask_set_cpu(cpu, &cpus->all);
	}
	if (cpumask_subset(cpu_online_mask, &cpus->all)) {
		refuse(refusal, "the cell would take all of Linux's CPUs");
		return -EBUSY;
	}
	cpumask_or(&owned, &owned, &cpus->all);
	for_each_cpu(cpu, &cpus->all) {
		error = take(cpus, cpu, refusal);
		if (error)
			break;
	}
	if (error)
		cell_cpus_return(cpus, &ignored);
	return error;
}
