/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of model-specific registers (SDM vol. 4) and the bitmap from it. Read it from top to
 * bottom: one row a register or range, with a reason.
 */
#include "model/msr_policy.h"

#define A MSR_ALLOW
#define D MSR_DENY
#define I MSR_IGNORE

const struct msr_row msr_policy[] = {
	/* first, last, read, write: reason */
	{ 0x00000000, 0x00000001, A, A }, /* P5 machine check, per CPU */
	{ 0x00000006, 0x00000006, A, A }, /* monitor filter size, per CPU */
	{ 0x00000010, 0x00000010, A, A }, /* time-stamp counter, per CPU */
	{ 0x00000017, 0x00000017, A, D }, /* platform id */
	/* IA32_APIC_BASE: mode may change, place may not */
	{ 0x0000001b, 0x0000001b, A, MSR_CHECK_APIC_BASE },
	{ 0x00000033, 0x00000033, A, A }, /* test control: split-lock detection, per core */
	{ 0x00000034, 0x00000034, A, D }, /* count of SMIs */
	{ 0x0000003a, 0x0000003a, MSR_SHOW_FEATURES, D }, /* IA32_FEATURE_CONTROL: VMX is taken */
	{ 0x0000003b, 0x0000003b, A, A }, /* IA32_TSC_ADJUST, per CPU */
	{ 0x00000048, 0x00000049, A, A }, /* IA32_SPEC_CTRL, IA32_PRED_CMD: mitigations, per CPU */
	/*
	 * serial number of the processor: as firmware left it; Linux tries to unlock it at each
	 * start
	 */
	{ 0x0000004e, 0x0000004f, A, I },
	{ 0x00000079, 0x00000079, D, D }, /* microcode update: changes what all cells run on */
	/* microcode revision: written with 0 before CPUID reads it */
	{ 0x0000008b, 0x0000008b, A, A },
	{ 0x0000008c, 0x0000008f, D, D }, /* SGX launch keys: SGX is hidden */
	{ 0x000000c1, 0x000000c8, A, A }, /* performance counters, per CPU */
	{ 0x000000ce, 0x000000ce, A, D }, /* platform information */
	{ 0x000000cf, 0x000000cf, A, D }, /* core capabilities */
	{ 0x000000e1, 0x000000e1, A, A }, /* UMWAIT control, per CPU */
	/* C-state limits: package wide, would delay other cells */
	{ 0x000000e2, 0x000000e2, A, D },
	{ 0x000000e7, 0x000000e8, A, A }, /* MPERF, APERF, per CPU */
	{ 0x000000fe, 0x000000fe, A, D }, /* MTRR capabilities */
	{ 0x0000010a, 0x0000010a, A, D }, /* IA32_ARCH_CAPABILITIES */
	{ 0x0000010b, 0x0000010b, A, A }, /* L1D flush, per core */
	{ 0x0000010f, 0x0000010f, A, A }, /* TSX force abort, per core */
	{ 0x00000122, 0x00000123, A, A }, /* TSX and microcode-data-sampling controls, per core */
	/* MISC_FEATURE_ENABLES: CPUID faulting at user level, per CPU */
	{ 0x00000140, 0x00000140, A, A },
	{ 0x00000174, 0x00000176, A, A }, /* SYSENTER: the cell's own, switched by the processor */
	{ 0x00000179, 0x0000017a, A, A }, /* machine-check capabilities and status */
	{ 0x00000186, 0x0000018d, A, A }, /* performance event selection, per CPU */
	{ 0x00000198, 0x00000198, A, D }, /* performance state */
	/* performance and clock control, thermal status, per core */
	{ 0x00000199, 0x0000019c, A, A },
	{ 0x0000019d, 0x0000019d, A, A }, /* thermal control 2, per core */
	{ 0x000001a0, 0x000001a0, A, A }, /* IA32_MISC_ENABLE, per CPU */
	{ 0x000001a2, 0x000001a2, A, D }, /* temperature target: package wide */
	{ 0x000001a4, 0x000001a4, A, A }, /* prefetchers, per core */
	{ 0x000001a6, 0x000001a7, A, A }, /* off-core response, per CPU */
	{ 0x000001aa, 0x000001aa, A, D }, /* power management: package wide */
	{ 0x000001ad, 0x000001ae, A, D }, /* turbo ratios: package wide */
	{ 0x000001b0, 0x000001b0, A, A }, /* energy/performance bias, per CPU */
	{ 0x000001b1, 0x000001b2, A, A }, /* package thermal status and its interrupt to this CPU */
	{ 0x000001c4, 0x000001c5, A, A }, /* extended feature disable (XFD), per CPU */
	{ 0x000001c8, 0x000001c9, A, A }, /* last-branch records, per CPU */
	/* IA32_DEBUGCTL: the cell's own, switched by the processor */
	{ 0x000001d9, 0x000001d9, A, A },
	{ 0x000001db, 0x000001de, A, A }, /* last branch and exception, per CPU */
	{ 0x000001f8, 0x000001fa, A, A }, /* direct cache access, per CPU */
	{ 0x000001fc, 0x000001fc, A, D }, /* power control: package wide */
	{ 0x00000200, 0x00000213, A, I }, /* MTRRs: memory types come from the cell's map */
	{ 0x00000250, 0x00000250, A, I }, /* fixed MTRRs */
	{ 0x00000258, 0x00000259, A, I }, /* fixed MTRRs */
	{ 0x00000268, 0x0000026f, A, I }, /* fixed MTRRs */
	{ 0x00000277, 0x00000277, A, A }, /* IA32_PAT: the cell's own, switched by the processor */
	{ 0x00000280, 0x0000029f, A, A }, /* corrected machine-check interrupts, per CPU */
	{ 0x000002ff, 0x000002ff, A, I }, /* default memory type */
	{ 0x00000300, 0x00000300, A, D }, /* load latency or MISC PMU (reads only) */
	{ 0x00000309, 0x0000030c, A, A }, /* fixed performance counters, per CPU */
	{ 0x00000329, 0x00000329, A, A }, /* performance metrics, per CPU */
	{ 0x00000345, 0x00000345, A, D }, /* performance capabilities */
	{ 0x0000038d, 0x00000391, A, A }, /* performance counter control, per CPU */
	/* PEBS: its buffer is written while the hypervisor runs too */
	{ 0x000003f1, 0x000003f1, I, D },
	{ 0x000003f8, 0x000003ff, A, D }, /* residency of deep sleep states */
	{ 0x00000400, 0x0000047f, A, A }, /* machine-check banks */
	{ 0x00000480, 0x00000493, D, D }, /* VMX capabilities: VMX is hidden */
	{ 0x000004c1, 0x000004c8, A, A }, /* performance counters in full width, per CPU */
	{ 0x000004e0, 0x000004e0, A, D }, /* SMM feature control */
	/* Processor Trace: writes to physical addresses past the map */
	{ 0x00000560, 0x0000058f, D, D },
	/* debug store area: written while the hypervisor runs too */
	{ 0x00000600, 0x00000600, I, D },
	{ 0x00000601, 0x00000605, A, D }, /* power: package wide */
	{ 0x00000606, 0x00000606, A, D }, /* units of power */
	{ 0x0000060a, 0x0000060d, A, D }, /* sleep-state latencies and residency: package wide */
	{ 0x00000610, 0x0000061e, A, D }, /* package and memory power: package wide */
	{ 0x00000620, 0x00000621, A, D }, /* uncore ratio: package wide */
	{ 0x00000630, 0x0000065f, A, D }, /* sleep-state residency, power of planes: package wide */
	/* last-branch records; CET state (0x6a0 to 0x6a8), per CPU */
	{ 0x00000680, 0x000006bf, A, A },
	{ 0x000006c0, 0x000006df, A, A }, /* last-branch records, per CPU */
	{ 0x000006e0, 0x000006e0, A, A }, /* IA32_TSC_DEADLINE, per CPU */
	{ 0x000006e1, 0x000006e1, A, A }, /* IA32_PKRS, per CPU */
	{ 0x00000770, 0x00000771, A, A }, /* hardware P-states: enable and capabilities */
	{ 0x00000772, 0x00000772, A, D }, /* hardware P-states: request for the whole package */
	{ 0x00000773, 0x00000777, A, A }, /* hardware P-states, per CPU */
	{ 0x00000802, 0x00000803, A, D }, /* x2APIC: id and version */
	{ 0x00000808, 0x00000808, A, A }, /* x2APIC: task priority */
	{ 0x0000080a, 0x0000080a, A, D }, /* x2APIC: processor priority */
	{ 0x0000080b, 0x0000080b, D, A }, /* x2APIC: end of interrupt */
	{ 0x0000080d, 0x0000080d, A, D }, /* x2APIC: logical id */
	{ 0x0000080f, 0x0000080f, A, A }, /* x2APIC: spurious interrupts */
	{ 0x00000810, 0x00000827, A, D }, /* x2APIC: in service, trigger mode, requests */
	{ 0x00000828, 0x00000828, A, A }, /* x2APIC: error status */
	{ 0x0000082f, 0x0000082f, A, A }, /* x2APIC: corrected machine checks */
	{ 0x00000830, 0x00000830, A, MSR_FILTER_ICR }, /* x2APIC: interrupts to other CPUs */
	{ 0x00000832, 0x00000838, A, A }, /* x2APIC: local vectors and timer */
	{ 0x00000839, 0x00000839, A, D }, /* x2APIC: current count */
	{ 0x0000083e, 0x0000083e, A, A }, /* x2APIC: timer divider */
	{ 0x0000083f, 0x0000083f, D, A }, /* x2APIC: interrupt to self */
	{ 0x00000c80, 0x00000c80, A, D }, /* silicon debug interface */
	{ 0x00000c81, 0x00000c84, A, A }, /* cache allocation */
	{ 0x00000c8d, 0x00000c8f, A, A }, /* cache monitoring, class of service, per CPU */
	{ 0x00000c90, 0x00000d8f, A, A }, /* cache allocation masks */
	{ 0x00000d90, 0x00000d90, A, A }, /* MPX bounds configuration */
	{ 0x00000da0, 0x00000da0, A, A }, /* IA32_XSS, per CPU */
	{ 0x000017d0, 0x000017d2, A, A }, /* hardware feedback classes, per CPU */
	/* EFER (switched by the processor), STAR, LSTAR, CSTAR, FMASK */
	{ 0xc0000080, 0xc0000084, A, A },
	{ 0xc0000100, 0xc0000103, A, A }, /* FS, GS and kernel GS base, TSC_AUX */
};
const size_t msr_policy_rows = BH_ARRAY_SIZE(msr_policy);

