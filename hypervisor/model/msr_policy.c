/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of model-specific registers (SDM vol. 4; APM vol. 2, appendix A, and AMD's processor
 * programming references) and the processors' maps from it. Read it from top to bottom: one row a
 * register or range, with a reason.
 *
 * Root runs the machine: clock, power, caches and errors are its business. Another cell may change
 * what concerns its own CPU alone and is put back when that changes its owner (msr_scrub.c), and
 * may look at what tells nothing about others.
 */
#include "model/msr_policy.h"

#include "model/bits.h"

#define A MSR_ALLOW
#define D MSR_DENY
#define I MSR_IGNORE
#define S MSR_SWITCHED
#define F MSR_FORWARD

const struct msr_rule msr_policy[] = {
	/* first, last, root reads, root writes, a cell reads, a cell writes: reason */
	{ 0x00000000, 0x00000001, A, A, A, D }, /* P5 machine check; a cell may look */
	{ 0x00000006, 0x00000006, A, A, A, D }, /* monitor filter size: of the core */
	/* time-stamp counter: a CPU takes it from cell to cell */
	{ 0x00000010, 0x00000010, A, A, A, D },
	{ 0x00000017, 0x00000017, A, D, A, D }, /* platform id */
	/* IA32_APIC_BASE: mode may change, place may not */
	{ 0x0000001b, 0x0000001b, MSR_CHECK_APIC_BASE, MSR_CHECK_APIC_BASE,
	  MSR_CHECK_APIC_BASE, MSR_CHECK_APIC_BASE },
	/* test control: split-lock detection, of the core */
	{ 0x00000033, 0x00000033, A, A, A, D },
	{ 0x00000034, 0x00000034, A, D, A, D }, /* count of SMIs */
	/* IA32_FEATURE_CONTROL: VMX is taken */
	{ 0x0000003a, 0x0000003a, MSR_SHOW_FEATURES, D, MSR_SHOW_FEATURES, D },
	{ 0x0000003b, 0x0000003b, A, A, A, D }, /* IA32_TSC_ADJUST: as the counter itself */
	/* IA32_SPEC_CTRL, IA32_PRED_CMD: mitigations, per CPU */
	{ 0x00000048, 0x00000049, A, A, A, A },
	/* serial number of the processor: as firmware left it; Linux tries to unlock it at start */
	{ 0x0000004e, 0x0000004f, A, I, D, D },
	/* microcode update: changes what all cells run on */
	{ 0x00000079, 0x00000079, D, D, D, D },
	/* microcode revision: written with 0 before CPUID reads it */
	{ 0x0000008b, 0x0000008b, A, A, A, I },
	{ 0x0000008c, 0x0000008f, D, D, D, D }, /* SGX launch keys: SGX is hidden */
	{ 0x000000c1, 0x000000c8, A, A, A, A }, /* performance counters, per CPU */
	{ 0x000000ce, 0x000000ce, A, D, A, D }, /* platform information */
	{ 0x000000cf, 0x000000cf, A, D, A, D }, /* core capabilities */
	{ 0x000000e1, 0x000000e1, A, A, A, A }, /* UMWAIT control, per CPU */
	/* C-state limits: package wide, would delay other cells */
	{ 0x000000e2, 0x000000e2, A, D, A, D },
	{ 0x000000e7, 0x000000e8, A, A, A, D }, /* MPERF, APERF: root reckons its clock from them */
	{ 0x000000fe, 0x000000fe, A, D, D, D }, /* MTRR capabilities */
	{ 0x0000010a, 0x0000010a, A, D, A, D }, /* IA32_ARCH_CAPABILITIES */
	{ 0x0000010b, 0x0000010b, A, A, D, D }, /* L1D flush: of the core */
	{ 0x0000010f, 0x0000010f, A, A, A, D }, /* TSX force abort: of the core */
	/* controls of TSX, microcode data sampling: of the core */
	{ 0x00000122, 0x00000123, A, A, A, D },
	/* MISC_FEATURE_ENABLES: CPUID faulting at user level, per CPU */
	{ 0x00000140, 0x00000140, A, A, A, A },
	/* SYSENTER: the cell's own, switched by the processor */
	{ 0x00000174, 0x00000176, A, A, A, A },
	/* machine checks: capabilities, status, what the CPU reports */
	{ 0x00000179, 0x0000017b, A, A, A, D },
	{ 0x00000186, 0x0000018d, A, A, A, A }, /* performance event selection, per CPU */
	{ 0x00000198, 0x00000198, A, D, A, D }, /* performance state */
	/* performance and clock control, thermal status, of the core: root's, as all of power */
	{ 0x00000199, 0x0000019d, A, A, A, D },
	/* IA32_MISC_ENABLE: SpeedStep, turbo, prefetchers */
	{ 0x000001a0, 0x000001a0, A, A, A, D },
	{ 0x000001a2, 0x000001a2, A, D, A, D }, /* temperature target: package wide */
	{ 0x000001a4, 0x000001a4, A, A, A, D }, /* prefetchers: of the core */
	{ 0x000001a6, 0x000001a7, A, A, A, D }, /* off-core response: of the core */
	{ 0x000001aa, 0x000001aa, A, D, D, D }, /* power management: package wide */
	{ 0x000001ad, 0x000001ae, A, D, A, D }, /* turbo ratios: package wide */
	/* energy/performance bias: set for full performance while the CPU is lent */
	{ 0x000001b0, 0x000001b0, A, A, A, D },
	/* package thermal status and its interrupt to this CPU */
	{ 0x000001b1, 0x000001b2, A, A, A, D },
	{ 0x000001c4, 0x000001c5, A, A, A, A }, /* extended feature disable (XFD), per CPU */
	/* last-branch records: show where the CPU's previous owner was */
	{ 0x000001c8, 0x000001c9, A, A, D, D },
	/* IA32_DEBUGCTL: the cell's own, switched by the processor */
	{ 0x000001d9, 0x000001d9, A, A, A, A },
	/* last branch and exception: as last-branch records */
	{ 0x000001db, 0x000001de, A, A, D, D },
	{ 0x000001f8, 0x000001fa, A, A, A, D }, /* direct cache access: platform */
	{ 0x000001fc, 0x000001fc, A, D, D, D }, /* power control: package wide */
	/* MTRRs: memory types come from the cell's map; root writes them at each start */
	{ 0x00000200, 0x00000213, A, I, D, D },
	{ 0x00000250, 0x00000250, A, I, D, D }, /* fixed MTRRs */
	{ 0x00000258, 0x00000259, A, I, D, D }, /* fixed MTRRs */
	{ 0x00000268, 0x0000026f, A, I, D, D }, /* fixed MTRRs */
	/* IA32_PAT: the cell's own, switched by the processor */
	{ 0x00000277, 0x00000277, A, A, A, A },
	/* corrected machine-check interrupts: some banks are of the package */
	{ 0x00000280, 0x0000029f, A, A, A, D },
	{ 0x000002ff, 0x000002ff, A, I, D, D }, /* default memory type */
	{ 0x00000300, 0x00000300, A, D, A, D }, /* load latency or MISC PMU (reads only) */
	{ 0x00000309, 0x0000030c, A, A, A, A }, /* fixed performance counters, per CPU */
	{ 0x00000329, 0x00000329, A, A, A, A }, /* performance metrics, per CPU */
	{ 0x00000345, 0x00000345, A, D, A, D }, /* performance capabilities */
	{ 0x0000038d, 0x00000391, A, A, A, A }, /* performance counter control, per CPU */
	/* PEBS: its buffer is written while the hypervisor runs too */
	{ 0x000003f1, 0x000003f1, I, D, I, D },
	{ 0x000003f8, 0x000003ff, A, D, D, D }, /* residency of deep sleep states */
	{ 0x00000400, 0x0000047f, A, A, A, D }, /* machine-check banks, some of the package */
	{ 0x00000480, 0x00000493, D, D, D, D }, /* VMX capabilities: VMX is hidden */
	{ 0x000004c1, 0x000004c8, A, A, A, A }, /* performance counters in full width, per CPU */
	{ 0x000004e0, 0x000004e0, A, D, D, D }, /* SMM feature control */
	/* Processor Trace: writes to physical addresses past the map */
	{ 0x00000560, 0x0000058f, D, D, D, D },
	/* debug store area: written while the hypervisor runs too */
	{ 0x00000600, 0x00000600, I, D, I, D },
	/* power: package wide; consumption tells what others compute */
	{ 0x00000601, 0x00000606, A, D, D, D },
	/* sleep-state latencies and residency: package wide */
	{ 0x0000060a, 0x0000060d, A, D, D, D },
	{ 0x00000610, 0x0000061e, A, D, D, D }, /* package and memory power: package wide */
	{ 0x00000620, 0x00000621, A, D, D, D }, /* uncore ratio: package wide */
	/* sleep-state residency, power of planes: package wide */
	{ 0x00000630, 0x0000065f, A, D, D, D },
	{ 0x00000680, 0x0000069f, A, A, D, D }, /* last-branch records */
	/* CET: shadow stacks and branch tracking, per CPU */
	{ 0x000006a0, 0x000006a8, A, A, A, A },
	{ 0x000006a9, 0x000006bf, A, A, D, D }, /* last-branch records */
	{ 0x000006c0, 0x000006df, A, A, D, D }, /* last-branch records */
	{ 0x000006e0, 0x000006e0, A, A, A, A }, /* IA32_TSC_DEADLINE, per CPU */
	{ 0x000006e1, 0x000006e1, A, A, A, A }, /* IA32_PKRS, per CPU */
	{ 0x00000770, 0x00000771, A, A, A, D }, /* hardware P-states: enable and capabilities */
	/* hardware P-states: request for the whole package */
	{ 0x00000772, 0x00000772, A, D, D, D },
	/* hardware P-states, per CPU: set for full performance while the CPU is lent */
	{ 0x00000773, 0x00000777, A, A, A, D },
	{ 0x00000802, 0x00000803, A, D, A, D }, /* x2APIC: id and version */
	{ 0x00000808, 0x00000808, A, A, A, A }, /* x2APIC: task priority */
	{ 0x0000080a, 0x0000080a, A, D, A, D }, /* x2APIC: processor priority */
	{ 0x0000080b, 0x0000080b, D, A, D, A }, /* x2APIC: end of interrupt */
	{ 0x0000080d, 0x0000080d, A, D, A, D }, /* x2APIC: logical id */
	{ 0x0000080f, 0x0000080f, A, A, A, A }, /* x2APIC: spurious interrupts */
	{ 0x00000810, 0x00000827, A, D, A, D }, /* x2APIC: in service, trigger mode, requests */
	{ 0x00000828, 0x00000828, A, A, A, A }, /* x2APIC: error status */
	/* x2APIC: local vector of corrected machine checks; a cell's must be no SMI */
	{ 0x0000082f, 0x0000082f, A, A, A, MSR_CHECK_LOCAL },
	/* x2APIC: interrupts to other CPUs */
	{ 0x00000830, 0x00000830, A, MSR_FILTER_ICR, A, MSR_FILTER_ICR },
	/*
	 * x2APIC: local vectors of timer, thermal sensor, counters, LINT0, LINT1 and errors; no
	 * SMIs of cells. Only SDM vol. 3A, 10.5.1, has no delivery mode in the first and the last
	 * (APM vol. 2, 16.4); a timer at work writes its count or deadline, not its vector.
	 */
	{ 0x00000832, 0x00000837, A, A, A, MSR_CHECK_LOCAL },
	{ 0x00000838, 0x00000838, A, A, A, A }, /* x2APIC: timer's initial count */
	{ 0x00000839, 0x00000839, A, D, A, D }, /* x2APIC: current count */
	{ 0x0000083e, 0x0000083e, A, A, A, A }, /* x2APIC: timer divider */
	{ 0x0000083f, 0x0000083f, D, A, D, A }, /* x2APIC: interrupt to self */
	/* x2APIC of AMD: what its extension has, and how it is set; its local vectors */
	{ 0x00000840, 0x00000841, A, D, D, D },
	{ 0x00000850, 0x00000853, A, A, D, D },
	{ 0x00000c80, 0x00000c80, A, D, D, D }, /* silicon debug interface */
	{ 0x00000c81, 0x00000c84, A, A, D, D }, /* cache allocation: divides what all cells share */
	{ 0x00000c8d, 0x00000c8f, A, A, D, D }, /* cache monitoring, class of service: the same */
	{ 0x00000c90, 0x00000d8f, A, A, D, D }, /* cache allocation masks: the same */
	{ 0x00000d90, 0x00000d90, A, A, A, A }, /* MPX bounds configuration */
	{ 0x00000da0, 0x00000da0, A, A, A, A }, /* IA32_XSS, per CPU */
	/* hardware feedback: the processor writes its table by physical address, past the map */
	{ 0x000017d0, 0x000017d1, A, I, D, D },
	{ 0x000017d2, 0x000017d2, A, D, D, D }, /* hardware feedback: class of the running thread */
	{ 0xc0000080, 0xc0000080, S, S, S, S }, /* EFER; under SVM its SVME is the hypervisor's */
	{ 0xc0000081, 0xc0000084, A, A, A, A }, /* STAR, LSTAR, CSTAR, FMASK */
	/* MPERF, APERF, retired instructions: read-only copies */
	{ 0xc00000e7, 0xc00000e9, A, D, A, D },
	{ 0xc0000100, 0xc0000103, A, A, A, A }, /* FS, GS and kernel GS base, TSC_AUX */
	/* TSC ratio: scales what guests read, the hypervisor's to use */
	{ 0xc0000104, 0xc0000104, D, D, D, D },
	{ 0xc0000108, 0xc0000108, A, A, A, D }, /* prefetchers: of the core */
	/* last-branch records: show where the CPU's previous owner was */
	{ 0xc000010e, 0xc000010f, A, A, D, D },
	{ 0xc0000200, 0xc000020f, A, A, D, D }, /* memory bandwidth: divides what all cells share */
	{ 0xc0000300, 0xc0000303, A, A, A, A }, /* performance counter control, per CPU */
	{ 0xc0000410, 0xc0000410, A, A, D, D }, /* where machine checks of the package interrupt */
	/* machine-check banks, some of the package; Linux looks at all of them by and by */
	{ 0xc0002000, 0xc0002fff, F, F, D, D },
	{ 0xc0010000, 0xc0010007, A, A, A, A }, /* performance counters, per CPU */
	/* SYSCFG: DRAM and memory encryption, the same on all CPUs */
	{ 0xc0010010, 0xc0010010, A, D, D, D },
	/* HWCR: boost, what MWAIT, WBINVD and machine checks do; of the core or the package */
	{ 0xc0010015, 0xc0010015, A, A, A, D },
	/* I/O range registers, TOP_MEM, TOP_MEM2: send memory addresses to devices */
	{ 0xc0010016, 0xc001001a, A, D, D, D },
	{ 0xc001001d, 0xc001001d, A, D, D, D }, /* the same */
	/* NB_CFG: of the package; Linux sets a bit at each start that is set already */
	{ 0xc001001f, 0xc001001f, A, I, D, D },
	/* microcode update: changes what all cells run on */
	{ 0xc0010020, 0xc0010020, D, D, D, D },
	{ 0xc0010030, 0xc0010035, A, D, A, D }, /* the processor's name, as CPUID tells it */
	{ 0xc001003e, 0xc001003e, A, D, D, D }, /* thermal control: package wide */
	{ 0xc0010044, 0xc001004a, A, A, D, D }, /* what of machine checks is looked for */
	/* SMIs on accesses to ports, trigger of SMIs: SMM runs outside of all walls */
	{ 0xc0010050, 0xc0010054, D, D, D, D },
	{ 0xc0010055, 0xc0010055, A, D, D, D }, /* C1E: package wide; Linux looks for it */
	{ 0xc0010056, 0xc0010056, D, D, D, D }, /* trigger of SMIs, as above */
	/* where PCI configuration space is in memory: chosen by firmware */
	{ 0xc0010058, 0xc0010058, A, D, D, D },
	{ 0xc0010061, 0xc0010061, A, D, A, D }, /* performance state limit */
	/* performance state control: root's, as all of power */
	{ 0xc0010062, 0xc0010062, A, A, A, D },
	/* performance state status; what the states are: package wide */
	{ 0xc0010063, 0xc001006b, A, D, A, D },
	{ 0xc0010070, 0xc0010071, A, D, A, D }, /* frequency and voltage: package wide */
	{ 0xc0010073, 0xc0010074, A, D, D, D }, /* ports of C-states, watchdog: package wide */
	{ 0xc0010111, 0xc0010113, A, D, D, D }, /* where memory of SMM is */
	/* VM_CR: SVM is taken */
	{ 0xc0010114, 0xc0010114, MSR_SHOW_FEATURES, D, MSR_SHOW_FEATURES, D },
	{ 0xc0010115, 0xc0010115, A, A, D, D }, /* IGNNE: FPU errors as of old, by a pin */
	{ 0xc0010116, 0xc0010116, D, D, D, D }, /* SMM_CTL: enters and leaves SMM */
	/* VM_HSAVE_PA: the processor writes the hypervisor's state there, past the map; SVM_KEY */
	{ 0xc0010117, 0xc0010118, D, D, D, D },
	/* AVIC doorbell: interrupts any APIC id; memory encryption of guests: past the map */
	{ 0xc001011b, 0xc001011b, D, D, D, D },
	{ 0xc001011e, 0xc001011e, D, D, D, D },
	{ 0xc001011f, 0xc001011f, A, A, A, A }, /* VIRT_SPEC_CTRL: mitigations, per CPU */
	/* GHCB, SEV status, tables of page owners: encrypted guests are hidden */
	{ 0xc0010130, 0xc0010138, D, D, D, D },
	{ 0xc0010140, 0xc0010141, A, D, A, D }, /* workarounds that the processor needs */
	{ 0xc0010200, 0xc001020f, A, A, A, A }, /* performance counters, per CPU */
	/* counters of shared caches and memory, for RDPMC too: tell what others do */
	{ 0xc0010230, 0xc001023b, A, A, D, D },
	{ 0xc0010240, 0xc001024f, A, A, D, D }, /* the same */
	/* power: consumption tells what others compute */
	{ 0xc0010299, 0xc001029b, A, D, D, D },
	/* collaborative performance control: set for full performance while the CPU is lent */
	{ 0xc00102b0, 0xc00102b4, A, A, A, D },
	/* serial number of the processor: as firmware left it; Linux tries to unlock it at start */
	{ 0xc00102f0, 0xc00102f1, A, I, D, D },
	{ 0xc0010300, 0xc001031f, A, A, D, D }, /* last-branch records */
	{ 0xc0010400, 0xc001047f, A, A, D, D }, /* what of machine checks is looked for */
	/* what CPUID says, of the core; Linux may try to show a feature at start */
	{ 0xc0011002, 0xc0011005, A, I, A, D },
	{ 0xc0011019, 0xc001101b, A, A, A, A }, /* masks of debug registers 1 to 3, per CPU */
	/* LS_CFG, IC_CFG, DC_CFG: mitigations and workarounds, of the core */
	{ 0xc0011020, 0xc0011023, A, A, A, D },
	{ 0xc0011027, 0xc0011027, A, A, A, A }, /* mask of debug register 0, per CPU */
	/* FP_CFG, DE_CFG and others: mitigations and workarounds, of the core */
	{ 0xc0011028, 0xc001102e, A, A, A, D },
	/* instruction-based sampling: shows physical addresses, and the hypervisor's code */
	{ 0xc0011030, 0xc001103d, A, A, D, D },
	{ 0xc00110e3, 0xc00110e3, A, A, A, D }, /* a workaround, of the core */
};
const size_t msr_policy_rules = BH_ARRAY_SIZE(msr_policy);

