/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The periodic interrupt of the real-time clock; Motorola MC146818A data sheet, register A (rate),
 * B (what may interrupt) and C (what did, cleared by reading). Its time is nobody's business here.
 */
#include <inmate/hpet.h>

#include <inmate/cpu.h>

#define PORT_INDEX  0x70
#define PORT_DATA   0x71
#define REGISTER_A  0x8au /* bit 7 keeps NMIs out while the index is set: nobody else does it */
#define REGISTER_B  0x8bu
#define REGISTER_C  0x8cu
#define REGISTER_D  0x0du /* read last: the index is left where it does no harm */
#define A_RATE      0x0fu
#define B_PERIODIC  (1u << 6)
#define C_PERIODIC  (1u << 6)
#define BASE_HZ     32768u /* rate n is BASE_HZ / 2^(n - 1) */
#define RATE_FAST   3u     /* 8,192 Hz; 1 and 2 are those of 256 and 128 Hz once more */
#define RATE_SLOW   15u

static uint8_t rtc_read(uint8_t reg)
{
	uint8_t value;

	port_out8(PORT_INDEX, reg);
	value = port_in8(PORT_DATA);
	port_out8(PORT_INDEX, REGISTER_D);
	return value;
}

static void rtc_write(uint8_t reg, uint8_t value)
{
	port_out8(PORT_INDEX, reg);
	port_out8(PORT_DATA, value);
	port_out8(PORT_INDEX, REGISTER_D);
}

unsigned int rtc_periodic(unsigned int hz)
{
	bool were_on = interrupts_save();
	uint8_t rate = RATE_FAST;

	while (rate < RATE_SLOW && BASE_HZ >> (rate - 1) > hz)
		rate++;
	rtc_write(REGISTER_A, (rtc_read(REGISTER_A) & (uint8_t)~A_RATE) | rate);
	rtc_write(REGISTER_B, rtc_read(REGISTER_B) | B_PERIODIC);
	/* What is pending from before would keep the line where it is. */
	rtc_read(REGISTER_C);
	interrupts_restore(were_on);
	return BASE_HZ >> (rate - 1);
}

void rtc_stop(void)
{
	bool were_on = interrupts_save();

	rtc_write(REGISTER_B, rtc_read(REGISTER_B) & (uint8_t)~B_PERIODIC);
	rtc_read(REGISTER_C);
	interrupts_restore(were_on);
}

bool rtc_interrupt(void)
{
	return rtc_read(REGISTER_C) & C_PERIODIC;
}
