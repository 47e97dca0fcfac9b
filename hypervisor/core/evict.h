/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sends another CPU back to bare metal: one that Linux holds offline and cannot run code on.
 */
#ifndef CORE_EVICT_H
#define CORE_EVICT_H

#include "core/cpu.h"

/* 0, or enum bh_hypercall_error. */
int64_t evict_cpu(struct cpu *caller, uint64_t index);

#endif