/*
 * What a board or cell file cannot give: it would reach past the walls, or the hypervisor needs it.
 */
static const struct bh_msrs never_given[] = {
	{ 0x0000001b, 0x0000001b }, /* IA32_APIC_BASE moves the APIC over other memory */
	{ 0x0000003a, 0x0000003a }, /* IA32_FEATURE_CONTROL */
	{ 0x00000079, 0x00000079 }, /* microcode update */
	{ 0x0000009b, 0x0000009e }, /* SMM monitor, SMBASE */
	{ 0x000001f2, 0x000001f3 }, /* memory of SMM */
	{ 0x000003f1, 0x000003f1 }, /* PEBS */
	{ 0x00000480, 0x00000493 }, /* VMX capabilities */
	{ 0x00000560, 0x0000058f }, /* Processor Trace */
	{ 0x00000600, 0x00000600 }, /* debug store area */
	{ 0x00000830, 0x00000830 }, /* x2APIC ICR */
	{ 0x00000985, 0x0000098a }, /* user interrupts: SENDUIPI sends to any APIC id */
	{ 0x000017d0, 0x000017d1 }, /* hardware feedback: written by physical address */
	{ 0xc0000080, 0xc0000080 }, /* EFER: under SVM a bit of it is the hypervisor's */
	{ 0xc0000104, 0xc0000104 }, /* TSC ratio */
	{ 0xc0010010, 0xc0010010 }, /* SYSCFG */
	{ 0xc0010016, 0xc001001a }, /* I/O range registers, TOP_MEM: routes of memory addresses */
	{ 0xc001001d, 0xc001001d }, /* TOP_MEM2 */
	{ 0xc0010020, 0xc0010020 }, /* microcode update */
	{ 0xc0010050, 0xc0010054 }, /* SMIs on accesses to ports */
	{ 0xc0010056, 0xc0010056 }, /* trigger of SMIs */
	{ 0xc0010058, 0xc0010058 }, /* place of PCI configuration space */
	{ 0xc0010111, 0xc0010118 }, /* memory of SMM, VM_CR, SMM_CTL, VM_HSAVE_PA, SVM_KEY */
	{ 0xc001011b, 0xc001011b }, /* AVIC doorbell */
	{ 0xc001011e, 0xc001011e }, /* memory encryption */
	{ 0xc0010130, 0xc0010138 }, /* GHCB, SEV status, tables of page owners */
};

