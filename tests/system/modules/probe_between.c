// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes between the driver's steps, by probes of Linux's (kprobes) and its chain of those who
 * are told of a sleep: a cell ends just before it is asked or stopped, memory runs out as a
 * configuration is copied, and somebody refuses to sleep when the driver has been asked.
 */
#include "probe.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/suspend.h>

#include <bulkhead/comm.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/manage.h>

/* What a cell needs to end that agrees, on a busy host too. */
#define ENOUGH_MS 500

static struct {
	struct bh_request *request;
	u64 operation; /* 0: none */
} ahead;

static struct kretprobe no_memory;

/* In the driver's manage_simple(operation, ...): once. */
static int ask_first(struct kprobe *unused, struct pt_regs *registers)
{
	if (registers->di != ahead.operation)
		return 0;
	ahead.operation = 0;
	probe_vmcall(BH_HYPERCALL_MANAGE, virt_to_phys(ahead.request), 0, 0);
	mdelay(ENOUGH_MS);
	return 0;
}

static struct kprobe ask_probe = { .symbol_name = "bulkhead:manage_simple",
				   .pre_handler = ask_first };

static void end_ahead(void)
{
	if (!ahead.request)
		return;
	unregister_kprobe(&ask_probe);
	free_page((unsigned long)ahead.request);
	ahead.request = NULL;
	/* What Linux wrote there would be in the way of the next time. */
	ask_probe = (struct kprobe){ .symbol_name = ask_probe.symbol_name,
				     .pre_handler = ask_first };
}

int probe_ahead(const u64 *numbers, unsigned int count)
{
	int error;

	end_ahead();
	ahead.request = (void *)get_zeroed_page(GFP_KERNEL);
	if (!ahead.request)
		return -ENOMEM;
	ahead.request->operation = BH_CELL_ASK;
	ahead.request->cell = numbers[1];
	ahead.request->value = BH_COMM_SHUTDOWN;
	ahead.operation = numbers[0];
	error = register_kprobe(&ask_probe);
	if (error) {
		free_page((unsigned long)ahead.request);
		ahead.request = NULL;
	}
	return error;
}

static int give_no_memory(struct kretprobe_instance *unused, struct pt_regs *registers)
{
	registers->ax = (unsigned long)ERR_PTR(-ENOMEM);
	return 0;
}

static void end_no_memory(void)
{
	if (no_memory.handler)
		unregister_kretprobe(&no_memory);
	no_memory = (struct kretprobe){};
}

int probe_no_memory(const u64 *numbers, unsigned int count)
{
	int error;

	end_no_memory();
	if (!numbers[0])
		return 0;
	no_memory.handler = give_no_memory;
	no_memory.kp.symbol_name = "vmemdup_user";
	error = register_kretprobe(&no_memory);
	if (error)
		no_memory = (struct kretprobe){};
	return error;
}

static int refuse_to_sleep(struct notifier_block *block, unsigned long event, void *unused)
{
	return event == PM_SUSPEND_PREPARE ? notifier_from_errno(-EBUSY) : NOTIFY_DONE;
}

static struct notifier_block sleepless = { .notifier_call = refuse_to_sleep, .priority = -1 };
static bool is_sleepless;

int probe_sleepless(const u64 *numbers, unsigned int count)
{
	if (is_sleepless)
		unregister_pm_notifier(&sleepless);
	is_sleepless = false;
	if (!numbers[0])
		return 0;
	is_sleepless = true;
	return register_pm_notifier(&sleepless);
}

void probe_between_close(void)
{
	probe_sleepless(&(u64){ 0 }, 1);
	end_ahead();
	end_no_memory();
}
