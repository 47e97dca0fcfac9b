/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control and debug registers, descriptor-table registers, segment selectors and CPUID, by the
 * names of the manual (SDM vol. 3, 2.4, 2.5 and 17.2).
 */
#ifndef X86_CONTROL_H
#define X86_CONTROL_H

#include <bulkhead/handover.h>
#include <bulkhead/types.h>

#define CR0_PE (1ULL << 0)
#define CR0_EM (1ULL << 2)
#define CR0_TS (1ULL << 3)
#define CR0_ET (1ULL << 4)
#define CR0_NE (1ULL << 5)
#define CR0_WP (1ULL << 16)
#define CR0_NW (1ULL << 29)
#define CR0_CD (1ULL << 30)
#define CR0_PG (1ULL << 31)

#define CR4_DE         (1ULL << 3)
#define CR4_PAE        (1ULL << 5)
#define CR4_MCE        (1ULL << 6)
#define CR4_PGE        (1ULL << 7)
#define CR4_PCE        (1ULL << 8)
#define CR4_LA57       (1ULL << 12)
#define CR4_VMXE       (1ULL << 13)
#define CR4_SMXE       (1ULL << 14)
#define CR4_PCIDE      (1ULL << 17)
#define CR4_OSXSAVE    (1ULL << 18)
#define CR4_CET        (1ULL << 23)

#define DR6_STEP  (1ULL << 14)
#define DR6_RESET 0xffff0ff0ULL

#define RFLAGS_FIXED (1ULL << 1)
#define RFLAGS_TF    (1ULL << 8)
#define RFLAGS_IF    (1ULL << 9)
#define RFLAGS_VM    (1ULL << 17)

#define EFER_SCE (1ULL << 0)
#define EFER_LME (1ULL << 8)
#define EFER_LMA (1ULL << 10)
#define EFER_NXE (1ULL << 11)
#define EFER_SVME (1ULL << 12)

#define DEFINE_CONTROL(name)                                                   \
	static inline uint64_t name##_read(void)                               \
	{                                                                      \
		uint64_t value;                                                \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value));         \
		return value;                                                  \
	}                                                                      \
	static inline void name##_write(uint64_t value)                        \
	{                                                                      \
		__asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory"); \
	}
DEFINE_CONTROL(cr0)
DEFINE_CONTROL(cr2)
DEFINE_CONTROL(cr3)
DEFINE_CONTROL(cr4)
DEFINE_CONTROL(dr6)
DEFINE_CONTROL(dr7)

#define DEFINE_SELECTOR(instruction, name)                                     \
	static inline uint16_t name##_read(void)                               \
	{                                                                      \
		uint16_t value;                                                \
		__asm__ volatile(instruction : "=r"(value));                   \
		return value;                                                  \
	}
DEFINE_SELECTOR("mov %%cs, %0", cs)
DEFINE_SELECTOR("mov %%ss, %0", ss)
DEFINE_SELECTOR("mov %%ds, %0", ds)
DEFINE_SELECTOR("mov %%es, %0", es)
DEFINE_SELECTOR("mov %%fs, %0", fs)
DEFINE_SELECTOR("mov %%gs, %0", gs)
DEFINE_SELECTOR("str %0", tr)
DEFINE_SELECTOR("sldt %0", ldtr)

static inline void control_load_gdt(const struct bh_descriptor_table *table)
{
	__asm__ volatile("lgdt %0" : : "m"(*table));
}

static inline void control_load_idt(const struct bh_descriptor_table *table)
{
	__asm__ volatile("lidt %0" : : "m"(*table));
}

static inline void control_load_tr(uint16_t selector)
{
	__asm__ volatile("ltr %0" : : "r"(selector));
}

/* CS by a far return, the data segments with nothing in FS and GS. */
static inline void control_load_segments(uint16_t cs, uint16_t ds)
{
	uint64_t scratch;

	__asm__ volatile("pushq %q1\n\tleaq 1f(%%rip), %0\n\tpushq %0\n\tlretq\n1:\n\t"
			 "movw %w2, %%ds\n\tmovw %w2, %%es\n\tmovw %w2, %%ss\n\t"
			 "movw %w3, %%fs\n\tmovw %w3, %%gs"
			 : "=&r"(scratch) : "r"((uint64_t)cs), "r"(ds), "r"(0) : "memory");
}

struct cpuid_registers {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid_registers cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_registers r;

	__asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline void invalidate_page(uint64_t address)
{
	__asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

#endif
