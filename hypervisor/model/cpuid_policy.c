/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of changes to CPUID, and how it is applied. One row a register of a leaf, with a
 * reason.
 */
#include "model/cpuid_policy.h"

#include <bulkhead/hypercall.h>

/* SDM vol. 2A, "CPUID"; CR4 bits: vol. 3A, 2.5. Leaves from 0x80000000 on: APM vol. 3, E.4. */
static const struct cpuid_rule rules[] = {
	/*
	 * VMX (5) and SMX (6) are the hypervisor's; bit 31 tells that there is one; OSXSAVE (27)
	 * shows the CR4 of who asks, and it is the guest that does.
	 */
	{ .leaf = 1, .subleaf = CPUID_ANY, .reg = CPUID_ECX, .clear = 1u << 5 | 1u << 6,
	  .set = 1u << 31, .cr4_flag = 1u << 27, .cr4_bit = 18 },
	/*
	 * DS (21): its buffers are filled by linear address while the hypervisor runs too.
	 */
	{ .leaf = 1, .subleaf = CPUID_ANY, .reg = CPUID_EDX, .clear = 1u << 21 },
	/*
	 * SGX (2): enclave memory has no place in a prebuilt map. Processor Trace (25): writes to
	 * physical addresses past the map.
	 */
	{ .leaf = 7, .subleaf = 0, .reg = CPUID_EBX, .clear = 1u << 2 | 1u << 25 },
	/*
	 * OSPKE (4) shows CR4.PKE of the guest. Key Locker (23), SGX_LC (30): state that nobody
	 * switches.
	 */
	{ .leaf = 7, .subleaf = 0, .reg = CPUID_ECX, .clear = 1u << 23 | 1u << 30,
	  .cr4_flag = 1u << 4, .cr4_bit = 22 },
	/*
	 * PCONFIG (18) changes keys of memory that is not the cell's alone. User interrupts (5):
	 * sent to any APIC id. Arch LBR (19): MSRs that no row allows.
	 */
	{ .leaf = 7, .subleaf = 0, .reg = CPUID_EDX, .clear = 1u << 5 | 1u << 18 | 1u << 19 },
	/* SGX and Processor Trace in detail. */
	{ .leaf = 0x12, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~0u },
	{ .leaf = 0x12, .subleaf = CPUID_ANY, .reg = CPUID_EBX, .clear = ~0u },
	{ .leaf = 0x14, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~0u },
	{ .leaf = 0x14, .subleaf = CPUID_ANY, .reg = CPUID_EBX, .clear = ~0u },
	{ .leaf = 0x14, .subleaf = CPUID_ANY, .reg = CPUID_ECX, .clear = ~0u },
	/* SVM (2) and SKINIT (12) are the hypervisor's, as VMX and SMX. */
	{ .leaf = 0x80000001, .subleaf = CPUID_ANY, .reg = CPUID_ECX,
	  .clear = 1u << 2 | 1u << 12 },
	/* INVLPGB (3) drops what TLBs of all CPUs hold, and is not switched on for guests. */
	{ .leaf = 0x80000008, .subleaf = CPUID_ANY, .reg = CPUID_EBX, .clear = 1u << 3 },
	/* SVM in detail. */
	{ .leaf = 0x8000000a, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~0u },
	{ .leaf = 0x8000000a, .subleaf = CPUID_ANY, .reg = CPUID_EBX, .clear = ~0u },
	{ .leaf = 0x8000000a, .subleaf = CPUID_ANY, .reg = CPUID_EDX, .clear = ~0u },
	/* Memory encryption: a bit of addresses that maps do not have, MSRs that no row allows. */
	{ .leaf = 0x8000001f, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~0u },
	{ .leaf = 0x8000001f, .subleaf = CPUID_ANY, .reg = CPUID_EBX, .clear = ~0u },
	{ .leaf = 0x80000023, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~0u },
};

/*
 * Besides, for cells but root: what the table of MSRs does not let them use (msr_policy.c), so that
 * they do not try.
 */
