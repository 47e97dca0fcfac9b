// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why CPUs leave guest mode, by the manuals' names: basic exit reasons of VMX, SDM vol. 3, appendix
 * C, table C-1; exit codes of SVM, APM vol. 2, appendix C, table C-1.
 */
#include "exit_reasons.h"

#include <stdio.h>

static const char *const vmx_names[] = {
	[0] = "exception or NMI",
	[1] = "external interrupt",
	[2] = "triple fault",
	[3] = "INIT signal",
	[4] = "start-up IPI",
	[5] = "I/O system-management interrupt",
	[6] = "other SMI",
	[7] = "interrupt window",
	[8] = "NMI window",
	[9] = "task switch",
	[10] = "CPUID",
	[11] = "GETSEC",
	[12] = "HLT",
	[13] = "INVD",
	[14] = "INVLPG",
	[15] = "RDPMC",
	[16] = "RDTSC",
	[17] = "RSM",
	[18] = "VMCALL",
	[19] = "VMCLEAR",
	[20] = "VMLAUNCH",
	[21] = "VMPTRLD",
	[22] = "VMPTRST",
	[23] = "VMREAD",
	[24] = "VMRESUME",
	[25] = "VMWRITE",
	[26] = "VMXOFF",
	[27] = "VMXON",
	[28] = "control-register access",
	[29] = "MOV DR",
	[30] = "I/O instruction",
	[31] = "RDMSR",
	[32] = "WRMSR",
	[33] = "entry failure: invalid guest state",
	[34] = "entry failure: MSR loading",
	[36] = "MWAIT",
	[37] = "monitor trap flag",
	[39] = "MONITOR",
	[40] = "PAUSE",
	[41] = "entry failure: machine check",
	[43] = "TPR below threshold",
	[44] = "APIC access",
	[45] = "virtualized EOI",
	[46] = "access to GDTR or IDTR",
	[47] = "access to LDTR or TR",
	[48] = "EPT violation",
	[49] = "EPT misconfiguration",
	[50] = "INVEPT",
	[51] = "RDTSCP",
	[52] = "VMX-preemption timer expired",
	[53] = "INVVPID",
	[54] = "WBINVD or WBNOINVD",
	[55] = "XSETBV",
	[56] = "APIC write",
	[57] = "RDRAND",
	[58] = "INVPCID",
	[59] = "VMFUNC",
	[60] = "ENCLS",
	[61] = "RDSEED",
	[62] = "page-modification log full",
	[63] = "XSAVES",
	[64] = "XRSTORS",
	[65] = "PCONFIG",
	[66] = "SPP-related event",
	[67] = "UMWAIT",
	[68] = "TPAUSE",
	[69] = "LOADIWKEY",
	[70] = "ENCLV",
	[72] = "ENQCMD PASID translation failure",
	[73] = "ENQCMDS PASID translation failure",
	[74] = "bus lock",
	[75] = "instruction time-out",
	[76] = "SEAMCALL",
	[77] = "TDCALL",
	[78] = "RDMSRLIST",
	[79] = "WRMSRLIST",
};

#define SVM_EXCEPTIONS 0x40 /* 32 vectors */

