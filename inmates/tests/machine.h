/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that the attackers need bare, as they are, with no care taken: what comes of them is
 * what they want to see.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

#define MSR_APIC_BASE    0x1bu
#define APIC_BASE_X2APIC (1u << 10)
#define APIC_BASE_ENABLE (1u << 11)
#define MSR_X2APIC_FIRST 0x800u
#define MSR_X2APIC_EOI   0x80bu
#define MSR_X2APIC_ICR   0x830u
#define MSR_X2APIC_SELF  0x83fu
#define MSR_EFER         0xc0000080u

#define CR0_WP  (1u << 16)
#define CR4_DE  (1u << 3)
#define CR4_OSXSAVE (1u << 18)
#define RFLAGS_TF 0x100u
#define RFLAGS_IF 0x200u
#define RFLAGS_NT 0x4000u

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

/* Widths are 1, 2 and 4; of the port the processor sees 16 bits. */
static inline void port_write(uint32_t port, uint32_t width, uint32_t value)
{
	if (width == 1)
		__asm__ volatile("outb %b0, %w1" : : "a"(value), "d"(port));
	else if (width == 2)
		__asm__ volatile("outw %w0, %w1" : : "a"(value), "d"(port));
	else
		__asm__ volatile("outl %0, %w1" : : "a"(value), "d"(port));
}

static inline uint32_t port_read(uint32_t port, uint32_t width)
{
	uint32_t value = 0;

	if (width == 1)
		__asm__ volatile("inb %w1, %b0" : "+a"(value) : "d"(port));
	else if (width == 2)
		__asm__ volatile("inw %w1, %w0" : "+a"(value) : "d"(port));
	else
		__asm__ volatile("inl %w1, %0" : "+a"(value) : "d"(port));
	return value;
}

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* A register that MOV reads and writes: REGISTER(cr0) makes cr0_read() and cr0_write(). */
#define REGISTER(name)                                                          \
	static inline uint64_t name##_read(void)                                \
	{                                                                       \
		uint64_t value;                                                 \
										\
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value) : : "memory"); \
		return value;                                                   \
	}                                                                       \
										\
	static inline void name##_write(uint64_t value)                         \
	{                                                                       \
		__asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory"); \
	}

REGISTER(cr0)
REGISTER(cr2)
REGISTER(cr3)
REGISTER(cr4)
REGISTER(cr8)
REGISTER(dr0)
REGISTER(dr1)
REGISTER(dr2)
REGISTER(dr3)
REGISTER(dr6)
REGISTER(dr7)

static inline uint64_t rflags_read(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq\n\tpopq %0" : "=r"(flags) : : "memory");
	return flags;
}

static inline void page_forget(const volatile void *address)
{
	__asm__ volatile("invlpg %0" : : "m"(*(const volatile char *)address) : "memory");
}

static inline void interrupts_on(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void interrupts_off(void)
{
	__asm__ volatile("cli" : : : "memory");
}

#endif