#undef A
#undef D
#undef I
#undef S
#undef F

/*
 * Each map covers ranges of as many registers, one behind the other: the bitmap of VMX the first
 * two (SDM vol. 3C, 24.6.9), the permission map of SVM all three (APM vol. 2, 15.11).
 */
#define RANGE_SIZE 0x2000u
static const uint32_t range_starts[] = { 0, 0xc0000000, 0xc0010000 };
static const unsigned int range_counts[BH_BACKENDS] = {
	[BH_BACKEND_VMX] = 2, [BH_BACKEND_SVM] = 3,
};

/* The range that has the register; one that is not the map's if none has. */
static unsigned int range_of(uint32_t msr)
{
	unsigned int i;

	for (i = 0; i < BH_ARRAY_SIZE(range_starts); i++)
		if (msr - range_starts[i] < RANGE_SIZE)
			break;
	return i;
}

static bool is_in_map(enum bh_backend backend, uint32_t msr)
{
	return range_of(msr) < range_counts[backend];
}

static struct msr_row row_of(const struct msr_rule *rule, enum msr_who who)
{
	return (struct msr_row){
		.first = rule->first, .last = rule->last,
		.read = who == MSR_OF_ROOT ? rule->root_read : rule->cell_read,
		.write = who == MSR_OF_ROOT ? rule->root_write : rule->cell_write,
	};
}

