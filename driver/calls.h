/* SPDX-License-Identifier: GPL-2.0-only */
/* The device's calls, see include/bulkhead/ioctl.h. */
#ifndef DRIVER_CALLS_H
#define DRIVER_CALLS_H

#include <linux/device.h>

#include "reader.h"

/* An open file of the device. */
struct caller {
	struct device *device;
	struct reader reader;
};

/* `address` is the argument's in user memory. 0 or a negative errno. */
long calls_run(struct caller *caller, unsigned int number, unsigned long address);

#endif
