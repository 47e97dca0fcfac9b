/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runtime of test programs; see runtime.h.
 */
#include "runtime.h"

#include <stdarg.h>

#include <bulkhead/call.h>

#include "machine.h"

#define TRAMPOLINE     0x8000u
#define APIC           0xfee00000u
#define APIC_ICR       0x300u
#define APIC_ICR_HIGH  0x310u
#define ICR_INIT       0x4500u
#define ICR_STARTUP    (0x4600u | TRAMPOLINE >> 12)
#define STACK_SIZE     8192u
#define CPUS_MAX       4u
#define UART_BARE      0x3f8u
#define UART_STATUS    5u
#define UART_EMPTY     0x20u
#define UART_LINE      3u
#define UART_LINE_8N1  0x03u
#define UART_LINE_DIVISOR 0x80u
#define SEND_TRIES     1000000u
#define LINE           160u
#define CONSOLE_BYTES  16u
#define MULTIBOOT_MAGIC 0x2badb002u
#define MULTIBOOT_HAS_COMMAND (1u << 2)
#define PIC_MASK_FIRST 0x21u
#define PIC_MASK_SECOND 0xa1u
#define PIC_MASK_ALL   0xffu

/* What a multiboot loader leaves; only as far as it is needed here. */
struct multiboot {
	uint32_t flags, lower_kib, upper_kib, boot_device, command_line;
};

extern uint32_t start_magic, start_comm, start_stack;
extern const uint8_t trampoline[], trampoline_end[];
void runtime_main(void) __attribute__((noreturn));
void runtime_other(void);
void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);

volatile struct bh_comm *comm;

static uint8_t stacks[CPUS_MAX][STACK_SIZE] __attribute__((aligned(16)));
static void (*volatile other_function)(void);
static volatile bool other_is_here;
static const char *arguments = "";
static char command_line[LINE];

/* The compiler calls these two. */
void *memset(void *to, int byte, size_t size)
{
	volatile uint8_t *bytes = to;

	while (size--)
		*bytes++ = (uint8_t)byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
	volatile uint8_t *bytes = to;
	const uint8_t *source = from;

	while (size--)
		*bytes++ = *source++;
	return to;
}

int64_t hypercall(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	static enum { UNKNOWN, VMCALL, VMMCALL } instruction;

	if (instruction == UNKNOWN)
		instruction = bh_call_is_vmmcall(comm) ? VMMCALL : VMCALL;
	return bh_call(instruction == VMMCALL, number, first, second, third);
}

static void uart_put(uint32_t port, char byte)
{
	uint32_t tries;

	for (tries = 0; tries < SEND_TRIES; tries++)
		if (port_read(port + UART_STATUS, 1) & UART_EMPTY)
			break;
	port_write(port, 1, (uint8_t)byte);
}

/* Eight bits, no parity, at the speed that the configuration says. */
static void uart_open(uint32_t port, uint32_t divisor)
{
	if (divisor) {
		port_write(port + UART_LINE, 1, UART_LINE_DIVISOR);
		port_write(port, 1, divisor);
		port_write(port + 1, 1, divisor >> 8);
	}
	port_write(port + UART_LINE, 1, UART_LINE_8N1);
}

static void log_put(const char *text, size_t size)
{
	uint64_t words[2];
	size_t i;

	for (i = 0; i < size; i += CONSOLE_BYTES) {
		size_t part = size - i < CONSOLE_BYTES ? size - i : CONSOLE_BYTES;

		words[0] = words[1] = 0;
		memcpy(words, text + i, part);
		hypercall(BH_HYPERCALL_CONSOLE, words[0], words[1], part);
	}
}

static void put(const char *text, size_t size)
{
	size_t i;

	if (comm && comm->console.type == BH_CONSOLE_NONE) {
		if (comm->flags & BH_CELL_LOG_CONSOLE)
			log_put(text, size);
		return;
	}
	for (i = 0; i < size; i++)
		uart_put(comm ? (uint32_t)comm->console.address : UART_BARE, text[i]);
}

