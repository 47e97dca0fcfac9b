/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model-specific registers: numbers by the manual's names (SDM vol. 4), reading and writing. The
 * guarded forms survive a register that the processor does not have.
 */
#ifndef X86_MSR_H
#define X86_MSR_H

#include <bulkhead/types.h>

#define MSR_APIC_BASE       0x1b
#define MSR_FEATURE_CONTROL 0x3a
#define MSR_TSC_ADJUST      0x3b
#define MSR_SPEC_CTRL       0x48
#define MSR_PRED_CMD        0x49
#define MSR_FLUSH_CMD       0x10b
#define MSR_SYSENTER_CS     0x174
#define MSR_SYSENTER_ESP    0x175
#define MSR_SYSENTER_EIP    0x176
#define MSR_DEBUGCTL        0x1d9
#define MSR_PAT             0x277
#define MSR_S_CET           0x6a2
#define MSR_ISST            0x6a8
#define MSR_X2APIC_ID       0x802
#define MSR_X2APIC_ICR      0x830
#define MSR_EFER            0xc0000080
#define MSR_STAR            0xc0000081
#define MSR_LSTAR           0xc0000082
#define MSR_CSTAR           0xc0000083
#define MSR_SFMASK          0xc0000084
#define MSR_FS_BASE         0xc0000100
#define MSR_GS_BASE         0xc0000101
#define MSR_KERNEL_GS_BASE  0xc0000102
#define MSR_VM_HSAVE_PA     0xc0010117

#define APIC_BASE_X2APIC (1ULL << 10)
#define APIC_BASE_ENABLE (1ULL << 11)

#define DEBUGCTL_LBR (1ULL << 0)
#define DEBUGCTL_BTF (1ULL << 1)

#define PRED_CMD_IBPB (1ULL << 0)
#define FLUSH_CMD_L1D (1ULL << 0)

/* What the PAT holds after reset; the hypervisor's tables need nothing else. */
#define PAT_RESET 0x0007040600070406ULL

static inline uint64_t msr_read(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

/* Guarded (exception_entry.S): false where the processor raises an exception instead. */
bool guarded_rdmsr(uint32_t msr, uint64_t *value);
bool guarded_wrmsr(uint32_t msr, uint64_t value);
bool guarded_rdpmc(uint32_t counter, uint64_t *value);
bool guarded_xsetbv(uint32_t index, uint64_t value);

#endif
