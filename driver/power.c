// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's comings and goings: the hypervisor goes down before a reboot, sleep is refused
 * while it is enabled (it would not survive it), and so is a CPU that it does not have: it would
 * run beside the hypervisor. CPU 0, which is told of events, looks for them as it comes back.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "power.h"

#include <linux/cpuhotplug.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "cell_cpus.h"
#include "enable.h"
#include "events.h"

static int cpu_prepare_state;
static int cpu_online_state;

static int on_reboot(struct notifier_block *block, unsigned long event, void *command)
{
	struct bh_refusal refusal = {};

	mutex_lock(&enable_mutex);
	if (hypervisor_is_enabled() && hypervisor_disable(true, &refusal))
		pr_err("not disabled before reboot: %s\n", refusal.text);
	mutex_unlock(&enable_mutex);
	return NOTIFY_DONE;
}

static int on_sleep(struct notifier_block *block, unsigned long event, void *unused)
{
	bool enabled;

	if (event != PM_SUSPEND_PREPARE && event != PM_HIBERNATION_PREPARE &&
	    event != PM_RESTORE_PREPARE)
		return NOTIFY_DONE;
	mutex_lock(&enable_mutex);
	enabled = hypervisor_is_enabled();
	mutex_unlock(&enable_mutex);
	if (!enabled)
		return NOTIFY_DONE;
	pr_err("%s refused: disable the hypervisor first\n",
	       event == PM_SUSPEND_PREPARE ? "suspend" : "hibernation");
	return notifier_from_errno(-EBUSY);
}

static int on_cpu_prepare(unsigned int cpu)
{
	if (cell_cpus_have(cpu))
		pr_err("CPU %u cannot go online: it is a cell's\n", cpu);
	else if (!hypervisor_allows_online(cpu))
		pr_err("CPU %u cannot go online: the enabled hypervisor's board file lacks it\n",
		       cpu);
	else
		return 0;
	return -EBUSY;
}

static int on_cpu_online(unsigned int cpu)
{
	if (cpu == 0)
		events_look();
	return 0;
}

static struct notifier_block reboot_notifier = { .notifier_call = on_reboot };
static struct notifier_block sleep_notifier = { .notifier_call = on_sleep };

int power_open(void)
{
	int error;

	error = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "bulkhead:prepare", on_cpu_prepare,
					  NULL);
	if (error < 0)
		return error;
	cpu_prepare_state = error;
	error = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "bulkhead:online", on_cpu_online,
					  NULL);
	if (error < 0)
		goto remove_prepare;
	cpu_online_state = error;
	error = register_reboot_notifier(&reboot_notifier);
	if (error)
		goto remove_online;
	error = register_pm_notifier(&sleep_notifier);
	if (error)
		goto unregister_reboot;
	return 0;

unregister_reboot:
	unregister_reboot_notifier(&reboot_notifier);
remove_online:
	cpuhp_remove_state_nocalls(cpu_online_state);
remove_prepare:
	cpuhp_remove_state_nocalls(cpu_prepare_state);
	return error;
}

void power_close(void)
{
	unregister_pm_notifier(&sleep_notifier);
	unregister_reboot_notifier(&reboot_notifier);
	cpuhp_remove_state_nocalls(cpu_online_state);
	cpuhp_remove_state_nocalls(cpu_prepare_state);
}
