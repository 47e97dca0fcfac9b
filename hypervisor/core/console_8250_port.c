/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An 8250 UART behind I/O ports.
 */
#include "core/console.h"
#include "core/console_8250.h"
#include "x86/port.h"

static uint16_t base;

static void write_register(enum uart_register reg, uint8_t value)
{
	port_write8((uint16_t)(base + reg), value);
}

static uint8_t read_register(enum uart_register reg)
{
	return port_read8((uint16_t)(base + reg));
}

static const struct uart uart = { .write = write_register, .read = read_register };

static void open_port(const struct bh_console *console)
{
	base = (uint16_t)console->address;
	uart_open(&uart, console->divisor);
}

static void put(char c)
{
	uart_put(&uart, c);
}

const struct console_driver console_8250_port = {
	.type = BH_CONSOLE_8250_PORT, .open = open_port, .put = put,
};
