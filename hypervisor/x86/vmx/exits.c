/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which handler serves which exit (SDM vol. 3C, appendix C), and what happens at those that none
 * does. Exits that the controls never ask for are unexpected: the CPU stops with a record.
 */
#include "x86/vmx/exits.h"

#include "core/log.h"
#include "x86/exceptions.h"
#include "x86/guest/fault.h"
#include "x86/vmx/vcpu.h"

#define X exit_unexpected
#define F exit_forbidden

extern const exit_handler vmx_exit_handlers[CPU_EXIT_HANDLERS];
const exit_handler vmx_exit_handlers[CPU_EXIT_HANDLERS] = {
	[EXIT_EXCEPTION_OR_NMI] = exit_exception_or_nmi,
	[EXIT_INTERRUPT] = exit_interrupt,
	[EXIT_TRIPLE_FAULT] = exit_triple_fault,
	[EXIT_INIT] = exit_init_signal,
	[4 ... 7] = X, /* SIPI, SMI, interrupt window */
	[EXIT_NMI_WINDOW] = exit_nmi_window,
	[EXIT_TASK_SWITCH] = exit_task_switch,
	[EXIT_CPUID] = exit_cpuid,
	[EXIT_GETSEC] = F,
	[12] = X, /* HLT */
	[EXIT_INVD] = exit_flush,
	[14 ... 16] = X, /* INVLPG, RDPMC, RDTSC */
	[EXIT_RSM] = F,
	[EXIT_VMCALL] = exit_hypercall,
	[EXIT_VMCLEAR ... EXIT_VMXON] = F,
	[EXIT_CONTROL_REGISTER] = exit_control_register,
	[29] = X, /* MOV DR */
	[EXIT_PORT] = exit_port,
	[EXIT_RDMSR] = exit_rdmsr,
	[EXIT_WRMSR] = exit_wrmsr,
	[33 ... 34] = exit_refused_state,
	[35 ... 40] = X, /* MWAIT, MONITOR, PAUSE */
	[EXIT_ENTRY_CHECK] = exit_entry_check,
	[42 ... 43] = X, /* TPR */
	[EXIT_APIC_ACCESS] = exit_apic_access,
	[45 ... 47] = X, /* EOI, descriptor tables */
	[EXIT_EPT_VIOLATION] = exit_violation,
	[EXIT_EPT_MISCONFIG] = exit_ept_misconfiguration,
	[EXIT_INVEPT] = F,
	[51 ... 52] = X, /* RDTSCP, preemption timer */
	[EXIT_INVVPID] = F,
	[EXIT_WBINVD] = exit_flush,
	[EXIT_XSETBV] = exit_xsetbv,
	[56 ... 58] = X, /* APIC write, RDRAND, INVPCID */
	[EXIT_VMFUNC] = F,
	[EXIT_ENCLS] = F,
	[61 ... 62] = X, /* RDSEED, page-modification log */
	[EXIT_XSAVES ... EXIT_XRSTORS] = F,
	[65 ... CPU_EXIT_HANDLERS - 1] = X, /* of features that are never turned on */
};

void exit_ept_misconfiguration(struct cpu *cpu)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_MISCONFIG, .place = vcpu_fault_place(cpu),
	};

	fault_stop(cpu, &attempt);
}

_Noreturn void vmx_entry_failed(void)
{
	log_print_panic("VMRESUME failed with instruction error %llu\n",
			(unsigned long long)vmcs_read(VMCS_INSTRUCTION_ERROR));
	panic("the guest could not be entered");
}
