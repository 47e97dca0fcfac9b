// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs at full speed: a CPU that Linux gives away keeps the frequency that it has then, and where
 * several share a clock, the others must not slow it down later. So the lower limit of the policy
 * goes up to its top while a cell has the CPU. Hardware P-states and the energy bias, which Linux
 * lowers as it lets go of a CPU, are the hypervisor's to set.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "speed.h"

#include <linux/cpufreq.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/pm_qos.h>
#include <linux/printk.h>

struct speed {
	struct cpufreq_policy *policy; /* whose limit is raised; null if none is */
	struct freq_qos_request request;
};

static DEFINE_PER_CPU(struct speed, speeds);
static DEFINE_MUTEX(speed_mutex);

static void withdraw(struct speed *speed)
{
	if (speed->policy)
		freq_qos_remove_request(&speed->request);
	speed->policy = NULL;
}

/* A policy goes with its driver, and its limits with it. */
static int on_policy(struct notifier_block *block, unsigned long event, void *policy)
{
	unsigned int cpu;

	if (event != CPUFREQ_REMOVE_POLICY)
		return NOTIFY_DONE;
	mutex_lock(&speed_mutex);
	for_each_possible_cpu(cpu)
		if (per_cpu(speeds, cpu).policy == policy)
			withdraw(per_cpu_ptr(&speeds, cpu));
	mutex_unlock(&speed_mutex);
	return NOTIFY_OK;
}

static struct notifier_block policy_notifier = { .notifier_call = on_policy };

/* Refused where frequency scaling is switched off for good; then no CPU has a policy either. */
void speed_open(void)
{
	cpufreq_register_notifier(&policy_notifier, CPUFREQ_POLICY_NOTIFIER);
}

void speed_close(void)
{
	cpufreq_unregister_notifier(&policy_notifier, CPUFREQ_POLICY_NOTIFIER);
}

static void request_top(struct speed *speed, struct cpufreq_policy *policy, unsigned int cpu)
{
	int error = freq_qos_add_request(&policy->constraints, &speed->request, FREQ_QOS_MIN,
					 policy->cpuinfo.max_freq);

	if (error < 0)
		pr_warn("CPU %u keeps the frequency that it has: error %d\n", cpu, -error);
	else
		speed->policy = policy;
}

void speed_raise(unsigned int cpu)
{
	struct speed *speed = per_cpu_ptr(&speeds, cpu);
	struct cpufreq_policy *policy = cpufreq_cpu_get(cpu);

	if (!policy)
		return;
	mutex_lock(&speed_mutex);
	if (!speed->policy)
		request_top(speed, policy, cpu);
	mutex_unlock(&speed_mutex);
	cpufreq_cpu_put(policy);
	/* At once: the request alone would take effect some time later. */
	cpufreq_update_policy(cpu);
}

void speed_restore(unsigned int cpu)
{
	mutex_lock(&speed_mutex);
	withdraw(per_cpu_ptr(&speeds, cpu));
	mutex_unlock(&speed_mutex);
	cpufreq_update_policy(cpu);
}
