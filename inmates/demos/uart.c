/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A serial port by interrupts: sends back what it receives, letters as capitals, until count=N
 * bytes have come, a byte 4 (Ctrl-D), or it is asked to end. The words:
 *
 *	port=N      its first I/O port, 0x2f8 (COM2) if nothing is said
 *	pin=N       the I/O APIC's pin of its line, 3 if nothing is said
 *	divisor=N   of 115,200 baud, 1 if nothing is said
 *	count=N     bytes to answer
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/interrupt.h>
#include <inmate/ioapic.h>
#include <inmate/serial.h>
#include <inmate/words.h>

#define VECTOR      0x52
#define COM2        0x2f8u
#define END_OF_TEXT 4
#define PIECE       64u

static struct serial serial;

static void interrupted(struct interrupt_frame *frame)
{
	(void)frame;
	serial_interrupt(&serial);
}

static void send(const uint8_t *bytes, size_t size)
{
	size_t sent = 0;

	while ((sent += serial_write(&serial, bytes + sent, size - sent)) < size)
		cpu_wait();
}

/* Interrupts are off but in cpu_wait(): what comes after the last look ends the wait. */
static uint64_t echo(uint64_t count)
{
	uint8_t bytes[PIECE];
	uint64_t total = 0;
	size_t size, i;
	bool ended = false;

	while (!ended && total < count && !cell_shutdown_asked()) {
		size = serial_read(&serial, bytes, sizeof(bytes));
		if (size == 0) {
			cpu_wait();
			continue;
		}
		for (i = 0; i < size; i++) {
			ended |= bytes[i] == END_OF_TEXT;
			bytes[i] = (uint8_t)toupper(bytes[i]);
		}
		send(bytes, size);
		total += size;
		cell_heartbeat();
	}
	return total;
}

int main(int argc, char **argv)
{
	uint16_t port = (uint16_t)words_number(argv, "port", COM2);
	unsigned int pin = (unsigned int)words_number(argv, "pin", IOAPIC_PIN_COM2);
	uint64_t total;

	(void)argc;
	apic_open(true);
	interrupts_off();
	interrupt_handle(VECTOR, interrupted);
	if (!serial_open(&serial, port, (uint16_t)words_number(argv, "divisor", 1))) {
		printf("There is no serial port at 0x%x.\n", port);
		return 1;
	}
	if (!ioapic_route(pin, VECTOR, apic_id(), IOAPIC_EDGE)) {
		printf("Pin %u of the I/O APIC is not ours.\n", pin);
		return 1;
	}
	printf("Serial port 0x%x, pin %u: echoing.\n", port, pin);
	total = echo(words_number(argv, "count", UINT64_MAX));
	interrupts_on();
	while (!serial_is_idle(&serial))
		cpu_pause();
	interrupts_off();
	ioapic_mask(pin, true);
	serial_close(&serial);
	printf("%" PRIu64 " bytes, %" PRIu64 " interrupts, %" PRIu64 " lost\n", total,
	       serial.interrupts, serial.lost);
	cell_shutdown_accept();
	return interrupts_unexpected() ? 1 : 0;
}
