// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's comings and goings: the hypervisor goes down before a reboot, sleep is refused
 * while it is enabled (it would not survive it), and so is a CPU that it does not have: it would
 * run beside the hypervisor. From the notice of a sleep until its end enable is refused instead.
 * CPU 0, which is told of events, looks for them as it comes back.
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
#include "model/refuse.h"

static int cpu_prepare_state;
static int cpu_online_state;

/*
 * Those that were announced and have no end yet; with enable_mutex held. While a program has
 * /dev/snapshot open there is one, and the machine may sleep in another way meanwhile.
 */
static unsigned int sleeps;

static int on_reboot(struct notifier_block *block, unsigned long event, void *command)
{
	struct bh_refusal refusal = {};

	mutex_lock(&enable_mutex);
	if (hypervisor_is_enabled() && hypervisor_disable(CELLS_END_IF_POSSIBLE, &refusal))
		pr_err("not disabled before reboot: %s\n", refusal.text);
	mutex_unlock(&enable_mutex);
	return NOTIFY_DONE;
}

/* The end of what is refused here is not told. */
static int begin_sleep(const char *name)
{
	if (hypervisor_is_enabled()) {
		pr_err("%s refused: disable the hypervisor first\n", name);
		return notifier_from_errno(-EBUSY);
	}
	sleeps++;
	return NOTIFY_DONE;
}

/* It may have begun before the driver was loaded. */
static void end_sleep(void)
{
	if (sleeps)
		sleeps--;
}

static int on_sleep(struct notifier_block *block, unsigned long event, void *unused)
{
	int result = NOTIFY_DONE;

	mutex_lock(&enable_mutex);
	switch (event) {
	case PM_SUSPEND_PREPARE:
		result = begin_sleep("suspend");
		break;
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		result = begin_sleep("hibernation");
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		end_sleep();
		break;
	}
	mutex_unlock(&enable_mutex);
	return result;
}

bool power_is_awake(struct bh_refusal *refusal)
{
	return sleeps == 0 || refuse(refusal, "Linux is about to sleep: try again afterwards");
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
