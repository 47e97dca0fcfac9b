/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What root is told without having asked: that there is a new fault record, or that a cell ended.
 */
#ifndef CORE_ROOT_EVENTS_H
#define CORE_ROOT_EVENTS_H

#include <bulkhead/hypercall.h>
#include <bulkhead/types.h>

/*
 * Around the handling of what Linux's CPU 0 was or is sent an NMI for. If there was something, the
 * NMI may arrive at Linux without it, in a while: until then Linux is told that it may be that one.
 */
void root_nmis_begin(void);
void root_nmis_end(bool any);

/* Adds bits of enum bh_event, and sends an NMI where root has taken all that came before. */
void root_tell(uint32_t events);

/*
 * Returns and forgets them; BH_EVENT_NMI if there are none, and an NMI may be the hypervisor's own.
 * From the first time on root is sent NMIs.
 */
uint32_t root_take_events(void);

#endif