/*
 * Where cells other than root may do less: these rows go before those above. Root runs the machine,
 * so clock, power, caches and errors are its business; a cell must not slow down or blind others.
 */
static const struct msr_row less_for_cells[] = {
	{ 0x00000000, 0x00000001, A, D }, /* machine checks are root's to clear */
	{ 0x00000033, 0x00000033, A, D }, /* split-lock detection: for both threads of the core */
	{ 0x0000008b, 0x0000008b, A, I }, /* microcode revision */
	{ 0x00000122, 0x00000123, A, D }, /* TSX and mitigation controls: for both threads */
	{ 0x00000179, 0x0000017a, A, D }, /* machine-check capabilities and status */
	{ 0x00000199, 0x0000019d, A, D }, /* performance, clock and thermal control */
	{ 0x000001a0, 0x000001a0, A, D }, /* IA32_MISC_ENABLE: SpeedStep, turbo, prefetchers */
	{ 0x000001a4, 0x000001a4, A, D }, /* prefetchers: for both threads of the core */
	{ 0x000001b0, 0x000001b2, A, D }, /* energy bias: set for full performance; thermal status */
	{ 0x000001f8, 0x000001fa, A, D }, /* direct cache access: platform */
	{ 0x00000280, 0x0000029f, A, D }, /* corrected machine-check interrupts: shared banks */
	{ 0x00000400, 0x0000047f, A, D }, /* machine-check banks, some of them shared */
	{ 0x00000770, 0x00000777, A, D }, /* hardware P-states: set for full performance */
	{ 0x00000c81, 0x00000c84, A, D }, /* cache allocation is for all cells of the socket */
	{ 0x00000c8d, 0x00000d8f, A, D }, /* class of service and its masks: the same */
	{ 0x000017d0, 0x000017d2, A, D }, /* hardware feedback: platform */
};

