/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A 16550 by interrupts; National Semiconductor PC16550D data sheet, 8.0. Its line to the interrupt
 * controller is a level of its own making, that an edge is seen of: so it is served until it says
 * that nothing is pending.
 */
#include <inmate/serial.h>

#include <inmate/cpu.h>

/* Registers, from the port on. */
enum uart {
	UART_DATA = 0,       /* divisor, low byte, while LINE_DIVISOR is set */
	UART_INTERRUPTS = 1, /* divisor, high byte, likewise */
	UART_CAUSE = 2,      /* to be read; written, it is what follows */
	UART_FIFO = 2,
	UART_LINE = 3,
	UART_MODEM = 4,
	UART_STATUS = 5,
	UART_MODEM_STATUS = 6,
	UART_SCRATCH = 7,
};

#define WANT_RECEIVED  0x01u
#define WANT_ROOM      0x02u
#define WANT_STATUS    0x04u
#define CAUSE_NONE     0x01u
#define CAUSE          0x0eu
#define CAUSE_MODEM    0x00u
#define CAUSE_ROOM     0x02u
#define FIFO_ON        0x07u /* and empty; an interrupt at each byte */
#define FIFO_SIZE      16
#define LINE_8N1       0x03u
#define LINE_DIVISOR   0x80u
#define MODEM_ON       0x0bu /* DTR, RTS, and OUT2, which lets the interrupt out on a PC */
#define STATUS_RECEIVED 0x01u
#define STATUS_OVERRUN 0x02u
#define STATUS_ROOM    0x20u /* the FIFO is empty */
#define STATUS_IDLE    0x40u
#define PATTERN        0x5au

static uint8_t uart_read(const struct serial *serial, enum uart reg)
{
	return port_in8((uint16_t)(serial->port + reg));
}

static void uart_write(const struct serial *serial, enum uart reg, uint8_t value)
{
	port_out8((uint16_t)(serial->port + reg), value);
}

static bool queue_put(struct serial_queue *queue, uint8_t byte)
{
	if (queue->written - queue->taken == SERIAL_QUEUE)
		return false;
	queue->bytes[queue->written % SERIAL_QUEUE] = byte;
	/* The byte is there before it is said to be: the other side may be on another CPU. */
	__atomic_store_n(&queue->written, queue->written + 1, __ATOMIC_RELEASE);
	return true;
}

static bool queue_take(struct serial_queue *queue, uint8_t *byte)
{
	if (__atomic_load_n(&queue->written, __ATOMIC_ACQUIRE) == queue->taken)
		return false;
	*byte = queue->bytes[queue->taken % SERIAL_QUEUE];
	__atomic_store_n(&queue->taken, queue->taken + 1, __ATOMIC_RELEASE);
	return true;
}

bool serial_open(struct serial *serial, uint16_t port, uint16_t divisor)
{
	*serial = (struct serial){ .port = port };
	uart_write(serial, UART_SCRATCH, PATTERN);
	if (uart_read(serial, UART_SCRATCH) != PATTERN)
		return false;
	uart_write(serial, UART_INTERRUPTS, 0);
	uart_write(serial, UART_LINE, LINE_DIVISOR);
	uart_write(serial, UART_DATA, (uint8_t)divisor);
	uart_write(serial, UART_INTERRUPTS, (uint8_t)(divisor >> 8));
	uart_write(serial, UART_LINE, LINE_8N1);
	uart_write(serial, UART_FIFO, FIFO_ON);
	uart_write(serial, UART_MODEM, MODEM_ON);
	/* What was pending would keep the line high, and no edge would ever come. */
	uart_read(serial, UART_STATUS);
	uart_read(serial, UART_MODEM_STATUS);
	uart_read(serial, UART_DATA);
	uart_read(serial, UART_CAUSE);
	serial->enabled = WANT_RECEIVED | WANT_STATUS;
	uart_write(serial, UART_INTERRUPTS, serial->enabled);
	return true;
}

void serial_close(struct serial *serial)
{
	uart_write(serial, UART_INTERRUPTS, 0);
	uart_write(serial, UART_MODEM, 0);
}

size_t serial_read(struct serial *serial, void *bytes, size_t size)
{
	uint8_t *to = bytes;
	size_t count = 0;

	while (count < size && queue_take(&serial->in, &to[count]))
		count++;
	return count;
}

static void want_room(struct serial *serial, bool wanted)
{
	serial->enabled = WANT_RECEIVED | WANT_STATUS | (wanted ? WANT_ROOM : 0);
	uart_write(serial, UART_INTERRUPTS, serial->enabled);
}

/* Switching the interrupt on raises it if there is room: the first byte goes that way too. */
size_t serial_write(struct serial *serial, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;
	size_t count = 0;
	bool were_on;

	while (count < size && queue_put(&serial->out, from[count]))
		count++;
	were_on = interrupts_save();
	if (count && !(serial->enabled & WANT_ROOM))
		want_room(serial, true);
	interrupts_restore(were_on);
	return count;
}

bool serial_is_idle(const struct serial *serial)
{
	return serial->out.written == serial->out.taken &&
	       uart_read(serial, UART_STATUS) & STATUS_IDLE;
}

static void receive(struct serial *serial)
{
	uint8_t status;

	while ((status = uart_read(serial, UART_STATUS)) & STATUS_RECEIVED) {
		if (status & STATUS_OVERRUN)
			serial->lost++;
		if (!queue_put(&serial->in, uart_read(serial, UART_DATA)))
			serial->lost++;
	}
}

static void transmit(struct serial *serial)
{
	uint8_t byte;
	int room;

	if (!(uart_read(serial, UART_STATUS) & STATUS_ROOM))
		return;
	for (room = FIFO_SIZE; room > 0 && queue_take(&serial->out, &byte); room--)
		uart_write(serial, UART_DATA, byte);
	if (room == FIFO_SIZE)
		want_room(serial, false);
}

void serial_interrupt(struct serial *serial)
{
	uint8_t cause;

	serial->interrupts++;
	while (!((cause = uart_read(serial, UART_CAUSE)) & CAUSE_NONE)) {
		if ((cause & CAUSE) == CAUSE_ROOM)
			transmit(serial);
		else if ((cause & CAUSE) == CAUSE_MODEM)
			uart_read(serial, UART_MODEM_STATUS);
		else
			receive(serial);
	}
}
