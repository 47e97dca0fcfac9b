/* SPDX-License-Identifier: GPL-2.0-only */
/* What Linux may not do while the hypervisor is enabled, and what it must not forget to undo. */
#ifndef DRIVER_POWER_H
#define DRIVER_POWER_H

int power_open(void);
void power_close(void);

#endif
