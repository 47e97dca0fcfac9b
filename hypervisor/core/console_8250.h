/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of an 8250 UART and what both ways of reaching one share. Polled, write only.
 */
#ifndef CORE_CONSOLE_8250_H
#define CORE_CONSOLE_8250_H

#include <bulkhead/config.h>

enum uart_register {
	UART_DATA = 0,    /* transmit holding; divisor low while LCR.DLAB is set */
	UART_IER = 1,     /* interrupt enable; divisor high while LCR.DLAB is set */
	UART_FCR = 2,
	UART_LCR = 3,
	UART_MCR = 4,
	UART_LSR = 5,
};

#define UART_LCR_8N1     0x03
#define UART_LCR_DLAB    0x80
#define UART_MCR_DTR_RTS 0x03
#define UART_LSR_THRE    0x20

struct uart {
	void (*write)(enum uart_register reg, uint8_t value);
	uint8_t (*read)(enum uart_register reg);
};

static inline void uart_open(const struct uart *uart, uint32_t divisor)
{
	uart->write(UART_IER, 0);
	if (divisor != 0) {
		uart->write(UART_LCR, UART_LCR_8N1 | UART_LCR_DLAB);
		uart->write(UART_DATA, (uint8_t)divisor);
		uart->write(UART_IER, (uint8_t)(divisor >> 8));
		uart->write(UART_LCR, UART_LCR_8N1);
	}
	uart->write(UART_MCR, UART_MCR_DTR_RTS);
}

/* Waits for room, but not for ever: a UART that is not there must not stop the machine. */
static inline void uart_put(const struct uart *uart, char c)
{
	unsigned int tries;

	for (tries = 0; tries < 100000; tries++) {
		if (uart->read(UART_LSR) & UART_LSR_THRE)
			break;
		__builtin_ia32_pause();
	}
	uart->write(UART_DATA, (uint8_t)c);
}

#endif
