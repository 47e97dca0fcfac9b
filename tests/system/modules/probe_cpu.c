// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that are hard to take: one that does not go offline, and a frequency driver, as machines of
 * the lab have none, that tells what it was told.
 */
#include "probe.h"

#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/cpufreq.h>
#include <linux/cpuhotplug.h>
#include <linux/errno.h>
#include <linux/string.h>

#define NO_CPU        UINT_MAX
#define LOWEST_KHZ    1000000
#define HIGHEST_KHZ   2000000

static unsigned int held = NO_CPU;
static unsigned int barred = NO_CPU;
static int hold_state;

static bool speed_is_registered;
static unsigned int lower_limit[NR_CPUS];        /* of each policy, by its first CPU */
static unsigned int limit_when_offline[NR_CPUS]; /* what it was when the CPU went */
static int speed_state;
static unsigned int woken = NO_CPU; /* as soon as a limit falls */

static int keep_online(unsigned int cpu)
{
	return cpu == READ_ONCE(held) ? -EBUSY : 0;
}

static int keep_offline(unsigned int cpu)
{
	return cpu == READ_ONCE(barred) ? -EBUSY : 0;
}

int probe_hold(const u64 *numbers, unsigned int count)
{
	int state;

	WRITE_ONCE(held, numbers[0]);
	WRITE_ONCE(barred, count > 1 ? numbers[1] : NO_CPU);
	if (hold_state)
		return 0;
	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "bh_probe:hold", keep_offline,
					  keep_online);
	if (state < 0)
		return state;
	hold_state = state;
	return 0;
}

/* Two CPUs to a clock: the even one leads. */
static int speed_init(struct cpufreq_policy *policy)
{
	unsigned int leader = policy->cpu & ~1U;

	cpumask_clear(policy->cpus);
	cpumask_set_cpu(leader, policy->cpus);
	cpumask_set_cpu(leader + 1, policy->cpus);
	policy->cpuinfo.min_freq = LOWEST_KHZ;
	policy->cpuinfo.max_freq = HIGHEST_KHZ;
	policy->min = LOWEST_KHZ;
	policy->max = HIGHEST_KHZ;
	policy->policy = CPUFREQ_POLICY_POWERSAVE;
	return 0;
}

static int speed_verify(struct cpufreq_policy_data *policy)
{
	cpufreq_verify_within_cpu_limits(policy);
	return 0;
}

static int speed_setpolicy(struct cpufreq_policy *policy)
{
	unsigned int *limit = &lower_limit[policy->cpu & ~1U];
	bool falls = policy->min < *limit;
	unsigned int cpu = falls ? xchg(&woken, NO_CPU) : NO_CPU;

	*limit = policy->min;
	return cpu == NO_CPU ? 0 : add_cpu(cpu);
}

static struct cpufreq_driver speed_driver = {
	.name = "bh_probe",
	.init = speed_init,
	.verify = speed_verify,
	.setpolicy = speed_setpolicy,
};

static int note_offline(unsigned int cpu)
{
	limit_when_offline[cpu] = lower_limit[cpu & ~1U];
	return 0;
}

int probe_speed_start(const u64 *numbers, unsigned int count)
{
	int error;

	if (speed_is_registered)
		return -EBUSY;
	memset(limit_when_offline, 0, sizeof(limit_when_offline));
	error = cpufreq_register_driver(&speed_driver);
	if (error)
		return error;
	speed_is_registered = true;
	error = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "bh_probe:speed", NULL,
					  note_offline);
	speed_state = error > 0 ? error : 0;
	return error < 0 ? error : 0;
}

int probe_speed_stop(const u64 *numbers, unsigned int count)
{
	if (speed_state)
		cpuhp_remove_state_nocalls(speed_state);
	if (speed_is_registered)
		cpufreq_unregister_driver(&speed_driver);
	speed_is_registered = false;
	speed_state = 0;
	return 0;
}

int probe_speed_wakes(const u64 *numbers, unsigned int count)
{
	WRITE_ONCE(woken, numbers[0]);
	return 0;
}

int probe_speed(const u64 *numbers, unsigned int count)
{
	if (numbers[0] >= nr_cpu_ids)
		return -EINVAL;
	probe_say("limit %u offline %u", lower_limit[numbers[0] & ~1ULL],
		  limit_when_offline[numbers[0]]);
	return 0;
}

void probe_cpu_close(void)
{
	probe_speed_stop(NULL, 0);
	if (hold_state)
		cpuhp_remove_state_nocalls(hold_state);
}
