/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which model-specific registers a cell may touch: default is deny, what is allowed is a table. The
 * processor's MSR bitmap is derived from it. Serving the registers that trap is the backend's.
 */
#ifndef MODEL_MSR_POLICY_H
#define MODEL_MSR_POLICY_H

#include <bulkhead/config.h>
#include <bulkhead/types.h>

/* What happens at an access; reads and writes have one each. */
enum msr_action {
	MSR_DENY = 0,   /* #GP and a fault record */
	MSR_ALLOW,      /* straight to the register */
	MSR_IGNORE,     /* writes: dropped; reads: zero */
	MSR_CHECK_APIC_BASE, /* writes that keep the APIC in its place */
	MSR_FILTER_ICR, /* interrupts to CPUs of the cell */
	MSR_CHECK_LOCAL, /* x2APIC: local vectors by apic_local_is_own() */
	MSR_SHOW_FEATURES, /* IA32_FEATURE_CONTROL, VM_CR: read as locked, without VMX or SVM */
	/*
	 * The processor switches it from guest to guest: VMX as it is, so that it is let through;
	 * SVM not without a bit that is the hypervisor's (EFER.SVME), so that it exits.
	 */
	MSR_SWITCHED,
	/* As MSR_ALLOW, but no map reaches it: the hypervisor accesses it instead, guarded */
	MSR_FORWARD,
};

/* Whose accesses: root runs the machine, other cells do not. */
enum msr_who { MSR_OF_ROOT, MSR_OF_CELL };

/* All four columns are of enum msr_action. */
struct msr_rule {
	uint32_t first;
	uint32_t last; /* inclusive */
	uint8_t root_read;
	uint8_t root_write;
	uint8_t cell_read;
	uint8_t cell_write;
};

/* The rules in ascending order, without overlap. */
extern const struct msr_rule msr_policy[];
extern const size_t msr_policy_rules;

/* One rule, for one of the two. */
struct msr_row {
	uint32_t first;
	uint32_t last;
	uint8_t read;
	uint8_t write;
};

/*
 * The few rows that trap and are not plainly denied, in the table's order: what an exit has to look
 * through. Derived once.
 */
#define MSR_SERVED_ROWS 32
struct msr_served {
	uint32_t count;
	struct msr_row rows[MSR_SERVED_ROWS];
};
void msr_served_init(struct msr_served *served, enum bh_backend backend, enum msr_who who);

/* The row for a register that trapped, or null: denied. Inline, since exits are counted. */
static inline const struct msr_row *msr_served_find(const struct msr_served *served, uint32_t msr)
{
	const struct msr_row *row = served->rows;
	const struct msr_row *end = row + served->count;

	for (; row < end; row++)
		if (msr - row->first <= row->last - row->first)
			return row;
	return NULL;
}

/*
 * What the table says of a register; what no row names is denied. Registers above MSR_VMX_LAST are
 * AMD's alone: under VMX they are denied, whatever their rows say.
 */
#define MSR_VMX_LAST 0xc0001fffu
enum msr_action msr_action_read(enum msr_who who, uint32_t msr);
enum msr_action msr_action_write(enum msr_who who, uint32_t msr);

/*
 * May a board or cell file give it? Not what the hypervisor needs, or what reaches past the walls.
 */
bool msr_may_be_given(enum bh_backend backend, uint32_t msr);

/*
 * Fills the 4 KiB bitmap of VMX (SDM vol. 3C, 24.6.9): bits are set where an access exits. The
 * registers outside its two ranges always exit.
 */
void msr_bitmap_fill(uint8_t *bitmap, enum msr_who who, const struct bh_msrs *given,
		     uint32_t count);

/*
 * Fills the map of SVM (APM vol. 2, 15.11), which lies in two pages: two bits a register, the low
 * one for reads, the high one for writes, set where an access exits.
 */
#define MSR_PERMISSION_PAGES 2
void msr_permission_fill(uint8_t *map, enum msr_who who, const struct bh_msrs *given,
			 uint32_t count);

/* Does that map let a guest read the register? */
bool msr_permission_reads(const uint8_t *map, uint32_t msr);

#endif
