/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of xAPIC registers that a cell may write. The rest is denied.
 */
#include "model/apic_policy.h"

const uint8_t apic_write_actions[APIC_REGISTERS] = {
	[0x080 >> 4] = APIC_PASS, /* task priority */
	[0x0b0 >> 4] = APIC_PASS, /* end of interrupt */
	[0x0d0 >> 4] = APIC_PASS, /* logical destination */
	[0x0e0 >> 4] = APIC_PASS, /* destination format */
	[0x0f0 >> 4] = APIC_PASS, /* spurious interrupts, software enable */
	[0x280 >> 4] = APIC_PASS, /* error status */
	[0x2f0 >> 4] = APIC_PASS, /* local vector: corrected machine checks */
	[0x300 >> 4] = APIC_SEND, /* interrupt command */
	[0x310 >> 4] = APIC_PASS, /* its destination; acts only with the command */
	[0x320 >> 4] = APIC_PASS, /* local vector: timer */
	[0x330 >> 4] = APIC_PASS, /* local vector: thermal sensor */
	[0x340 >> 4] = APIC_PASS, /* local vector: performance counters */
	[0x350 >> 4] = APIC_PASS, /* local vector: LINT0 */
	[0x360 >> 4] = APIC_PASS, /* local vector: LINT1 */
	[0x370 >> 4] = APIC_PASS, /* local vector: error */
	[0x380 >> 4] = APIC_PASS, /* timer: initial count */
	[0x3e0 >> 4] = APIC_PASS, /* timer: divider */
};
