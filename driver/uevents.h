/* SPDX-License-Identifier: GPL-2.0-only */
/* Uevents about cells, for udev's rules. */
#ifndef DRIVER_UEVENTS_H
#define DRIVER_UEVENTS_H

#include <linux/device.h>

/* At enable: whatever was told before is another hypervisor's. */
void uevents_open(struct device *device);

/* Tells what is new since the last time. One caller at a time; sleeps; takes no lock. */
void uevents_send(void);

#endif
