/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell sees of CPUID: the processor's own answer, less what the hypervisor keeps for itself
 * or cannot serve, plus its signature. Executing CPUID is the caller's.
 */
#ifndef MODEL_CPUID_POLICY_H
#define MODEL_CPUID_POLICY_H

#include <bulkhead/types.h>

enum cpuid_register { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX, CPUID_REGISTERS };

/* Changes one register of one leaf. */
struct cpuid_rule {
	uint32_t leaf;
	uint32_t subleaf; /* or CPUID_ANY */
	uint8_t reg;      /* enum cpuid_register */
	uint8_t cr4_bit;  /* cr4_flag shows this bit of the guest's CR4, where cr4_flag is not 0 */
	uint32_t cr4_flag;
	uint32_t clear;
	uint32_t set;
};

#define CPUID_ANY   0xffffffffu
#define CPUID_RULES 36

/*
 * The rules that hold for a cell on this processor, and for which leaves an answer passes as it is.
 */
struct cpuid_policy {
	uint32_t count;
	uint32_t plain; /* bit n: leaf n, 0 to 31, has no rule */
	struct cpuid_rule rules[CPUID_RULES]; /* in ascending order of leaves */
};

/* Is the processor's own answer the cell's? The leaves that are asked for most are. */
static inline bool cpuid_is_plain(const struct cpuid_policy *policy, uint32_t leaf)
{
	return leaf < 32 && (policy->plain >> leaf & 1);
}

/* Begins with the rules that every cell has. */
void cpuid_policy_init(struct cpuid_policy *policy);

/* Adds those of cells other than root; right after cpuid_policy_init(). */
void cpuid_policy_restrict(struct cpuid_policy *policy);

/* Changes the processor's answer to what the cell sees. */
void cpuid_policy_apply(const struct cpuid_policy *policy, uint32_t leaf, uint32_t subleaf,
			uint64_t guest_cr4, uint32_t registers[CPUID_REGISTERS]);

/* The hypervisor's own leaves, 0x40000000 to 0x400000ff. */
static inline bool cpuid_is_hypervisor_leaf(uint32_t leaf)
{
	return leaf >> 8 == 0x400000;
}
void cpuid_hypervisor_leaf(uint32_t leaf, uint32_t registers[CPUID_REGISTERS]);

#endif
