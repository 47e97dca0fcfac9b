/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which handler serves which exit (APM vol. 2, appendix C), and what happens at those that none
 * does. Exits that the intercepts never ask for are unexpected: the CPU stops with a record.
 */
#include "x86/svm/exits.h"

#include "model/machine_check.h"
#include "x86/guest/guest.h"
#include "x86/processor.h"
#include "x86/svm/svm.h"

/* Exits are counted and served by the same number: see BH_EXIT_SVM_FIRST. */
#define AT(code) [(code) - BH_EXIT_SVM_FIRST]
#define FROM(first, last) [(first) - BH_EXIT_SVM_FIRST ... (last) - BH_EXIT_SVM_FIRST]
#define X exit_unexpected
#define F exit_forbidden

static void exit_msr(struct cpu *cpu)
{
	if (vmcb_of(cpu)->exit_info1 & 1)
		exit_wrmsr(cpu);
	else
		exit_rdmsr(cpu);
}

/* The VMCB was not fit. At the first entry ever Linux can still have its CPU back. */
static void exit_invalid(struct cpu *cpu)
{
	if (exits_sum(cpu->exits) == 1 && vmcb_of(cpu)->launch_rsp)
		svm_launch_failed(cpu);
	exit_refused_state(cpu);
}

static void exit_rest(struct cpu *cpu)
{
	uint64_t code = vmcb_of(cpu)->exit_code;

	if (code == EXIT_CODE_NPF)
		exit_violation(cpu);
	else if (code == EXIT_CODE_INVALID)
		exit_invalid(cpu);
	else
		exit_unexpected(cpu);
}

/*
 * CR4 is the guest's own: a machine check is a shutdown where it has MCE clear, or no handler (APM
 * vol. 2, 9.3). Nothing of the VMCB is left to go on with.
 */
static void exit_shutdown(struct cpu *cpu)
{
	if (machine_check_look(&processor_reader).in_progress)
		guest_end_by_check(cpu);
	else
		exit_triple_fault(cpu);
}

extern const exit_handler svm_exit_handlers[CPU_EXIT_HANDLERS];
const exit_handler svm_exit_handlers[CPU_EXIT_HANDLERS] = {
	AT(0x40) = X, /* #DE */
	AT(EXIT_CODE_DB) = exit_debug,
	FROM(0x42, 0x50) = X, /* exceptions */
	AT(EXIT_CODE_AC) = exit_alignment,
	AT(EXIT_CODE_MC) = exit_machine_check,
	FROM(0x53, 0x60) = X, /* exceptions, INTR */
	AT(EXIT_CODE_NMI) = exit_nmi,
	AT(0x62) = X, /* SMI */
	AT(EXIT_CODE_INIT) = exit_init_signal,
	FROM(0x64, 0x6e) = X, /* control registers, descriptor tables, RDTSC */
	AT(EXIT_CODE_RDPMC) = exit_rdpmc,
	FROM(0x70, 0x71) = X, /* PUSHF, POPF */
	AT(EXIT_CODE_CPUID) = exit_cpuid,
	AT(0x73) = F, /* RSM */
	AT(EXIT_CODE_IRET) = exit_iret,
	AT(0x75) = X, /* INT n */
	AT(EXIT_CODE_INVD) = exit_flush,
	AT(0x77) = X, /* PAUSE */
	AT(EXIT_CODE_HLT) = exit_halt,
	AT(0x79) = X, /* INVLPG */
	AT(0x7a) = F, /* INVLPGA */
	AT(EXIT_CODE_PORT) = exit_port,
	AT(EXIT_CODE_MSR) = exit_msr,
	AT(EXIT_CODE_TASK_SWITCH) = exit_task_switch,
	AT(0x7e) = X, /* FERR freeze */
	AT(EXIT_CODE_SHUTDOWN) = exit_shutdown,
	AT(0x80) = F, /* VMRUN */
	AT(EXIT_CODE_VMMCALL) = exit_hypercall,
	FROM(0x82, 0x86) = F, /* VMLOAD ... SKINIT */
	FROM(0x87, 0x88) = X, /* RDTSCP, ICEBP */
	AT(EXIT_CODE_WBINVD) = exit_flush,
	FROM(0x8a, 0x9f) = X,
	FROM(0xa0, 0xa1) = F, /* INVLPGB */
	FROM(0xa2, 0xa3) = X,
	AT(0xa4) = F, /* TLBSYNC */
	[0xa5 - BH_EXIT_SVM_FIRST ... BH_EXIT_SVM_OTHER - 1] = X,
	[BH_EXIT_SVM_OTHER] = exit_rest,
};
