/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What root is told without having asked: that there is a new fault record, or that a cell ended.
 */
#ifndef CORE_ROOT_EVENTS_H
#define CORE_ROOT_EVENTS_H

#include <bulkhead/hypercall.h>

/* Adds bits of enum bh_event, and sends an NMI where root has taken all that came before. */
void root_tell(uint32_t events);

/* Returns and forgets them. From the first time on root is sent NMIs. */
uint32_t root_take_events(void);

#endif
