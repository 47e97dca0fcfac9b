/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Linux may not do while the hypervisor is enabled, and what it must not forget to undo; and
 * when it is not to be enabled.
 */
#ifndef DRIVER_POWER_H
#define DRIVER_POWER_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

int power_open(void);
void power_close(void);

/*
 * False, with words, from the notice that Linux will sleep until the end of it: Linux looks for who
 * is against it but once. With enable_mutex held.
 */
bool power_is_awake(struct bh_refusal *refusal);

#endif
