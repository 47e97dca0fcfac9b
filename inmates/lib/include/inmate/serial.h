/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A serial port of a PC (16550) that works by interrupts: what comes in is kept until it is asked
 * for, what goes out is sent while the program does something else. Its interrupt is routed by the
 * program (ioapic.h), whose handler calls serial_interrupt(). Not for the port that the console is.
 */
#ifndef INMATE_SERIAL_H
#define INMATE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIAL_QUEUE 1024u

/* Written by one side and read by the other; the numbers count for ever. */
struct serial_queue {
	volatile uint32_t written, taken;
	uint8_t bytes[SERIAL_QUEUE];
};

struct serial {
	uint16_t port;
	uint8_t enabled; /* interrupts that the UART may send */
	struct serial_queue in, out;
	volatile uint64_t interrupts;
	volatile uint64_t lost; /* bytes that came while the queue, or the UART, was full */
};

/* 8 bits, no parity; the divisor of 115,200 baud. false: there is no UART. */
bool serial_open(struct serial *serial, uint16_t port, uint16_t divisor);
void serial_close(struct serial *serial);

/* Both return at once, with how many bytes they took. */
size_t serial_read(struct serial *serial, void *bytes, size_t size);
size_t serial_write(struct serial *serial, const void *bytes, size_t size);

/* Has all that was written left? */
bool serial_is_idle(const struct serial *serial);

/* Serves the UART until it has nothing more to say. */
void serial_interrupt(struct serial *serial);

#endif
