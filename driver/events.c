// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events. The hypervisor sends an NMI to CPU 0, and the handler asks it what is up. An NMI handler
 * may do nothing else, so the news go on by irq_work, which wakes whoever waits, to a work item,
 * which sends uevents (uevents.c).
 *
 * Nothing here takes a lock or waits for a CPU: a panic of Linux is not held up by it.
 */
#include "events.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/smp.h>
#include <linux/workqueue.h>
#include <asm/nmi.h>

#include "enable.h"
#include "hypercall.h"
#include "uevents.h"

#define HANDLER_NAME "bulkhead"

/* Cells that fault all the time make no more than so many rounds of uevents a second. */
#define ROUNDS_PER_SECOND 10

DECLARE_WAIT_QUEUE_HEAD(events_waiters);
static atomic_t states = ATOMIC_INIT(0);
static atomic_t pending = ATOMIC_INIT(0); /* bits of enum bh_event, not passed on yet */
static unsigned long last_round;

static void send_uevents(struct work_struct *work)
{
	WRITE_ONCE(last_round, jiffies);
	uevents_send();
}
static DECLARE_DELAYED_WORK(uevents, send_uevents);

static void schedule_uevents(void)
{
	unsigned long next = READ_ONCE(last_round) + HZ / ROUNDS_PER_SECOND;
	unsigned long now = jiffies;

	schedule_delayed_work(&uevents, time_before(now, next) ? next - now : 0);
}

static void pass_on(struct irq_work *work)
{
	if (atomic_xchg(&pending, 0) & BH_EVENT_STATE)
		atomic_inc(&states);
	wake_up_interruptible(&events_waiters);
	schedule_uevents();
}
static DEFINE_IRQ_WORK(news, pass_on);

enum answer {
	NOTHING,
	MAY_BE_ITS_OWN, /* an NMI that came late: there are no news */
	NEWS,
};

static enum answer take_events(void)
{
	long bits = hypercall(BH_HYPERCALL_EVENTS, 0, 0, 0);

	if (bits <= 0)
		return NOTHING;
	if (bits == BH_EVENT_NMI)
		return MAY_BE_ITS_OWN;
	atomic_or(bits, &pending);
	irq_work_queue(&news);
	return NEWS;
}

static enum answer ask(void)
{
	return raw_smp_processor_id() == 0 && hypervisor_is_up() ? take_events() : NOTHING;
}

static int on_nmi(unsigned int type, struct pt_regs *registers)
{
	return ask() == NEWS ? NMI_HANDLED : NMI_DONE;
}

/* Only now: all who can tell that an NMI was theirs have looked, and the chipset was asked. */
static int on_unknown_nmi(unsigned int type, struct pt_regs *registers)
{
	return ask() == NOTHING ? NMI_DONE : NMI_HANDLED;
}

/* An offline CPU takes no NMI, and until the news are taken the hypervisor sends no other. */
void events_look(void)
{
	if (hypervisor_is_up())
		take_events();
}

int events_open(void)
{
	int error = register_nmi_handler(NMI_LOCAL, on_nmi, 0, HANDLER_NAME);

	if (error)
		return error;
	error = register_nmi_handler(NMI_UNKNOWN, on_unknown_nmi, 0, HANDLER_NAME);
	if (error)
		unregister_nmi_handler(NMI_LOCAL, HANDLER_NAME);
	return error;
}

void events_close(void)
{
	unregister_nmi_handler(NMI_UNKNOWN, HANDLER_NAME);
	unregister_nmi_handler(NMI_LOCAL, HANDLER_NAME);
}

void events_begin(struct device *device)
{
	atomic_set(&pending, 0);
	last_round = jiffies - HZ;
	uevents_open(device);
}

void events_listen(void)
{
	take_events();
	events_states_changed();
}

void events_flush(void)
{
	irq_work_sync(&news);
	flush_delayed_work(&uevents);
}

void events_end(void)
{
	irq_work_sync(&news);
	cancel_delayed_work_sync(&uevents);
	atomic_inc(&states);
	wake_up_interruptible(&events_waiters);
}

unsigned int events_states(void)
{
	return atomic_read(&states);
}

void events_states_changed(void)
{
	atomic_inc(&states);
	wake_up_interruptible(&events_waiters);
	schedule_uevents();
}

bool events_wait(unsigned int before, unsigned long time)
{
	return wait_event_interruptible_timeout(events_waiters, events_states() != before,
						time) >= 0;
}
