/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of interrupts, and whom they are given to. An exception that nobody wants ends the
 * program: its registers are written to the console without newlib, which may be in any state.
 */
#include <inmate/apic.h>
#include <inmate/cpu.h>
#include <inmate/interrupt.h>

#include "internal.h"

#define VECTORS        256
#define STUB_SIZE      16
#define SELECTOR_CODE  0x08
#define SELECTOR_DATA  0x10
#define GATE_INTERRUPT 0x8e /* present, privilege level 0, interrupts off; SDM vol. 3A, 6.14.1 */
#define EXIT_EXCEPTION 128
#define RFLAGS_FIXED   2

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t stack;
	uint8_t kind;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

extern const uint8_t interrupt_stubs[];
void interrupt_dispatch(struct interrupt_frame *frame);

static struct gate gates[VECTORS] __attribute__((aligned(16)));
static interrupt_handler handlers[VECTORS];
static uint64_t unexpected;
static volatile bool dying;

interrupt_handler interrupt_handle(uint8_t vector, interrupt_handler handler)
{
	return __atomic_exchange_n(&handlers[vector], handler, __ATOMIC_ACQ_REL);
}

uint64_t interrupts_unexpected(void)
{
	return __atomic_load_n(&unexpected, __ATOMIC_RELAXED);
}

void interrupt_load(void)
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) idtr = { sizeof(gates) - 1, (uint64_t)gates };

	__asm__ volatile("lidt %0" : : "m"(idtr));
}

void interrupt_open(void)
{
	unsigned int i;

	for (i = 0; i < VECTORS; i++) {
		uint64_t stub = (uint64_t)interrupt_stubs + i * STUB_SIZE;

		gates[i] = (struct gate){
			.offset_low = (uint16_t)stub,
			.selector = SELECTOR_CODE,
			.kind = GATE_INTERRUPT,
			.offset_middle = (uint16_t)(stub >> 16),
			.offset_high = (uint32_t)(stub >> 32),
		};
	}
	interrupt_load();
}

static void say(const char *text)
{
	size_t size = 0;

	while (text[size])
		size++;
	console_write(text, size);
}

static void say_register(const char *name, uint64_t value)
{
	char digits[17];
	int i;

	for (i = 15; i >= 0; i--, value >>= 4)
		digits[i] = "0123456789abcdef"[value & 15];
	digits[16] = '\0';
	say(" ");
	say(name);
	say(" ");
	say(digits);
}

static void __attribute__((noreturn)) die(const struct interrupt_frame *frame)
{
	/* A second exception, while the first one is told of, must not go on like that for ever. */
	if (!dying) {
		dying = true;
		say("\nexception");
		say_register("vector", frame->vector);
		say_register("error", frame->error);
		say_register("rip", frame->rip);
		say("\n");
		say_register("cr2", cr2_read());
		say_register("rsp", frame->rsp);
		say_register("flags", frame->rflags);
		say("\n");
		say_register("rax", frame->rax);
		say_register("rcx", frame->rcx);
		say_register("rdx", frame->rdx);
		say("\n");
		say_register("rbx", frame->rbx);
		say_register("rsi", frame->rsi);
		say_register("rdi", frame->rdi);
		say("\n");
	}
	inmate_exit(EXIT_EXCEPTION + (int)frame->vector);
}

static void escape(struct cpu *cpu, struct interrupt_frame *frame)
{
	frame->rax = frame->vector;
	frame->rip = (uint64_t)try_escape;
	frame->cs = SELECTOR_CODE;
	frame->rflags = RFLAGS_FIXED;
	frame->rsp = cpu->try_stack;
	frame->ss = SELECTOR_DATA;
	cpu->try_stack = 0;
}

static void exception(struct interrupt_frame *frame, interrupt_handler handler)
{
	struct cpu *cpu = cpu_this();

	if (cpu->try_stack && frame->vector != EXCEPTION_NMI)
		escape(cpu, frame);
	else if (handler)
		handler(frame);
	else
		die(frame);
}

void interrupt_dispatch(struct interrupt_frame *frame)
{
	interrupt_handler handler = __atomic_load_n(&handlers[frame->vector], __ATOMIC_ACQUIRE);

	if (frame->vector < INTERRUPT_FIRST) {
		exception(frame, handler);
		return;
	}
	if (handler)
		handler(frame);
	else
		__atomic_add_fetch(&unexpected, 1, __ATOMIC_RELAXED);
	if (frame->vector != INTERRUPT_SPURIOUS)
		apic_write(APIC_EOI, 0);
}
