/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/devices/bulkhead */
#ifndef DRIVER_SYSFS_H
#define DRIVER_SYSFS_H

int sysfs_open(void);
void sysfs_close(void);

#endif
