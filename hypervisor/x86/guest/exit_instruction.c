/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that exit whatever the controls say, and those that no cell may use.
 */
#include "core/cell.h"
#include "core/hypercall.h"
#include "model/cpuid_policy.h"
#include "vcpu.h"
#include "x86/guest/exits.h"
#include "x86/guest/fault.h"
#include "x86/guest/skip.h"
#include "x86/msr.h"

/* What the processor says goes straight to the guest: all four upper halves are zero. */
static inline void answer_cpuid(struct cpu *cpu)
{
	uint64_t *gprs = cpu->gprs;
	uint64_t rax, rbx, rcx, rdx;

	__asm__ volatile("cpuid" : "=a"(rax), "=b"(rbx), "=c"(rcx), "=d"(rdx)
			 : "a"((uint32_t)gprs[GPR_RAX]), "c"((uint32_t)gprs[GPR_RCX]));
	gprs[GPR_RAX] = rax;
	gprs[GPR_RBX] = rbx;
	gprs[GPR_RCX] = rcx;
	gprs[GPR_RDX] = rdx;
}

static __attribute__((noinline)) void exit_cpuid_by_rules(struct cpu *cpu)
{
	static const uint8_t numbers[CPUID_REGISTERS] = {
		[CPUID_EAX] = GPR_RAX, [CPUID_EBX] = GPR_RBX,
		[CPUID_ECX] = GPR_RCX, [CPUID_EDX] = GPR_RDX,
	};
	uint32_t leaf = (uint32_t)cpu->gprs[GPR_RAX];
	uint32_t subleaf = (uint32_t)cpu->gprs[GPR_RCX];
	uint32_t registers[CPUID_REGISTERS];
	unsigned int i;

	answer_cpuid(cpu);
	for (i = 0; i < CPUID_REGISTERS; i++)
		registers[i] = (uint32_t)cpu->gprs[numbers[i]];
	if (cpuid_is_hypervisor_leaf(leaf))
		cpuid_hypervisor_leaf(leaf, registers);
	else
		cpuid_policy_apply(&cpu->cell->cpuid, leaf, subleaf, vcpu_cr4(cpu),
				   registers);
	for (i = 0; i < CPUID_REGISTERS; i++)
		cpu->gprs[numbers[i]] = registers[i];
	vcpu_skip(cpu);
}

void exit_cpuid(struct cpu *cpu)
{
	if (!cpuid_is_plain(&cpu->cell->cpuid, (uint32_t)cpu->gprs[GPR_RAX])) {
		exit_cpuid_by_rules(cpu);
		return;
	}
	answer_cpuid(cpu);
	vcpu_skip(cpu);
}

/*
 * INVD, WBINVD, WBNOINVD: the caches are everybody's. What root's INVD would throw away is written
 * back instead. Another cell's do nothing: its memory is write-back and coherent, and where that is
 * not enough it has CLFLUSH, which reaches no line but its own.
 */
void exit_flush(struct cpu *cpu)
{
	if (cpu->cell == &root_cell)
		__asm__ volatile("wbinvd" : : : "memory");
	vcpu_skip(cpu);
}

void exit_xsetbv(struct cpu *cpu)
{
	uint64_t value = (uint32_t)cpu->gprs[GPR_RAX] | cpu->gprs[GPR_RDX] << 32;

	if (guarded_xsetbv((uint32_t)cpu->gprs[GPR_RCX], value))
		vcpu_skip(cpu);
	else
		vcpu_inject_code(cpu, VECTOR_GP, 0);
}

/* From user level: as if there were no such instruction. */
static __attribute__((noinline, cold)) void deny_hypercall(struct cpu *cpu)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_HYPERCALL, .place = cpu->gprs[GPR_RAX],
	};

	if (fault_raise(cpu, &attempt))
		vcpu_inject(cpu, VECTOR_UD);
}

/* A call that is not this cell's to make. */
static __attribute__((noinline, cold)) void refuse_hypercall(struct cpu *cpu)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_HYPERCALL, .place = cpu->gprs[GPR_RAX],
	};

	/* The record is to show the instruction. */
	vcpu_unskip(cpu);
	if (!fault_raise(cpu, &attempt))
		return;
	cpu->gprs[GPR_RAX] = (uint64_t)BH_ERROR_DENIED;
	vcpu_skip(cpu);
}

void exit_hypercall(struct cpu *cpu)
{
	if (__builtin_expect(vcpu_cpl(cpu) != 0, 0)) {
		deny_hypercall(cpu);
		return;
	}
	/* First, since some calls never return here. */
	vcpu_skip(cpu);
	if (cpu->gprs[GPR_RAX] == BH_HYPERCALL_VERSION)
		cpu->gprs[GPR_RAX] = BH_ABI_VERSION;
	else if (!hypercall(cpu))
		refuse_hypercall(cpu);
}

/* VMX, SVM, SMX and SGX instructions, RSM, task switches: #UD, as if there was none of it. */
void exit_forbidden(struct cpu *cpu)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_INSTRUCTION, .place = vcpu_exit_reason(cpu),
	};

	if (fault_raise(cpu, &attempt))
		vcpu_inject(cpu, VECTOR_UD);
}
