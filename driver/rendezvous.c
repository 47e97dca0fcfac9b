// SPDX-License-Identifier: GPL-2.0-only
/*
 * The step over and the way back, of all CPUs at once: inside stop_machine(), where every online
 * CPU is here with interrupts off and none can come or go, so that Linux sees one instant.
 *
 * A CPU that does not come back from the hypervisor is lost to Linux, and so is Linux, which waits
 * for it with interrupts off. A wait that lasts too long therefore ends in a panic that says so.
 */
#include "rendezvous.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>
#include <asm/tsc.h>

#include "hypercall.h"
#include "model/refuse.h"

#define PATIENCE_SECONDS 30
#define GUESSED_TSC_KHZ  1000000 /* where Linux could not tell */

struct rendezvous {
	struct bridge *bridge;
	struct bh_refusal *refusal;
	bool all_here;       /* the online CPUs are the bridge's */
	atomic_t arrived;    /* CPUs that stepped over or were refused */
	atomic_t evicted;    /* 1 when those that Linux holds offline have left */
	atomic_t failed;     /* CPUs that were refused */
};

static void wait_until(const atomic_t *counter, int value, const char *what)
{
	u64 patience = (u64)(tsc_khz ?: GUESSED_TSC_KHZ) * 1000 * PATIENCE_SECONDS;
	u64 start = rdtsc_ordered();

	while (atomic_read(counter) < value) {
		if (rdtsc_ordered() - start > patience)
			panic("bulkhead: a CPU did not come back from the hypervisor (%s)\n", what);
		cpu_relax();
	}
	smp_rmb(); /* what the others wrote before they counted */
}

static bool online_cpus_are(const struct bridge *bridge)
{
	unsigned int i;

	if (num_online_cpus() != bridge->cpu_count)
		return false;
	for (i = 0; i < bridge->cpu_count; i++)
		if (!cpu_online(bridge->cpus[i]))
			return false;
	return true;
}

/* The calling CPU goes back to bare metal: it is there when the call returns, or was already. */
static void leave(struct rendezvous *all, unsigned int index)
{
	long result = hypercall(BH_HYPERCALL_LEAVE, 0, 0, 0);

	if (result == 0 || result == HYPERCALL_NOBODY)
		all->bridge->inside[index] = false;
	else
		atomic_inc(&all->failed);
}

static void enter(struct rendezvous *all, unsigned int index)
{
	struct bh_bridge *page = &all->bridge->pages[index];

	if (bridge_cross(page)) {
		all->bridge->inside[index] = true;
	} else {
		page->result = 1;
		atomic_inc(&all->failed);
	}
}

/*
 * The first CPU goes alone: it brings up what all share. If it is refused nobody follows; if
 * another is, those inside leave, when all are through.
 */
static int enter_together(void *data)
{
	struct rendezvous *all = data;
	struct bridge *bridge = all->bridge;
	int index = bridge_index(bridge, smp_processor_id());

	if (!online_cpus_are(bridge))
		return -EAGAIN;
	all->all_here = true;
	if (index > 0)
		wait_until(&all->arrived, 1, "the first to enter");
	if (index == 0 || bridge->inside[0])
		enter(all, index);
	smp_mb__before_atomic();
	atomic_inc(&all->arrived);
	wait_until(&all->arrived, bridge->cpu_count, "to enter");
	if (atomic_read(&all->failed) == 0)
		bridge->up = true;
	else if (bridge->inside[index])
		leave(all, index);
	bridge_deliver(&bridge->pages[index]);
	return 0;
}

/* Which of them refused first by index, and that none is left inside. */
static bool refuse_entry(const struct bridge *bridge, struct bh_refusal *refusal)
{
	unsigned int i;

	for (i = 0; i < bridge->cpu_count; i++)
		if (bridge->inside[i])
			panic("bulkhead: CPU %u could not leave the hypervisor again\n",
			      bridge->cpus[i]);
	for (i = 0; i < bridge->cpu_count; i++)
		if (bridge->pages[i].result != 0)
			break;
	bridge->pages[i].refusal.text[BH_REFUSAL_TEXT - 1] = 0;
	return refuse(refusal, "CPU %u: %s", bridge->cpus[i], bridge->pages[i].refusal.text);
}

bool rendezvous_enter(struct bridge *bridge, struct bh_refusal *refusal)
{
	struct rendezvous all = { .bridge = bridge };

	stop_machine(enter_together, &all, cpu_online_mask);
	if (!all.all_here)
		return refuse(refusal, "a CPU went online or offline meanwhile: try again");
	if (atomic_read(&all.failed) != 0)
		return refuse_entry(bridge, refusal);
	return true;
}

/* Linux runs nothing on them: another CPU asks for them. */
static void evict_offline(struct rendezvous *all)
{
	struct bridge *bridge = all->bridge;
	unsigned int i;
	long result;

	for (i = 0; i < bridge->cpu_count; i++) {
		if (!bridge->inside[i] || cpu_online(bridge->cpus[i]))
			continue;
		result = hypercall(BH_HYPERCALL_EVICT, i, 0, 0);
		if (result != 0) {
			refuse(all->refusal, "offline CPU %u does not leave the hypervisor: %s",
			       bridge->cpus[i], hypercall_error_text(result));
			atomic_inc(&all->failed);
			return;
		}
		bridge->inside[i] = false;
	}
}

static int leave_together(void *data)
{
	struct rendezvous *all = data;
	struct bridge *bridge = all->bridge;
	unsigned int cpu = smp_processor_id();
	int index = bridge_index(bridge, cpu);

	if (cpu == cpumask_first(cpu_online_mask)) {
		evict_offline(all);
		smp_mb__before_atomic();
		atomic_inc(&all->evicted);
	}
	wait_until(&all->evicted, 1, "offline ones");
	if (all->refusal->text[0] || index < 0 || !bridge->inside[index])
		return 0;
	bridge->up = false;
	leave(all, index);
	bridge_deliver(&bridge->pages[index]);
	return 0;
}

bool rendezvous_leave(struct bridge *bridge, struct bh_refusal *refusal)
{
	struct rendezvous all = { .bridge = bridge, .refusal = refusal };
	unsigned int i;

	refusal->text[0] = 0;
	stop_machine(leave_together, &all, cpu_online_mask);
	if (atomic_read(&all.failed) == 0)
		return true;
	for (i = 0; i < bridge->cpu_count; i++)
		if (bridge->inside[i] && !refusal->text[0])
			refuse(refusal, "CPU %u did not leave the hypervisor: reboot",
			       bridge->cpus[i]);
	return false;
}
