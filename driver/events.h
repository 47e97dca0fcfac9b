/* SPDX-License-Identifier: GPL-2.0-only */
/* What the hypervisor tells unasked, and who is woken by it. */
#ifndef DRIVER_EVENTS_H
#define DRIVER_EVENTS_H

#include <linux/device.h>
#include <linux/wait.h>

/* Woken by new fault records and by changed states of cells. */
extern struct wait_queue_head events_waiters;

/* While the driver is there: Linux waits when a handler of NMIs goes, so disable does not do it. */
int events_open(void);
void events_close(void);

/* Before the first CPU steps over; uevents are the device's. */
void events_begin(struct device *device);

/* The hypervisor is up: from here on it tells. */
void events_listen(void);

/* On CPU 0 as it comes online: what it was not told while it was offline. */
void events_look(void);

/* Sends what is due still, while the hypervisor is up. */
void events_flush(void);

/* When no CPU has the hypervisor any more. */
void events_end(void);

/* Counts up when cells come, go and change their states, and at enable and disable. */
unsigned int events_states(void);
void events_states_changed(void);

/* Until that count differs from `states`, or for so many jiffies; false if a signal came. */
bool events_wait(unsigned int states, unsigned long time);

#endif