/* What no rule names is denied. */
static struct msr_row find(enum msr_who who, uint32_t msr)
{
	size_t low = 0, high = msr_policy_rules;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (msr > msr_policy[middle].last)
			low = middle + 1;
		else if (msr < msr_policy[middle].first)
			high = middle;
		else
			return row_of(&msr_policy[middle], who);
	}
	return (struct msr_row){ .first = msr, .last = msr, .read = MSR_DENY, .write = MSR_DENY };
}

enum msr_action msr_action_read(enum msr_who who, uint32_t msr)
{
	return (enum msr_action)find(who, msr).read;
}

enum msr_action msr_action_write(enum msr_who who, uint32_t msr)
{
	return (enum msr_action)find(who, msr).write;
}

static bool is_passed(enum bh_backend backend, uint8_t action)
{
	return action == MSR_ALLOW || (action == MSR_SWITCHED && backend == BH_BACKEND_VMX);
}

static bool is_served(enum bh_backend backend, uint8_t action)
{
	return action != MSR_DENY && !is_passed(backend, action);
}

static bool has_row(enum bh_backend backend, const struct msr_row *row)
{
	return backend == BH_BACKEND_SVM || row->last <= MSR_VMX_LAST;
}

void msr_served_init(struct msr_served *served, enum bh_backend backend, enum msr_who who)
{
	size_t i;

	served->count = 0;
	for (i = 0; i < msr_policy_rules; i++) {
		struct msr_row row = row_of(&msr_policy[i], who);

		if (has_row(backend, &row) &&
		    (is_served(backend, row.read) || is_served(backend, row.write)) &&
		    served->count < MSR_SERVED_ROWS)
			served->rows[served->count++] = row;
	}
}

