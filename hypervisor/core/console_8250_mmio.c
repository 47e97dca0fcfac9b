/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An 8250 UART with memory-mapped registers, one or four bytes apart. Its page is in the
 * hypervisor's map at HV_CONSOLE.
 */
#include "core/console.h"
#include "core/console_8250.h"
#include "model/layout.h"

static uint64_t base;
static uint32_t stride;

static void write_register(enum uart_register reg, uint8_t value)
{
	if (stride == 4)
		*(volatile uint32_t *)(base + reg * 4ULL) = value;
	else
		*(volatile uint8_t *)(base + reg) = value;
}

static uint8_t read_register(enum uart_register reg)
{
	if (stride == 4)
		return (uint8_t)*(volatile uint32_t *)(base + reg * 4ULL);
	return *(volatile uint8_t *)(base + reg);
}

static const struct uart uart = { .write = write_register, .read = read_register };

static void open_memory(const struct bh_console *console)
{
	base = HV_CONSOLE + (console->address & BH_PAGE_MASK);
	stride = console->stride;
	uart_open(&uart, console->divisor);
}

static void put(char c)
{
	uart_put(&uart, c);
}

const struct console_driver console_8250_mmio = {
	.type = BH_CONSOLE_8250_MMIO, .open = open_memory, .put = put,
};