static const struct cpuid_rule rules_for_cells[] = {
	/* SpeedStep (7), thermal monitor 2 (8). */
	{ .leaf = 1, .subleaf = CPUID_ANY, .reg = CPUID_ECX, .clear = 1u << 7 | 1u << 8 },
	/*
	 * Machine checks (7, 14) are root's to handle; MTRRs (12); thermal control and monitor
	 * (22, 29).
	 */
	{ .leaf = 1, .subleaf = CPUID_ANY, .reg = CPUID_EDX,
	  .clear = 1u << 7 | 1u << 12 | 1u << 14 | 1u << 22 | 1u << 29 },
	/* All of power management, but that the APIC timer never stops (2). */
	{ .leaf = 6, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~(1u << 2) },
	/* But that MPERF and APERF can be read (0). */
	{ .leaf = 6, .subleaf = CPUID_ANY, .reg = CPUID_ECX, .clear = ~1u },
	/* Monitoring (12) and allocation (15) of caches. */
	{ .leaf = 7, .subleaf = 0, .reg = CPUID_EBX, .clear = 1u << 12 | 1u << 15 },
	/* TSX force abort (13), L1D flush (28), core capabilities (30). */
	{ .leaf = 7, .subleaf = 0, .reg = CPUID_EDX, .clear = 1u << 13 | 1u << 28 | 1u << 30 },
	/*
	 * Instruction-based sampling (10), lightweight profiling (15), counters of what cells share
	 * (24, 28).
	 */
	{ .leaf = 0x80000001, .subleaf = CPUID_ANY, .reg = CPUID_ECX,
	  .clear = 1u << 10 | 1u << 15 | 1u << 24 | 1u << 28 },
	/* All of power management, but that the TSC is invariant (8) and MPERF can be read (10). */
	{ .leaf = 0x80000007, .subleaf = CPUID_ANY, .reg = CPUID_EDX,
	  .clear = ~(1u << 8 | 1u << 10) },
	/* Memory bandwidth allocation (6), performance control (27). */
	{ .leaf = 0x80000008, .subleaf = CPUID_ANY, .reg = CPUID_EBX,
	  .clear = 1u << 6 | 1u << 27 },
	/* Instruction-based sampling and allocation of bandwidth in detail. */
	{ .leaf = 0x8000001b, .subleaf = CPUID_ANY, .reg = CPUID_EAX, .clear = ~0u },
	{ .leaf = 0x80000020, .subleaf = CPUID_ANY, .reg = CPUID_EBX, .clear = ~0u },
};

/* Keeps the order of leaves; a new rule goes behind those of its leaf. */
static void add(struct cpuid_policy *policy, const struct cpuid_rule *rule)
{
	uint32_t at = policy->count++;

	for (; at > 0 && policy->rules[at - 1].leaf > rule->leaf; at--)
		policy->rules[at] = policy->rules[at - 1];
	policy->rules[at] = *rule;
	if (rule->leaf < 32)
		policy->plain &= ~(1u << rule->leaf);
}

void cpuid_policy_init(struct cpuid_policy *policy)
{
	size_t i;

	policy->count = 0;
	policy->plain = ~0u;
	for (i = 0; i < BH_ARRAY_SIZE(rules); i++)
		add(policy, &rules[i]);
}

void cpuid_policy_restrict(struct cpuid_policy *policy)
{
	size_t i;

	_Static_assert(BH_ARRAY_SIZE(rules) + BH_ARRAY_SIZE(rules_for_cells) < CPUID_RULES,
		       "room for the rules");
	for (i = 0; i < BH_ARRAY_SIZE(rules_for_cells); i++)
		add(policy, &rules_for_cells[i]);
}

void cpuid_policy_apply(const struct cpuid_policy *policy, uint32_t leaf, uint32_t subleaf,
			uint64_t guest_cr4, uint32_t registers[CPUID_REGISTERS])
{
	const struct cpuid_rule *rule = policy->rules;
	const struct cpuid_rule *end = rule + policy->count;

	for (; rule < end && rule->leaf <= leaf; rule++) {
		uint32_t *value = &registers[rule->reg];

		if (rule->leaf != leaf || (rule->subleaf != subleaf && rule->subleaf != CPUID_ANY))
			continue;
		*value = (*value & ~rule->clear) | rule->set;
		if (rule->cr4_flag) {
			*value &= ~rule->cr4_flag;
			if (guest_cr4 >> rule->cr4_bit & 1)
				*value |= rule->cr4_flag;
		}
	}
}

static uint32_t signature_word(unsigned int at)
{
	const char *text = &BH_CPUID_SIGNATURE[at];

	return (uint32_t)(uint8_t)text[0] | (uint32_t)(uint8_t)text[1] << 8 |
	       (uint32_t)(uint8_t)text[2] << 16 | (uint32_t)(uint8_t)text[3] << 24;
}

void cpuid_hypervisor_leaf(uint32_t leaf, uint32_t registers[CPUID_REGISTERS])
{
	registers[CPUID_EAX] = 0;
	registers[CPUID_EBX] = 0;
	registers[CPUID_ECX] = 0;
	registers[CPUID_EDX] = 0;
	if (leaf != BH_CPUID_LEAF)
		return;
	registers[CPUID_EAX] = BH_CPUID_LEAF;
	registers[CPUID_EBX] = signature_word(0);
	registers[CPUID_ECX] = signature_word(4);
	registers[CPUID_EDX] = signature_word(8);
}
