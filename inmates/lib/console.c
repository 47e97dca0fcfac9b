/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where text goes: to the cell's own UART, or to the hypervisor's log by hypercall, or to COM1 of a
 * bare machine. A cell without a communication page cannot know what it has, and stays silent.
 */
#include <inmate/cell.h>
#include <inmate/cpu.h>

#include "internal.h"

#define COM1          0x3f8
#define CALL_BYTES    16u
#define UART_DATA     0 /* divisor, low byte, while UART_DIVISOR is set */
#define UART_INTERRUPTS 1 /* divisor, high byte, likewise */
#define UART_FIFO     2
#define UART_LINE     3
#define UART_MODEM    4
#define UART_STATUS   5
#define UART_DIVISOR  0x80
#define UART_8N1      0x03
#define UART_FIFO_ON  0x07
#define UART_DTR_RTS  0x03
#define UART_RECEIVED 0x01
#define UART_ROOM     0x20

static struct bh_console uart;
static bool by_call;

static uint8_t uart_read(unsigned int reg)
{
	uint64_t at = uart.address + reg * uart.stride;

	if (uart.type == BH_CONSOLE_8250_PORT)
		return port_in8((uint16_t)at);
	if (uart.stride == 4)
		return (uint8_t)*(volatile uint32_t *)at;
	return *(volatile uint8_t *)at;
}

static void uart_write(unsigned int reg, uint8_t value)
{
	uint64_t at = uart.address + reg * uart.stride;

	if (uart.type == BH_CONSOLE_8250_PORT)
		port_out8((uint16_t)at, value);
	else if (uart.stride == 4)
		*(volatile uint32_t *)at = value;
	else
		*(volatile uint8_t *)at = value;
}

static void uart_open(void)
{
	uart_write(UART_INTERRUPTS, 0);
	if (uart.divisor) {
		uart_write(UART_LINE, UART_DIVISOR);
		uart_write(UART_DATA, (uint8_t)uart.divisor);
		uart_write(UART_INTERRUPTS, (uint8_t)(uart.divisor >> 8));
	}
	uart_write(UART_LINE, UART_8N1);
	uart_write(UART_FIFO, UART_FIFO_ON);
	uart_write(UART_MODEM, UART_DTR_RTS);
}

void console_open(void)
{
	volatile struct bh_comm *comm = cell_comm();

	if (comm) {
		uart = *(struct bh_console *)&comm->console;
		by_call = comm->flags & BH_CELL_LOG_CONSOLE;
	} else if (!cell_is_cell()) {
		uart = (struct bh_console){
			.type = BH_CONSOLE_8250_PORT, .stride = 1, .address = COM1, .divisor = 1,
		};
	}
	if (uart.type != BH_CONSOLE_NONE)
		uart_open();
}

static void uart_put(char byte)
{
	while (!(uart_read(UART_STATUS) & UART_ROOM))
		cpu_pause();
	uart_write(UART_DATA, (uint8_t)byte);
}

static void call_write(const char *text, size_t size)
{
	uint64_t words[2];
	size_t piece, i;

	for (; size; text += piece, size -= piece) {
		piece = size < CALL_BYTES ? size : CALL_BYTES;
		words[0] = words[1] = 0;
		for (i = 0; i < piece; i++)
			words[i / 8] |= (uint64_t)(uint8_t)text[i] << i % 8 * 8;
		cell_call(BH_HYPERCALL_CONSOLE, words[0], words[1], piece);
	}
}

void console_write(const char *text, size_t size)
{
	size_t i;

	if (by_call)
		call_write(text, size);
	if (uart.type == BH_CONSOLE_NONE)
		return;
	for (i = 0; i < size; i++) {
		if (text[i] == '\n')
			uart_put('\r');
		uart_put(text[i]);
	}
}

size_t console_read(char *text, size_t size)
{
	size_t count = 0;

	if (uart.type == BH_CONSOLE_NONE || size == 0)
		return 0;
	while (!(uart_read(UART_STATUS) & UART_RECEIVED))
		cpu_pause();
	while (count < size && uart_read(UART_STATUS) & UART_RECEIVED)
		text[count++] = (char)uart_read(UART_DATA);
	return count;
}
