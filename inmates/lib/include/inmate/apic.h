/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC of the calling CPU, in x2APIC mode (the default, without VM exits but for IPIs) or
 * in xAPIC mode. Registers go by their offset in the page of xAPIC mode; SDM vol. 3A, table 10-1.
 */
#ifndef INMATE_APIC_H
#define INMATE_APIC_H

#include <stdbool.h>
#include <stdint.h>

enum apic_register {
	APIC_ID = 0x20,
	APIC_VERSION = 0x30,
	APIC_TASK_PRIORITY = 0x80,
	APIC_EOI = 0xb0,
	APIC_SPURIOUS = 0xf0,
	APIC_IN_SERVICE = 0x100,
	APIC_REQUESTS = 0x200,
	APIC_ERROR = 0x280,
	APIC_COMMAND = 0x300,
	APIC_COMMAND_HIGH = 0x310, /* xAPIC mode only */
	APIC_TIMER = 0x320,
	APIC_TIMER_COUNT = 0x380,
	APIC_TIMER_NOW = 0x390,
	APIC_TIMER_DIVIDE = 0x3e0,
};

/* What apic_send() sends; a fixed interrupt has its vector added, a start-up the page of code. */
#define APIC_SEND_FIXED   0x4000u
#define APIC_SEND_NMI     0x4400u
#define APIC_SEND_INIT    0x4500u
#define APIC_SEND_STARTUP 0x4600u

/*
 * Switches this CPU's APIC on; a CPU that smp.h starts does so by itself, in the same mode. Returns
 * whether it is in x2APIC mode: where it is in that mode already it stays in it, and a processor
 * without x2APIC has only xAPIC.
 */
bool apic_open(bool want_x2apic);
bool apic_is_x2apic(void);

uint32_t apic_read(enum apic_register reg);
void apic_write(enum apic_register reg, uint32_t value);
uint32_t apic_id(void);

/* Sends to the CPU with this APIC id; returns when it is on its way. */
void apic_send(uint32_t to, uint32_t what);

#endif
