/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times that a cell should have as a bare machine has them, measured in ticks of the TSC by the
 * same program in both: how late a deadline's interrupt is, how long an interrupt from one CPU to
 * another takes, and what sending it costs. Prints "latency N" and the like: medians.
 */
#include "runtime.h"

#include "machine.h"

#define SAMPLES      101u
#define VECTOR_TIMER 0x40u
#define VECTOR_IPI   0x41u
#define VECTORS      0x42u
#define DELAY        20000u
#define LVT_DEADLINE (2u << 17)
#define SOFTWARE_ON  0x1ffu
#define MSR_DEADLINE 0x6e0u
#define ICR_ASSERT   (1u << 14)
#define X2APIC(register) (MSR_X2APIC_FIRST + ((register) >> 4))

void latency_handler(void);
volatile uint64_t latency_arrived;

static uint64_t idt[2 * VECTORS] __attribute__((aligned(16)));
static uint64_t samples[SAMPLES];
static volatile bool other_waits;

/* The time of arrival, and the end of the interrupt. */
__asm__("	.globl latency_handler\n"
	"latency_handler:\n"
	"	pushq %rax\n"
	"	pushq %rdx\n"
	"	pushq %rcx\n"
	"	rdtsc\n"
	"	shlq $32, %rdx\n"
	"	orq %rdx, %rax\n"
	"	movq %rax, latency_arrived(%rip)\n"
	"	movl $0x80b, %ecx\n"
	"	xorl %eax, %eax\n"
	"	xorl %edx, %edx\n"
	"	wrmsr\n"
	"	popq %rcx\n"
	"	popq %rdx\n"
	"	popq %rax\n"
	"	iretq\n");

static void gates_load(void)
{
	uint64_t handler = (uint64_t)latency_handler;
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) idtr = { sizeof(idt) - 1, (uint64_t)idt };
	unsigned int vector;

	for (vector = VECTOR_TIMER; vector <= VECTOR_IPI; vector++) {
		idt[2 * vector] = (handler & 0xffff) | 0x08 << 16 | 0x8e00ULL << 32 |
				  (handler >> 16 & 0xffff) << 48;
		idt[2 * vector + 1] = handler >> 32;
	}
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

static void cpu_prepare(void)
{
	gates_load();
	msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_BASE_X2APIC);
	msr_write(X2APIC(0x0f0), SOFTWARE_ON);
	msr_write(X2APIC(0x320), VECTOR_TIMER | LVT_DEADLINE);
}

static uint64_t median(void)
{
	unsigned int i, j;

	for (i = 1; i < SAMPLES; i++) {
		uint64_t sample = samples[i];

		for (j = i; j > 0 && samples[j - 1] > sample; j--)
			samples[j] = samples[j - 1];
		samples[j] = sample;
	}
	return samples[SAMPLES / 2];
}

static uint64_t timer_sample(void)
{
	uint64_t deadline;

	latency_arrived = 0;
	deadline = tsc_read() + DELAY;
	msr_write(MSR_DEADLINE, deadline);
	while (!latency_arrived)
		__asm__ volatile("sti\n\thlt\n\tcli");
	return latency_arrived - deadline;
}

static void other(void)
{
	cpu_prepare();
	other_waits = true;
	for (;;)
		__asm__ volatile("sti\n\tpause");
}

static uint64_t ipi_sample(uint32_t apic_id, bool arrival)
{
	uint64_t start, end;

	latency_arrived = 0;
	start = tsc_read();
	msr_write(MSR_X2APIC_ICR, (uint64_t)apic_id << 32 | ICR_ASSERT | VECTOR_IPI);
	end = tsc_read();
	while (!latency_arrived)
		__asm__ volatile("pause");
	return (arrival ? latency_arrived : end) - start;
}

static void ipi_measure(void)
{
	uint32_t apic_id = comm ? comm->apic_ids[1] : 1;
	unsigned int i;

	cpu_start(1, other);
	while (!other_waits)
		__asm__ volatile("pause");
	for (i = 0; i < SAMPLES; i++)
		samples[i] = ipi_sample(apic_id, true);
	say("ipi %u\n", median());
	for (i = 0; i < SAMPLES; i++)
		samples[i] = ipi_sample(apic_id, false);
	say("send %u\n", median());
}

/* A bare machine's old interrupt controllers would bring interrupts that nobody serves. */
static void old_controllers_mask(void)
{
	__asm__ volatile("outb %0, $0x21\n\toutb %0, $0xa1" : : "a"((uint8_t)0xff));
}

int main(void)
{
	unsigned int i;

	if (!comm)
		old_controllers_mask();
	cpu_prepare();
	for (i = 0; i < SAMPLES; i++)
		samples[i] = timer_sample();
	say("latency %u\n", median());
	if (!comm || comm->cpu_count > 1)
		ipi_measure();
	say("measured\n");
	return 0;
}
