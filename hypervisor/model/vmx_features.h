/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Bulkhead needs of a processor with VMX and what it makes use of: one row a feature, with the
 * register and bit that tell and what a no means. The hypervisor refuses by this table, `bulkhead
 * hardware check` prints it. Registers are read by a function of the caller, so a recorded machine
 * serves as well as a live one. Writing control fields is not decided here.
 */
#ifndef MODEL_VMX_FEATURES_H
#define MODEL_VMX_FEATURES_H

#include "model/features.h"

/* The registers that tell, as read; 0 where a register does not exist (SDM vol. 3, appendix A). */
struct vmx_capabilities {
	uint64_t cpuid_0_eax;
	uint64_t cpuid_1_ecx;
	uint64_t cpuid_1_edx;
	uint64_t cpuid_7_ebx;
	uint64_t cpuid_7_ecx;
	uint64_t cpuid_7_edx;
	uint64_t cpuid_d_1_eax;
	uint64_t cpuid_80000000_eax;
	uint64_t cpuid_80000001_edx;
	uint64_t cpuid_80000007_edx;
	uint64_t cpuid_80000008_eax;
	uint64_t feature_control;
	uint64_t basic;
	uint64_t pinbased;  /* this and the next three: the TRUE variant where there is one */
	uint64_t procbased;
	uint64_t exit;
	uint64_t entry;
	uint64_t misc;
	uint64_t cr0_fixed0;
	uint64_t cr0_fixed1;
	uint64_t cr4_fixed0;
	uint64_t cr4_fixed1;
	uint64_t procbased2;
	uint64_t ept_vpid;
	uint64_t arch_capabilities;
	uint64_t unreadable; /* bit n: the reader failed on vmx_registers[n] */
};

/* Of arch_capabilities: no machine check when the size of a page of code changes. */
#define ARCH_PSCHANGE_MC_NO (1ULL << 6)

/* Of feature_control. */
#define FEATURE_CONTROL_LOCK (1ULL << 0)
#define FEATURE_CONTROL_VMX  (1ULL << 2) /* outside SMX */

enum vmx_register_kind {
	VMX_REGISTER_CPUID,
	VMX_REGISTER_MSR,
};

struct vmx_register {
	const char *name;    /* the manual's */
	uint32_t number;      /* leaf or MSR */
	uint16_t true_number; /* the MSR to read instead where IA32_VMX_BASIC bit 55 is set, or 0 */
	uint16_t offset;      /* of its value in struct vmx_capabilities */
	uint8_t kind;         /* enum vmx_register_kind */
	uint8_t subleaf;      /* of CPUID */
	uint8_t output;       /* enum cpuid_register, of CPUID */
};

extern const struct vmx_register vmx_registers[];
extern const unsigned int vmx_register_count;

enum vmx_check {
	VMX_CHECK_BIT,             /* the bit is 1 */
	VMX_CHECK_CONTROL,         /* the control bit may be 1: bit 32 + `bit` of the register */
	VMX_CHECK_FEATURE_CONTROL, /* unlocked, or locked with VMX enabled outside SMX */
	VMX_CHECK_WIDTH,           /* bits 7:0 are at least `bit` */
};

struct vmx_feature {
	const char *name;         /* the manual's */
	uint8_t need;             /* enum feature_need */
	uint8_t check;            /* enum vmx_check */
	uint8_t bit;
	uint8_t shown_bit;        /* for FEATURE_REQUIRED_IF_SHOWN */
	uint16_t register_offset; /* both as vmx_register.offset */
	uint16_t shown_offset;
};

extern const struct vmx_feature vmx_features[];
extern const unsigned int vmx_feature_count;

/* Reads every register that exists, and none that does not: its RDMSR would fault. */
void vmx_capabilities_read(struct vmx_capabilities *capabilities,
			   const struct feature_reader *reader);

/* What it means that the machine does not have it, in words. */
const char *vmx_feature_without(const struct vmx_feature *feature);

/* The row of vmx_registers that a feature is told by. */
const struct vmx_register *vmx_feature_register(const struct vmx_feature *feature);

/* Does the machine show the feature? False too where nobody can know, see below. */
bool vmx_feature_present(const struct vmx_feature *feature,
			 const struct vmx_capabilities *capabilities);

/* False where the register exists but could not be read. */
bool vmx_feature_known(const struct vmx_feature *feature,
		       const struct vmx_capabilities *capabilities);

/* Is it one that the hypervisor cannot do without, on this machine? */
bool vmx_feature_required(const struct vmx_feature *feature,
			  const struct vmx_capabilities *capabilities);

/*
 * How many required features the machine is known to lack; if there are any the refusal names each,
 * with register and bit where there is room. What is missing because a feature named already is
 * (there is no EPT without secondary controls) is neither named nor counted.
 */
unsigned int vmx_features_missing(const struct vmx_capabilities *capabilities,
				  struct bh_refusal *refusal);

/* Writes where it is told: "REGISTER bit N". Returns its length. */
size_t vmx_feature_place(const struct vmx_feature *feature, char *text, size_t size);

/*
 * A control field as near to what is wanted as the processor allows: capability is the register
 * whose low half holds the bits that must be 1 and whose high half those that may be (SDM vol.
 * 3, A.3 to A.5).
 */
uint32_t vmx_adjust(uint64_t capability, uint32_t wanted);

#endif
