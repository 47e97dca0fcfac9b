/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of SVM features, one row each, for two readers, as vmx_features_table.h. It is included
 * with ROW(need, check, register, register's name, bit, name, what a no means) defined. APM vol. 3,
 * appendix E; vol. 2, chapter 15.
 */
#define SVM_BIT(need, member, reg, bit, name, without) \
	ROW(need, SVM_CHECK_BIT, member, reg, bit, name, without)

SVM_BIT(FEATURE_REQUIRED, cpuid_80000001_ecx, "CPUID.80000001H:ECX", 2, "SVM",
	"no virtualisation at all")
ROW(FEATURE_REQUIRED, SVM_CHECK_CLEAR, vm_cr, "VM_CR", 4, "SVM not locked off",
	"firmware forbids SVM: enable it in the firmware's set-up")
SVM_BIT(FEATURE_REQUIRED, cpuid_1_edx, "CPUID.1:EDX", 9, "APIC",
	"CPUs could not be told from each other")
SVM_BIT(FEATURE_REQUIRED, cpuid_80000001_edx, "CPUID.80000001H:EDX", 20, "no-execute",
	"the hypervisor's data could be executed")
ROW(FEATURE_REQUIRED, SVM_CHECK_WIDTH, cpuid_80000008_eax, "CPUID.80000008H:EAX", 36,
	"36 bits of physical address", "memory a board describes could not be addressed")
SVM_BIT(FEATURE_REQUIRED, features, "CPUID.8000000AH:EDX", 0, "nested paging",
	"memory could not be divided")
ROW(FEATURE_REQUIRED, SVM_CHECK_ASIDS, asids, "CPUID.8000000AH:EBX", 0, "an ASID for each CPU",
	"the TLB would have to be flushed at every entry")

SVM_BIT(FEATURE_USEFUL, cpuid_80000001_edx, "CPUID.80000001H:EDX", 26, "1-GByte pages",
	"maps take more pages and walks are longer")
SVM_BIT(FEATURE_USEFUL, features, "CPUID.8000000AH:EDX", 3, "NRIP save",
	"instructions that exit are decoded to go on behind them")
SVM_BIT(FEATURE_USEFUL, features, "CPUID.8000000AH:EDX", 6, "flush by ASID",
	"a change to a map flushes the whole TLB of its CPUs")
SVM_BIT(FEATURE_USEFUL, features, "CPUID.8000000AH:EDX", 20, "virtual SPEC_CTRL",
	"the hypervisor runs by a cell's IA32_SPEC_CTRL while it serves it")
SVM_BIT(FEATURE_USEFUL, cpuid_1_ecx, "CPUID.1:ECX", 21, "x2APIC",
	"the end of every interrupt of a cell exits")
SVM_BIT(FEATURE_USEFUL, cpuid_1_ecx, "CPUID.1:ECX", 24, "TSC deadline",
	"setting the timer of a cell exits in xAPIC mode")
SVM_BIT(FEATURE_USEFUL, cpuid_80000007_edx, "CPUID.80000007H:EDX", 8, "invariant TSC",
	"the clock of a cell may change its speed")

#undef SVM_BIT
