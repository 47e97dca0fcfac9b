/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptor tables of an attacker, so that it survives what it tries: each exception runs on a
 * stack that no try can spoil. What a try may have changed of the processor is put back from here.
 */
#include "attack.h"

#include "machine.h"

#define STACK_SIZE  4096
#define STACKS      3
#define GDT_ENTRIES 8
#define GATE_KERNEL 0x8eu /* present, interrupt gate, privilege 0; SDM vol. 3A, figure 6-8 */
#define GATE_USER   0xeeu
#define STUB_SIZE   16u
#define TSS_KIND    0x89ULL /* available, present */
#define APIC_EOI    0xb0u
#define DR6_NOTHING 0xffff0ff0u
#define DR7_NOTHING 0x400u

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t stack; /* number in the TSS */
	uint8_t kind;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
} __attribute__((packed));

extern const uint8_t trap_stubs[];
void trap_load_segments(uint64_t code);
void trap_interrupt(uint32_t vector);

volatile uint64_t trap_interrupts;
volatile uint64_t trap_nmis;
bool trap_x2apic;

static uint8_t stacks[STACKS][STACK_SIZE] __attribute__((aligned(16)));
static struct tss tss;
static uint64_t gdt[GDT_ENTRIES] __attribute__((aligned(16)));
static struct gate idt[VECTORS] __attribute__((aligned(16)));
static const uint32_t mxcsr_default = 0x1f80; /* all exceptions masked */
static uint64_t made_cr0, made_cr3, made_cr4, made_efer;

/* Flat segments of long mode, of user level and of 32 bits; SDM vol. 3A, 3.4.5. */
static const uint64_t segments[GDT_ENTRIES] = {
	[SELECTOR_CODE / 8] = 0x00af9b000000ffff,
	[SELECTOR_DATA / 8] = 0x00cf93000000ffff,
	[SELECTOR_USER_DATA / 8] = 0x00cff3000000ffff,
	[SELECTOR_USER_CODE / 8] = 0x00affb000000ffff,
	[SELECTOR_CODE_32 / 8] = 0x00cf9b000000ffff,
};

void trap_interrupt(uint32_t vector)
{
	if (vector == VECTOR_NMI) {
		trap_nmis++;
		return;
	}
	trap_interrupts++;
	if (trap_x2apic)
		msr_write(MSR_X2APIC_EOI, 0);
	else
		*window_apic(APIC_EOI) = 0;
}

static void gate_make(unsigned int vector)
{
	uint64_t stub = (uint64_t)trap_stubs + vector * STUB_SIZE;
	bool exception = vector < VECTOR_FIRST_INTERRUPT;

	idt[vector] = (struct gate){
		.offset_low = (uint16_t)stub,
		.selector = SELECTOR_CODE,
		/* One for exceptions, one for NMIs, one for interrupts: they may nest so. */
		.stack = vector == VECTOR_NMI ? 2 : exception ? 1 : 3,
		.kind = vector % 2 ? GATE_USER : GATE_KERNEL,
		.offset_middle = (uint16_t)(stub >> 16),
		.offset_high = (uint32_t)(stub >> 32),
	};
}

static void tables_make(void)
{
	uint64_t base = (uint64_t)&tss;
	unsigned int i;

	for (i = 0; i < GDT_ENTRIES; i++)
		gdt[i] = segments[i];
	gdt[SELECTOR_TSS / 8] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | TSS_KIND << 40 |
				(base >> 24 & 0xff) << 56;
	gdt[SELECTOR_TSS / 8 + 1] = base >> 32;
	for (i = 0; i < STACKS; i++)
		tss.ist[i] = (uint64_t)stacks[i] + STACK_SIZE;
	for (i = 0; i < 3; i++)
		tss.rsp[i] = tss.ist[0];
	tss.io_map = sizeof(tss);
	for (i = 0; i < VECTORS; i++)
		gate_make(i);
}

static void tables_load(void)
{
	const struct table_register gdtr = { sizeof(gdt) - 1, (uint64_t)gdt };
	const struct table_register idtr = { sizeof(idt) - 1, (uint64_t)idt };

	__asm__ volatile("lgdt %0" : : "m"(gdtr));
	__asm__ volatile("lidt %0" : : "m"(idtr));
	trap_load_segments(SELECTOR_CODE);
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

void trap_open(void)
{
	made_cr0 = cr0_read();
	made_cr3 = cr3_read();
	made_cr4 = cr4_read();
	made_efer = msr_read(MSR_EFER);
	tables_make();
	tables_load();
}

uint64_t *trap_exception_frame(void)
{
	return (uint64_t *)tss.ist[0];
}

/* Access to debug registers may be one that raises an exception: DR7.GD, which that clears. */
static void debug_restore(uint64_t control)
{
	dr7_write(control);
	dr6_write(DR6_NOTHING);
}

void trap_restore(void)
{
	/* First what the compiler's code may need: the FPU and its relatives. */
	cr0_write(made_cr0);
	cr4_write(made_cr4);
	cr3_write(made_cr3);
	cr8_write(0);
	msr_write(MSR_EFER, made_efer);
	/* The TSS is busy where it was loaded before. */
	tables_make();
	tables_load();
	__asm__ volatile("fninit\n\tldmxcsr %0" : : "m"(mxcsr_default));
	if (trap_try(debug_restore, DR7_NOTHING) != NO_EXCEPTION)
		trap_try(debug_restore, DR7_NOTHING);
}