bool msr_may_be_given(enum bh_backend backend, uint32_t msr)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(never_given); i++)
		if (msr - never_given[i].first <= never_given[i].last - never_given[i].first)
			return false;
	return is_in_map(backend, msr);
}

/* Lets a guest read, or write, the registers of a range. */
typedef void let_through(uint8_t *map, unsigned int range, uint32_t first, uint32_t last,
			 bool write);

/* 1 KiB each for reads of low and high registers, then the same for writes. */
static void let_through_vmx(uint8_t *map, unsigned int range, uint32_t first, uint32_t last,
			    bool write)
{
	bits_clear(map + (write * range_counts[BH_BACKEND_VMX] + range) * RANGE_SIZE / 8, first,
		   last);
}

/* 2 KiB for each range. */
static void let_through_svm(uint8_t *map, unsigned int range, uint32_t first, uint32_t last,
			    bool write)
{
	uint32_t i;

	for (i = 2 * (range * RANGE_SIZE + first) + write;
	     i <= 2 * (range * RANGE_SIZE + last) + write; i += 2)
		bits_clear(map, i, i);
}

/* All registers lie in one range: the table is written so, and given ones are checked. */
static void let_row_through(uint8_t *map, enum bh_backend backend, let_through *let,
			    const struct msr_row *row)
{
	unsigned int range = range_of(row->first);

	if (range >= range_counts[backend])
		return;
	if (is_passed(backend, row->read))
		let(map, range, row->first % RANGE_SIZE, row->last % RANGE_SIZE, false);
	if (is_passed(backend, row->write))
		let(map, range, row->first % RANGE_SIZE, row->last % RANGE_SIZE, true);
}

