/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes interrupts from a periodic timer in x2APIC mode and does nothing else: in a cell none of
 * that may exit. Before and behind, it asks for its CPU's exits, which is an exit itself; the
 * difference less one is the cell's exit code. "every=N" is the period, in ticks of that timer.
 */
#include "runtime.h"

#include "machine.h"

#define INTERRUPTS    100000u
#define TIMER_VECTOR  0x40u
#define TIMER_COUNT   500u
#define LVT_PERIODIC  (1u << 17)
#define SOFTWARE_ON   0x1ffu
#define DIVIDE_BY_1   0xbu
#define X2APIC(register) (MSR_X2APIC_FIRST + ((register) >> 4))

void ticks_handler(void);
volatile uint64_t ticks_count;

static uint64_t idt[2 * (TIMER_VECTOR + 1)] __attribute__((aligned(16)));

/* In assembly: an interrupt may come anywhere, and this is all there is to do. */
__asm__("	.globl ticks_handler\n"
	"ticks_handler:\n"
	"	pushq %rax\n"
	"	pushq %rcx\n"
	"	pushq %rdx\n"
	"	incq ticks_count(%rip)\n"
	"	movl $0x80b, %ecx\n" /* end of interrupt */
	"	xorl %eax, %eax\n"
	"	xorl %edx, %edx\n"
	"	wrmsr\n"
	"	popq %rdx\n"
	"	popq %rcx\n"
	"	popq %rax\n"
	"	iretq\n");

static void gate_set(void)
{
	uint64_t handler = (uint64_t)ticks_handler;
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) idtr = { sizeof(idt) - 1, (uint64_t)idt };

	idt[2 * TIMER_VECTOR] = (handler & 0xffff) | 0x08 << 16 | 0x8e00ULL << 32 |
				(handler >> 16 & 0xffff) << 48;
	idt[2 * TIMER_VECTOR + 1] = handler >> 32;
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

int main(void)
{
	int64_t before, after;

	gate_set();
	msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_BASE_X2APIC);
	msr_write(X2APIC(0x0f0), SOFTWARE_ON);
	msr_write(X2APIC(0x3e0), DIVIDE_BY_1);
	msr_write(X2APIC(0x320), TIMER_VECTOR | LVT_PERIODIC);
	before = hypercall(BH_HYPERCALL_INFO, BH_CELL_ITEM_EXITS, 0, 0);
	msr_write(X2APIC(0x380), argument_number("every", TIMER_COUNT));
	while (ticks_count < INTERRUPTS)
		__asm__ volatile("sti\n\thlt\n\tcli");
	msr_write(X2APIC(0x380), 0);
	after = hypercall(BH_HYPERCALL_INFO, BH_CELL_ITEM_EXITS, 0, 0);
	comm->heartbeats = ticks_count;
	return (int)(after - before - 1);
}
