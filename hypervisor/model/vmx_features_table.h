/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of VMX features, one row each, for two readers: vmx_features.c takes the facts,
 * which go into the hypervisor, and vmx_features_without.c what a no means, which only the tool
 * prints. It is included with ROW(need, check, register, bit, shown register, shown bit, name,
 * what a no means) defined. SDM vol. 2, CPUID; vol. 3, 24.7 for IA32_FEATURE_CONTROL and
 * appendix A for the capability MSRs.
 */
#define BIT(need, member, bit, name, without) \
	ROW(need, VMX_CHECK_BIT, member, bit, member, 0, name, without)
#define CONTROL(need, member, bit, name, without) \
	ROW(need, VMX_CHECK_CONTROL, member, bit, member, 0, name, without)
#define PAIRED(member, bit, shown, shown_bit, name, without) \
	ROW(FEATURE_REQUIRED_IF_SHOWN, VMX_CHECK_CONTROL, member, bit, shown, shown_bit, name, \
	    without)

#define NEED FEATURE_REQUIRED
#define LIKE FEATURE_USEFUL

BIT(NEED, cpuid_1_ecx, 5, "VMX", "no virtualisation at all")
ROW(NEED, VMX_CHECK_FEATURE_CONTROL, feature_control, 2, feature_control, 0, "VMX not locked off",
	"firmware forbids VMX: enable it in the firmware's set-up")
BIT(NEED, cpuid_1_edx, 9, "APIC", "CPUs could not be told from each other")
BIT(NEED, cpuid_80000001_edx, 20, "execute disable",
	"the hypervisor's data could be executed")
ROW(NEED, VMX_CHECK_WIDTH, cpuid_80000008_eax, 36, cpuid_80000008_eax, 0,
	"36 bits of physical address", "memory a board describes could not be addressed")

BIT(NEED, basic, 55, "TRUE controls", "every load of CR3 would exit")
CONTROL(NEED, pinbased, 3, "NMI exiting", "CPUs could not be called to order")
CONTROL(NEED, pinbased, 5, "virtual NMIs", "an NMI of a cell could be lost or nested")
CONTROL(NEED, procbased, 22, "NMI-window exiting", "an NMI of a cell could be lost")
CONTROL(NEED, procbased, 25, "use I/O bitmaps", "ports could not be allowed one by one")
CONTROL(NEED, procbased, 28, "use MSR bitmaps", "every access to an MSR would exit")
CONTROL(NEED, procbased, 31, "activate secondary controls", "no EPT")
CONTROL(NEED, procbased2, 1, "enable EPT", "memory could not be divided")
CONTROL(NEED, procbased2, 5, "enable VPID", "every exit would flush the TLB")
CONTROL(NEED, procbased2, 7, "unrestricted guest", "a CPU could not start in real mode")
CONTROL(NEED, exit, 9, "host address-space size", "the hypervisor runs in 64-bit mode only")
CONTROL(NEED, exit, 18, "save IA32_PAT", "memory types of a cell would change at an exit")
CONTROL(NEED, exit, 19, "load IA32_PAT", "the hypervisor would run with a cell's memory types")
CONTROL(NEED, exit, 20, "save IA32_EFER", "a cell's mode would be lost at an exit")
CONTROL(NEED, exit, 21, "load IA32_EFER", "the hypervisor would run with a cell's EFER")
CONTROL(NEED, entry, 9, "IA-32e mode guest", "a cell could not run in 64-bit mode")
CONTROL(NEED, entry, 14, "entry: load IA32_PAT", "a cell would run with other memory types")
CONTROL(NEED, entry, 15, "entry: load IA32_EFER", "a cell would run with another EFER")
BIT(NEED, misc, 6, "activity state HLT", "a CPU that waits could not be entered again")

BIT(NEED, ept_vpid, 6, "EPT page-walk length 4", "the maps built here have four levels")
BIT(NEED, ept_vpid, 14, "EPT memory type WB", "every walk would go past the caches")
BIT(NEED, ept_vpid, 16, "EPT 2-MByte pages", "maps would not fit their memory")
BIT(NEED, ept_vpid, 20, "INVEPT", "a map could not be changed")
BIT(NEED, ept_vpid, 25, "single-context INVEPT", "a change would flush all cells")
BIT(NEED, ept_vpid, 26, "all-context INVEPT", "what others left in the TLB would stay")
BIT(NEED, ept_vpid, 32, "INVVPID", "a VPID could not be given anew")
BIT(NEED, ept_vpid, 41, "single-context INVVPID", "a VPID could not be given anew")

/* Linux uses what CPUID showed it when it booted: that must go on working in a cell. */
PAIRED(procbased2, 3, cpuid_80000001_edx, 27, "enable RDTSCP",
	"RDTSCP, which CPUID shows, would fail")
PAIRED(procbased2, 12, cpuid_7_ebx, 10, "enable INVPCID",
	"INVPCID, which CPUID shows, would fail")
PAIRED(procbased2, 20, cpuid_d_1_eax, 3, "enable XSAVES/XRSTORS",
	"XSAVES, which CPUID shows, would fail")
PAIRED(procbased2, 26, cpuid_7_ecx, 5, "enable user wait and pause",
	"TPAUSE and UMWAIT, which CPUID shows, would fail")

BIT(LIKE, ept_vpid, 0, "EPT execute-only", "a page to execute can always be read as well")
BIT(LIKE, ept_vpid, 17, "EPT 1-GByte pages", "maps take more pages and walks are longer")
BIT(LIKE, arch_capabilities, 6, "PSCHANGE_MC_NO",
	"the board file has to say itlb_multihit")
BIT(LIKE, cpuid_1_ecx, 21, "x2APIC", "the end of every interrupt of a cell exits")
BIT(LIKE, cpuid_1_ecx, 24, "TSC deadline", "setting the timer of a cell exits in xAPIC mode")
BIT(LIKE, cpuid_80000007_edx, 8, "invariant TSC", "the clock of a cell may change its speed")
CONTROL(LIKE, procbased2, 6, "WBINVD exiting", "a cell can empty the caches of all cells")
CONTROL(LIKE, procbased2, 15, "ENCLS exiting", "cells can use SGX where firmware enabled it")
CONTROL(LIKE, exit, 12, "load IA32_PERF_GLOBAL_CTRL",
	"performance counters of a cell count the hypervisor too")

#undef BIT
#undef CONTROL
#undef PAIRED
#undef NEED
#undef LIKE