/*
 * What a board or cell file cannot give: it would reach past the walls, or the hypervisor needs it.
 */
static const struct msr_row never_given[] = {
	{ 0x0000001b, 0x0000001b, D, D }, /* IA32_APIC_BASE moves the APIC over other memory */
	{ 0x0000003a, 0x0000003a, D, D }, /* IA32_FEATURE_CONTROL */
	{ 0x00000079, 0x00000079, D, D }, /* microcode update */
	{ 0x0000009b, 0x0000009e, D, D }, /* SMM monitor, SMBASE */
	{ 0x000003f1, 0x000003f1, D, D }, /* PEBS */
	{ 0x00000480, 0x00000493, D, D }, /* VMX capabilities */
	{ 0x00000560, 0x0000058f, D, D }, /* Processor Trace */
	{ 0x00000600, 0x00000600, D, D }, /* debug store area */
	{ 0x00000830, 0x00000830, D, D }, /* x2APIC ICR */
};

#undef A
#undef D
#undef I

/* The bitmap's two ranges, 0 to 0x1fff and 0xc0000000 to 0xc0001fff; see msr_bitmap_fill(). */
#define BITMAP_LOW_LAST   0x1fffu
#define BITMAP_HIGH_FIRST 0xc0000000u

static bool is_in_bitmap(uint32_t msr)
{
	return msr <= BITMAP_LOW_LAST || msr - BITMAP_HIGH_FIRST <= BITMAP_LOW_LAST;
}