static const char *const svm_names[] = {
	[SVM_EXCEPTIONS + 0] = "divide error (#DE)",
	[SVM_EXCEPTIONS + 1] = "debug exception (#DB)",
	[SVM_EXCEPTIONS + 3] = "breakpoint (#BP)",
	[SVM_EXCEPTIONS + 4] = "overflow (#OF)",
	[SVM_EXCEPTIONS + 5] = "bound range (#BR)",
	[SVM_EXCEPTIONS + 6] = "invalid opcode (#UD)",
	[SVM_EXCEPTIONS + 7] = "device not available (#NM)",
	[SVM_EXCEPTIONS + 8] = "double fault (#DF)",
	[SVM_EXCEPTIONS + 10] = "invalid TSS (#TS)",
	[SVM_EXCEPTIONS + 11] = "segment not present (#NP)",
	[SVM_EXCEPTIONS + 12] = "stack fault (#SS)",
	[SVM_EXCEPTIONS + 13] = "general protection (#GP)",
	[SVM_EXCEPTIONS + 14] = "page fault (#PF)",
	[SVM_EXCEPTIONS + 16] = "x87 error (#MF)",
	[SVM_EXCEPTIONS + 17] = "alignment check (#AC)",
	[SVM_EXCEPTIONS + 18] = "machine check (#MC)",
	[SVM_EXCEPTIONS + 19] = "SIMD error (#XF)",
	[SVM_EXCEPTIONS + 21] = "control protection (#CP)",
	[SVM_EXCEPTIONS + 30] = "security exception (#SX)",
	[0x60] = "INTR",
	[0x61] = "NMI",
	[0x62] = "SMI",
	[0x63] = "INIT",
	[0x64] = "VINTR",
	[0x65] = "selective CR0 write",
	[0x66] = "IDTR read",
	[0x67] = "GDTR read",
	[0x68] = "LDTR read",
	[0x69] = "TR read",
	[0x6a] = "IDTR write",
	[0x6b] = "GDTR write",
	[0x6c] = "LDTR write",
	[0x6d] = "TR write",
	[0x6e] = "RDTSC",
	[0x6f] = "RDPMC",
	[0x70] = "PUSHF",
	[0x71] = "POPF",
	[0x72] = "CPUID",
	[0x73] = "RSM",
	[0x74] = "IRET",
	[0x75] = "INTn",
	[0x76] = "INVD",
	[0x77] = "PAUSE",
	[0x78] = "HLT",
	[0x79] = "INVLPG",
	[0x7a] = "INVLPGA",
	[0x7b] = "IOIO",
	[0x7c] = "MSR",
	[0x7d] = "task switch",
	[0x7e] = "FERR freeze",
	[0x7f] = "shutdown",
	[0x80] = "VMRUN",
	[0x81] = "VMMCALL",
	[0x82] = "VMLOAD",
	[0x83] = "VMSAVE",
	[0x84] = "STGI",
	[0x85] = "CLGI",
	[0x86] = "SKINIT",
	[0x87] = "RDTSCP",
	[0x88] = "ICEBP",
	[0x89] = "WBINVD or WBNOINVD",
	[0x8a] = "MONITOR",
	[0x8b] = "MWAIT",
	[0x8c] = "armed MWAIT",
	[0x8d] = "XSETBV",
	[0x8e] = "RDPRU",
	[0x8f] = "EFER write trap",
	[0xa0] = "INVLPGB",
	[0xa1] = "illegal INVLPGB",
	[0xa2] = "INVPCID",
	[0xa3] = "MCOMMIT",
	[0xa4] = "TLBSYNC",
	[0xa5] = "bus lock",
	[0xa6] = "HLT while idle",
};

static const struct {
	const char *const *names;
	uint32_t count;
	const char *unnamed; /* takes the number */
} tables[BH_BACKENDS] = {
	[BH_BACKEND_VMX] = { vmx_names, BH_ARRAY_SIZE(vmx_names), "reason %u" },
	[BH_BACKEND_SVM] = { svm_names, BH_ARRAY_SIZE(svm_names), "exit code 0x%x" },
};

/* Codes of SVM that come in rows, one each for sixteen registers. */
static const struct {
	uint32_t first;
	const char *words;
} svm_rows[] = {
	{ 0x00, "CR%u read" }, { 0x10, "CR%u write" }, { 0x20, "DR%u read" },
	{ 0x30, "DR%u write" }, { 0x90, "CR%u write trap" },
};

static bool name_svm_row(uint32_t code, char name[EXIT_REASON_NAME_MAX])
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(svm_rows); i++) {
		if (code - svm_rows[i].first >= 16)
			continue;
		snprintf(name, EXIT_REASON_NAME_MAX, svm_rows[i].words, code - svm_rows[i].first);
		return true;
	}
	return false;
}

void exit_reason_name(uint32_t backend, uint32_t reason, char name[EXIT_REASON_NAME_MAX])
{
	uint32_t which = backend < BH_BACKENDS ? backend : BH_BACKEND_VMX;

	if (reason < tables[which].count && tables[which].names[reason])
		snprintf(name, EXIT_REASON_NAME_MAX, "%s", tables[which].names[reason]);
	else if (which == BH_BACKEND_SVM && reason == EXIT_SVM_NPF)
		snprintf(name, EXIT_REASON_NAME_MAX, "nested page fault");
	else if (which != BH_BACKEND_SVM || !name_svm_row(reason, name))
		snprintf(name, EXIT_REASON_NAME_MAX, tables[which].unnamed, reason);
}

void exit_counter_name(uint32_t backend, uint32_t counter, char name[EXIT_REASON_NAME_MAX])
{
	if (backend != BH_BACKEND_SVM)
		exit_reason_name(backend, counter, name);
	else if (counter == BH_EXIT_SVM_OTHER)
		snprintf(name, EXIT_REASON_NAME_MAX, "nested page fault or another");
	else
		exit_reason_name(backend, BH_EXIT_SVM_FIRST + counter, name);
}
