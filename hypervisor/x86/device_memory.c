/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses go by RAX: configuration space in memory of some processors of AMD answers no other
 * register (BIOS and kernel developer's guide for family 10h, 2.11.1).
 */
#include "x86/device_memory.h"

#include "x86/window.h"

uint64_t device_memory_read(struct cpu *cpu, hpa_t at, uint32_t size)
{
	const volatile void *from = window_open_device(cpu, at);
	uint64_t value = 0;

	switch (size) {
	case 1:
		__asm__ volatile("movb (%1), %b0" : "+a"(value) : "r"(from) : "memory");
		break;
	case 2:
		__asm__ volatile("movw (%1), %w0" : "+a"(value) : "r"(from) : "memory");
		break;
	case 4:
		__asm__ volatile("movl (%1), %k0" : "+a"(value) : "r"(from) : "memory");
		break;
	default:
		__asm__ volatile("movq (%1), %0" : "+a"(value) : "r"(from) : "memory");
		break;
	}
	window_close(cpu);
	return value;
}

void device_memory_write(struct cpu *cpu, hpa_t at, uint32_t size, uint64_t value)
{
	volatile void *to = window_open_device(cpu, at);

	switch (size) {
	case 1:
		__asm__ volatile("movb %b0, (%1)" : : "a"(value), "r"(to) : "memory");
		break;
	case 2:
		__asm__ volatile("movw %w0, (%1)" : : "a"(value), "r"(to) : "memory");
		break;
	case 4:
		__asm__ volatile("movl %k0, (%1)" : : "a"(value), "r"(to) : "memory");
		break;
	default:
		__asm__ volatile("movq %0, (%1)" : : "a"(value), "r"(to) : "memory");
		break;
	}
	window_close(cpu);
}