static size_t number_format(char *to, uint64_t number, unsigned int base)
{
	char digits[20];
	size_t count = 0, i;

	do {
		digits[count++] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	for (i = 0; i < count; i++)
		to[i] = digits[count - 1 - i];
	return count;
}

void say(const char *format, ...)
{
	char line[LINE];
	size_t size = 0;
	va_list list;

	va_start(list, format);
	for (; *format && size < LINE - 24; format++) {
		const char *text;

		if (*format != '%') {
			line[size++] = *format;
			continue;
		}
		switch (*++format) {
		case 'u':
			size += number_format(line + size, va_arg(list, uint64_t), 10);
			break;
		case 'x':
			size += number_format(line + size, va_arg(list, uint64_t), 16);
			break;
		default:
			for (text = va_arg(list, const char *); *text && size < LINE - 24; text++)
				line[size++] = *text;
			break;
		}
	}
	va_end(list);
	put(line, size);
}

/* The place behind a word of the argument, or null. */
static const char *argument_find(const char *word)
{
	const char *at = arguments;
	size_t i;

	/* The address keeps the compiler from knowing what is there. */
	__asm__ volatile("" : "+r"(at));
	while (*at) {
		for (i = 0; word[i] && at[i] == word[i]; i++)
			;
		if (!word[i] && (at[i] == 0 || at[i] == ' ' || at[i] == '='))
			return at + i;
		while (*at && *at != ' ')
			at++;
		while (*at == ' ')
			at++;
	}
	return NULL;
}

bool argument_has(const char *word)
{
	return argument_find(word) != NULL;
}

/* Decimal, or as 0x1f; what is behind it. */
static const char *number_parse(const char *at, uint64_t *number)
{
	unsigned int base = at[0] == '0' && at[1] == 'x' ? 16 : 10;

	*number = 0;
	for (at += base == 16 ? 2 : 0;; at++) {
		unsigned int digit = *at >= 'a' ? (unsigned int)(*at - 'a') + 10
						: (unsigned int)(*at - '0');

		if (digit >= base)
			return at;
		*number = *number * base + digit;
	}
}

uint64_t argument_number(const char *word, uint64_t otherwise)
{
	const char *at = argument_find(word);
	uint64_t number = 0;

	if (!at || *at != '=')
		return otherwise;
	number_parse(at + 1, &number);
	return number;
}

bool argument_list(const char *word, size_t index, uint64_t *number)
{
	const char *at = argument_find(word);

	while (at && (*at == '=' || *at == ',')) {
		at = number_parse(at + 1, number);
		if (!index--)
			return true;
	}
	return false;
}

void finish(uint64_t code)
{
	if (comm)
		hypercall(BH_HYPERCALL_EXIT, code, 0, 0);
	/* A bare machine cannot end: it says so, for whoever watches it. */
	say("\nended with status %u%u%u\n", code / 100 % 10, code / 10 % 10, code % 10);
	for (;;)
		__asm__ volatile("cli\n\thlt");
}

void beat(void)
{
	if (!comm)
		return;
	comm->heartbeats++;
	if (comm->command != BH_COMM_SHUTDOWN)
		return;
	comm->reply = BH_COMM_ACCEPTED;
	finish(0);
}

static void icr_write(uint32_t apic_id, uint32_t command)
{
	if (msr_read(MSR_APIC_BASE) & APIC_BASE_X2APIC) {
		msr_write(MSR_X2APIC_ICR, (uint64_t)apic_id << 32 | command);
		return;
	}
	*(volatile uint32_t *)(uint64_t)(APIC + APIC_ICR_HIGH) = apic_id << 24;
	*(volatile uint32_t *)(uint64_t)(APIC + APIC_ICR) = command;
}

void cpu_start(unsigned int index, void (*function)(void))
{
	uint32_t apic_id = comm ? comm->apic_ids[index] : index;

	memcpy((void *)(uint64_t)TRAMPOLINE, trampoline, (size_t)(trampoline_end - trampoline));
	start_stack = (uint32_t)(uint64_t)stacks[index] + STACK_SIZE;
	other_function = function;
	other_is_here = false;
	icr_write(apic_id, ICR_INIT);
	icr_write(apic_id, ICR_STARTUP);
	while (!other_is_here)
		__asm__ volatile("pause");
}

void runtime_other(void)
{
	void (*function)(void) = other_function;

	other_is_here = true;
	function();
}

/* The firmware's interrupts would come with the numbers of exceptions. */
static void bare_open(const struct multiboot *info)
{
	port_write(PIC_MASK_FIRST, 1, PIC_MASK_ALL);
	port_write(PIC_MASK_SECOND, 1, PIC_MASK_ALL);
	uart_open(UART_BARE, 1);
	if (!(info->flags & MULTIBOOT_HAS_COMMAND))
		return;
	/* Copied: programs write what is in low memory. */
	memcpy(command_line, (const char *)(uint64_t)info->command_line, LINE - 1);
	arguments = command_line;
}

void runtime_main(void)
{
	if (start_magic == BH_BOOT_MAGIC)
		comm = (volatile struct bh_comm *)(uint64_t)start_comm;
	if (comm)
		arguments = (const char *)(uint64_t)RUNTIME_ARGUMENT;
	if (start_magic == MULTIBOOT_MAGIC)
		bare_open((const struct multiboot *)(uint64_t)start_comm);
	else if (!comm)
		uart_open(UART_BARE, 1);
	else if (comm->console.type == BH_CONSOLE_8250_PORT)
		uart_open((uint32_t)comm->console.address, comm->console.divisor);
	finish((uint64_t)main());
}
