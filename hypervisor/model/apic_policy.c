/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of xAPIC registers that a cell may write, the rest is denied; and whom an interrupt
 * command reaches.
 */
#include "model/apic_policy.h"

const uint8_t apic_write_actions[APIC_REGISTERS] = {
	[0x080 >> 4] = APIC_PASS, /* task priority */
	[0x0b0 >> 4] = APIC_PASS, /* end of interrupt */
	[0x0d0 >> 4] = APIC_LOGICAL, /* logical destination */
	[0x0e0 >> 4] = APIC_LOGICAL, /* destination format */
	[0x0f0 >> 4] = APIC_PASS, /* spurious interrupts, software enable */
	[0x280 >> 4] = APIC_PASS, /* error status */
	[0x2f0 >> 4] = APIC_LOCAL, /* local vector: corrected machine checks */
	[0x300 >> 4] = APIC_SEND, /* interrupt command */
	[0x310 >> 4] = APIC_PASS, /* its destination; acts only with the command */
	[0x320 >> 4] = APIC_LOCAL, /* local vector: timer */
	[0x330 >> 4] = APIC_LOCAL, /* local vector: thermal sensor */
	[0x340 >> 4] = APIC_LOCAL, /* local vector: performance counters */
	[0x350 >> 4] = APIC_LOCAL, /* local vector: LINT0 */
	[0x360 >> 4] = APIC_LOCAL, /* local vector: LINT1 */
	[0x370 >> 4] = APIC_LOCAL, /* local vector: error */
	[0x380 >> 4] = APIC_PASS, /* timer: initial count */
	[0x3e0 >> 4] = APIC_PASS, /* timer: divider */
	[0x500 >> 4] = APIC_LOCAL, /* AMD's extended local vectors, until 0x530 */
	[0x510 >> 4] = APIC_LOCAL,
	[0x520 >> 4] = APIC_LOCAL,
	[0x530 >> 4] = APIC_LOCAL,
};

bool apic_local_is_own(uint32_t offset, uint32_t value)
{
	uint32_t mode = value >> 8 & 7;

	if (offset >= APIC_EXTENDED_LVT)
		return false;
	return (value & APIC_LVT_MASKED) || mode == ICR_FIXED || mode == ICR_NMI;
}

#define BROADCAST_XAPIC  0xffu
#define BROADCAST_X2APIC 0xffffffffu
#define DFR_FLAT         0xfu

/* The logical id follows from the APIC id: 16 CPUs a cluster (SDM vol. 3A, 10.12.10.2). */
static uint32_t logical_x2apic(uint32_t apic_id)
{
	return (apic_id >> 4) << 16 | 1u << (apic_id & 15);
}

/* SDM vol. 3A, 10.6.2.2: flat, a bit a CPU; cluster, a number (15: all) and four bits. */
static bool reaches_logical_xapic(uint32_t destination, const struct apic_target *target)
{
	uint32_t id = target->logical >> 24;

	if (target->format >> 28 == DFR_FLAT)
		return (id & destination) != 0;
	return (destination >> 4 == id >> 4 || destination >> 4 == 15) && (id & destination & 15);
}

/*
 * An APIC in xAPIC mode sees the low byte of whatever is sent; one in x2APIC mode takes a byte for
 * a destination in cluster 0.
 */
static bool reaches_logical(uint32_t destination, const struct apic_target *target)
{
	uint32_t logical;

	if (!target->x2apic)
		return reaches_logical_xapic(destination & 0xff, target);
	logical = logical_x2apic(target->apic_id);
	return destination >> 16 == logical >> 16 && (destination & logical & 0xffff);
}

/* Broadcasts go to every APIC, logical ones too, whatever its logical id (10.6.2.2, 10.12.9). */
bool icr_reaches(const struct icr *icr, bool x2apic, const struct apic_target *target)
{
	uint32_t seen = target->x2apic ? icr->destination : icr->destination & 0xff;

	if (icr->destination == (x2apic ? BROADCAST_X2APIC : BROADCAST_XAPIC) ||
	    (!target->x2apic && seen == BROADCAST_XAPIC))
		return true;
	if (icr->logical)
		return reaches_logical(icr->destination, target);
	return seen == target->apic_id;
}

void icr_filter_init(struct icr_filter *filter)
{
	*filter = (struct icr_filter){ .alone = 1 };
}

void icr_filter_add_own(struct icr_filter *filter, uint32_t apic_id)
{
	if (apic_id < 256)
		filter->own[apic_id / 64] |= 1ULL << apic_id % 64;
}

/*
 * Both modes count, since the CPU may be on its way from one to the other. Some bit is always set,
 * so that a broadcast never passes at a glance.
 */
void icr_filter_add_foreign(struct icr_filter *filter, const struct apic_target *target)
{
	uint32_t bits = target->logical >> 24;

	if (target->apic_id < 8)
		bits |= 1u << target->apic_id;
	filter->foreign_logical |= bits ? bits : 0x80;
	filter->alone = 0;
}