static const struct msr_row *find(const struct msr_row *rows, size_t count, uint32_t msr)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (msr > rows[middle].last)
			low = middle + 1;
		else if (msr < rows[middle].first)
			high = middle;
		else
			return &rows[middle];
	}
	return NULL;
}

/* The row that decides for one register; null: denied. */
static const struct msr_row *row_of(enum msr_who who, uint32_t msr)
{
	const struct msr_row *less = NULL;

	if (who == MSR_OF_CELL)
		less = find(less_for_cells, BH_ARRAY_SIZE(less_for_cells), msr);
	return less ? less : find(msr_policy, msr_policy_rows, msr);
}

enum msr_action msr_action_read(enum msr_who who, uint32_t msr)
{
	const struct msr_row *row = row_of(who, msr);

	return row ? (enum msr_action)row->read : MSR_DENY;
}

enum msr_action msr_action_write(enum msr_who who, uint32_t msr)
{
	const struct msr_row *row = row_of(who, msr);

	return row ? (enum msr_action)row->write : MSR_DENY;
}

static bool is_served(uint8_t action)
{
	return action != MSR_ALLOW && action != MSR_DENY;
}

static void add_served(struct msr_served *served, const struct msr_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if ((is_served(rows[i].read) || is_served(rows[i].write)) &&
		    served->count < MSR_SERVED_ROWS)
			served->rows[served->count++] = rows[i];
}

/* The first row that holds a register decides, so those for cells go first. */
void msr_served_init(struct msr_served *served, enum msr_who who)
{
	served->count = 0;
	if (who == MSR_OF_CELL)
		add_served(served, less_for_cells, BH_ARRAY_SIZE(less_for_cells));
	add_served(served, msr_policy, msr_policy_rows);
}

bool msr_may_be_given(uint32_t msr)
{
	/* Only what the bitmap covers can be reached without an exit. */
	return is_in_bitmap(msr) && !find(never_given, BH_ARRAY_SIZE(never_given), msr);
}

/* Four quarters: reads of the low and of the high range, then writes. */
#define BITMAP_QUARTER    1024u
#define BITMAP_WRITES     (2 * BITMAP_QUARTER)

static void set_bit(uint8_t *bitmap, uint32_t half, uint32_t msr, bool traps)
{
	uint32_t quarter = msr >= BITMAP_HIGH_FIRST ? BITMAP_QUARTER : 0;
	uint32_t bit = msr & BITMAP_LOW_LAST;
	uint8_t *byte = &bitmap[half + quarter + bit / 8];

	*byte = (uint8_t)((*byte & ~(1u << bit % 8)) | (unsigned int)traps << bit % 8);
}

/* first and last lie in the same range: the table is written so, and given ranges are checked. */
static void set_range(uint8_t *bitmap, uint32_t first, uint32_t last, uint8_t read, uint8_t write)
{
	uint32_t msr;

	for (msr = first; msr <= last && is_in_bitmap(msr); msr++) {
		set_bit(bitmap, 0, msr, read != MSR_ALLOW);
		set_bit(bitmap, BITMAP_WRITES, msr, write != MSR_ALLOW);
	}
}

static void set_rows(uint8_t *bitmap, const struct msr_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		set_range(bitmap, rows[i].first, rows[i].last, rows[i].read, rows[i].write);
}

void msr_bitmap_fill(uint8_t bitmap[BH_PAGE_SIZE], enum msr_who who, const struct bh_msrs *given,
		     uint32_t count)
{
	size_t i;

	for (i = 0; i < BH_PAGE_SIZE; i++)
		bitmap[i] = 0xff;
	set_rows(bitmap, msr_policy, msr_policy_rows);
	if (who == MSR_OF_CELL)
		set_rows(bitmap, less_for_cells, BH_ARRAY_SIZE(less_for_cells));
	for (i = 0; i < count; i++)
		set_range(bitmap, given[i].first, given[i].last, MSR_ALLOW, MSR_ALLOW);
}