static void fill(uint8_t *map, enum bh_backend backend, let_through *let, enum msr_who who,
		 const struct bh_msrs *given, uint32_t count)
{
	size_t i;

	for (i = 0; i < msr_policy_rules; i++) {
		struct msr_row row = row_of(&msr_policy[i], who);

		let_row_through(map, backend, let, &row);
	}
	for (i = 0; i < count; i++) {
		const struct msr_row row = {
			.first = given[i].first, .last = given[i].last,
			.read = MSR_ALLOW, .write = MSR_ALLOW,
		};

		let_row_through(map, backend, let, &row);
	}
}

static void close_all(uint8_t *map, size_t size)
{
	while (size-- > 0)
		map[size] = 0xff;
}

void msr_bitmap_fill(uint8_t *bitmap, enum msr_who who, const struct bh_msrs *given,
		     uint32_t count)
{
	close_all(bitmap, BH_PAGE_SIZE);
	fill(bitmap, BH_BACKEND_VMX, let_through_vmx, who, given, count);
}

void msr_permission_fill(uint8_t *map, enum msr_who who, const struct bh_msrs *given,
			 uint32_t count)
{
	close_all(map, MSR_PERMISSION_PAGES * BH_PAGE_SIZE);
	fill(map, BH_BACKEND_SVM, let_through_svm, who, given, count);
}

bool msr_permission_reads(const uint8_t *map, uint32_t msr)
{
	uint32_t bit = 2 * (range_of(msr) * RANGE_SIZE + msr % RANGE_SIZE);

	return is_in_map(BH_BACKEND_SVM, msr) && !(map[bit / 8] >> bit % 8 & 1);
}
