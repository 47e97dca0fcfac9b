/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of devices in memory, through a window: one access of exactly that width each.
 */
#ifndef X86_DEVICE_MEMORY_H
#define X86_DEVICE_MEMORY_H

#include "core/cpu.h"
#include "model/address.h"

/* 1, 2, 4 or 8 bytes. All windows of the CPU are closed afterwards. */
uint64_t device_memory_read(struct cpu *cpu, hpa_t at, uint32_t size);
void device_memory_write(struct cpu *cpu, hpa_t at, uint32_t size, uint64_t value);

#endif
