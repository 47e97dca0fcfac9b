/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that C has no words for: ports, MSRs, CPUID, the time-stamp counter, control
 * registers, interrupts on and off, and waiting. Each does what its instruction does, with no
 * check: what the cell may not do ends as its fault policy says. To survive that, see try.h.
 */
#ifndef INMATE_CPU_H
#define INMATE_CPU_H

#include <stdbool.h>
#include <stdint.h>

#define MSR_APIC_BASE    0x1bu
#define MSR_TSC_DEADLINE 0x6e0u
#define MSR_X2APIC       0x800u
#define MSR_GS_BASE      0xc0000101u

/* Ports: port_in8(), port_out8() and their like for 16 and 32 bits. */
#define INMATE_PORT(bits, suffix)                                                             \
	static inline uint##bits##_t port_in##bits(uint16_t port)                             \
	{                                                                                     \
		uint##bits##_t value;                                                         \
											      \
		__asm__ volatile("in" suffix " %w1, %0" : "=a"(value) : "Nd"(port) : "memory"); \
		return value;                                                                 \
	}                                                                                     \
											      \
	static inline void port_out##bits(uint16_t port, uint##bits##_t value)                \
	{                                                                                     \
		__asm__ volatile("out" suffix " %0, %w1" : : "a"(value), "Nd"(port) : "memory"); \
	}

INMATE_PORT(8, "b")
INMATE_PORT(16, "w")
INMATE_PORT(32, "l")
#undef INMATE_PORT

static inline uint64_t msr_read(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid value;

	__asm__ volatile("cpuid" : "=a"(value.eax), "=b"(value.ebx), "=c"(value.ecx),
			 "=d"(value.edx) : "a"(leaf), "c"(subleaf));
	return value;
}

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static inline uint64_t cr2_read(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr2, %0" : "=r"(value) : : "memory");
	return value;
}

static inline void interrupts_on(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void interrupts_off(void)
{
	__asm__ volatile("cli" : : : "memory");
}

/* For critical sections that may be entered with interrupts on or off. */
static inline bool interrupts_save(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq\n\tpopq %0\n\tcli" : "=r"(flags) : : "memory");
	return flags >> 9 & 1;
}

static inline void interrupts_restore(bool were_on)
{
	if (were_on)
		interrupts_on();
}

static inline void cpu_pause(void)
{
	__asm__ volatile("pause" : : : "memory");
}

/*
 * Waits for the next interrupt, with interrupts on. Call it with interrupts off, after seeing that
 * there is nothing to do: an interrupt that comes in between ends the wait at once. They are off
 * again when it returns.
 */
static inline void cpu_wait(void)
{
	__asm__ volatile("sti\n\thlt\n\tcli" : : : "memory");
}

/*
 * Takes the interrupts that are pending, with interrupts off around it. STI keeps them off for one
 * more instruction (SDM vol. 2B, STI), which must not be CLI.
 */
static inline void interrupts_take(void)
{
	__asm__ volatile("sti\n\tnop\n\tcli" : : : "memory");
}

#endif
