/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC as a cell may use it: what a write to each register does, and what an interrupt
 * command asks for. SDM vol. 3A, 10.4 (registers), 10.6 (ICR), 10.12 (x2APIC).
 */
#ifndef MODEL_APIC_POLICY_H
#define MODEL_APIC_POLICY_H

#include <bulkhead/types.h>

#define APIC_ID       0x020
#define APIC_VERSION  0x030
#define APIC_TPR      0x080
#define APIC_EOI      0x0b0
#define APIC_LDR      0x0d0
#define APIC_DFR      0x0e0
#define APIC_SVR      0x0f0
#define APIC_ISR      0x100
#define APIC_IRR      0x200
#define APIC_ESR      0x280
#define APIC_LVT_CMCI 0x2f0
#define APIC_ICR_LOW  0x300
#define APIC_ICR_HIGH 0x310
#define APIC_LVT_TIMER    0x320
#define APIC_LVT_THERMAL  0x330
#define APIC_LVT_COUNTERS 0x340
#define APIC_LVT_LINT0    0x350
#define APIC_LVT_LINT1    0x360
#define APIC_LVT_ERROR    0x370
#define APIC_TIMER_COUNT  0x380
#define APIC_TIMER_DIVIDER 0x3e0
/* AMD's extension (APM vol. 2, 16.3.5): what it has, and its local vectors */
#define APIC_EXTENDED_FEATURES 0x400
#define APIC_EXTENDED_LVT      0x500
#define APIC_EXTENDED_LVTS     4u

#define APIC_LVT_MASKED 0x10000u
#define APIC_SVR_RESET   0xffu
#define APIC_SVR_ENABLED (1u << 8)
#define APIC_VECTORS    256u

/* What happens at a 32-bit write to a register of the xAPIC page; all other widths are denied. */
enum apic_action {
	APIC_DENY = 0, /* read-only, reserved, or not the cell's to change */
	APIC_PASS,     /* straight to the register: concerns this CPU alone */
	APIC_SEND,     /* ICR low: filtered */
	APIC_LOGICAL,  /* LDR and DFR: the filter has to know them */
	APIC_LOCAL,    /* a local vector: other cells than root by apic_local_is_own() */
};

#define APIC_REGISTERS 84 /* one every 16 bytes up to 0x530 */
extern const uint8_t apic_write_actions[APIC_REGISTERS];

static inline enum apic_action apic_write_action(uint32_t offset)
{
	if (offset % 16 != 0 || offset / 16 >= APIC_REGISTERS)
		return APIC_DENY;
	return (enum apic_action)apic_write_actions[offset / 16];
}

/*
 * May a cell have such a local vector? A fixed interrupt and an NMI are its CPU's own affair. An
 * SMI stops the whole machine, and ExtINT takes interrupts off the machine's PIC; root may, as
 * firmware left some so. The extended ones tell of machine checks and sampling, which are root's.
 */
bool apic_local_is_own(uint32_t offset, uint32_t value);

/* How many extended local vectors an APIC has; features are read only where the version says so. */
static inline bool apic_is_extended(uint32_t version)
{
	return version >> 31;
}

static inline uint32_t apic_extended_lvts(uint32_t features)
{
	uint32_t count = features >> 16 & 0xff;

	return count < APIC_EXTENDED_LVTS ? count : APIC_EXTENDED_LVTS;
}

enum icr_mode {
	ICR_FIXED = 0,
	ICR_LOWEST = 1,
	ICR_SMI = 2,
	ICR_NMI = 4,
	ICR_INIT = 5,
	ICR_STARTUP = 6,
};

enum icr_shorthand {
	ICR_TO_DESTINATION = 0,
	ICR_TO_SELF = 1,
	ICR_TO_ALL = 2,
	ICR_TO_OTHERS = 3,
};

/* An interrupt command, whichever of the two APIC modes it was written in. */
struct icr {
	uint32_t destination; /* APIC id, or a logical destination */
	uint8_t vector;
	uint8_t mode;      /* enum icr_mode, or a reserved value */
	uint8_t shorthand; /* enum icr_shorthand */
	bool logical;
	bool deassert;     /* INIT level de-assert: no processor since the Pentium 4 acts on it */
};

static inline struct icr icr_decode(uint32_t low, uint32_t destination)
{
	return (struct icr){
		.destination = destination,
		.vector = (uint8_t)low,
		.mode = low >> 8 & 7,
		.shorthand = low >> 18 & 3,
		.logical = low >> 11 & 1,
		.deassert = !(low >> 14 & 1) && (low >> 15 & 1),
	};
}

/* A CPU as interrupts find it. */
struct apic_target {
	uint32_t apic_id;
	uint32_t x2apic;  /* 1: in x2APIC mode, where the logical id follows from the APIC id */
	uint32_t logical; /* xAPIC mode: LDR and DFR as they were written */
	uint32_t format;
};

/* Does the command reach that CPU by its destination? Shorthands are the caller's to look at. */
bool icr_reaches(const struct icr *icr, bool x2apic, const struct apic_target *target);

/*
 * What decides at a glance that a command of a cell stays inside it. It errs on one side only: what
 * it does not let through may still be harmless, which icr_reaches() then tells.
 */
struct icr_filter {
	uint64_t own[4];          /* the cell's APIC ids below 256 */
	uint32_t foreign_logical; /* bits of logical 8-bit destinations that might reach others */
	uint32_t alone;           /* 1: there are no CPUs but the cell's */
	uint32_t entries;         /* of an IOMMU that its messages may name, judged there */
};

/* An empty one belongs to a cell that is alone; then the CPUs of all cells are added. */
void icr_filter_init(struct icr_filter *filter);
void icr_filter_add_own(struct icr_filter *filter, uint32_t apic_id);
void icr_filter_add_foreign(struct icr_filter *filter, const struct apic_target *target);

#define ICR_SHORTHAND  0xc0000u
#define ICR_LOGICAL    0x800u
#define ICR_BUSY       0x1000u /* to be read only, but QEMU's APIC keeps what is written */
#define ICR_NOT_NORMAL 0x600u /* delivery modes but fixed and lowest priority */

/*
 * An ordinary interrupt that surely reaches nobody outside the cell: it goes out as it is. The mode
 * of the sender's APIC is a constant where this is called; xAPIC destinations have 8 bits.
 */
static inline bool icr_stays_inside(const struct icr_filter *filter, bool x2apic, uint32_t low,
				    uint32_t destination)
{
	if (low & ICR_NOT_NORMAL)
		return false;
	if ((low & ICR_SHORTHAND) == ICR_TO_SELF << 18 || filter->alone)
		return true;
	if (low & (ICR_SHORTHAND | ICR_LOGICAL))
		return !x2apic && (low & ICR_SHORTHAND) == 0 &&
		       (destination & filter->foreign_logical) == 0;
	return destination < 0xff && (filter->own[destination / 64] >> destination % 64 & 1);
}

#endif
