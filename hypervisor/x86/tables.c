/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds and loads the descriptor tables. The handlers are in exception_entry.S and exceptions.c.
 */
#include "x86/tables.h"

#include "core/cpu.h"
#include "x86/control.h"
#include "x86/msr.h"

#define DESCRIPTOR_CODE64 0x00af9b000000ffffULL
#define DESCRIPTOR_DATA   0x00cf93000000ffffULL
#define TYPE_TSS_AVAILABLE 0x9
#define TYPE_INTERRUPT_GATE 0xe

/* A gate of the IDT (SDM vol. 3, 6.14.1). */
struct gate {
	uint64_t low;
	uint64_t high;
};

/*
 * Interrupts arrive only where they are to be dropped, with a table of its own: a local APIC takes
 * vectors from 16 on (SDM vol. 3A, 10.5.2), QEMU's any, so some are those of exceptions, but
 * without an error code. The only exceptions there are those that come from outside.
 */
#define IDT_ENTRIES 256
static struct gate idt[EXCEPTION_VECTORS];
static struct gate dropping_idt[IDT_ENTRIES];

struct bh_descriptor_table tables_idtr, tables_dropping_idtr;

extern const uint8_t exception_stubs[]; /* exception_entry.S: one every EXCEPTION_STUB_SIZE bytes */
#define EXCEPTION_STUB_SIZE 16
extern const uint8_t interrupt_dropped[];

static unsigned int stack_of(unsigned int vector)
{
	switch (vector) {
	case VECTOR_NMI:
		return IST_NMI;
	case VECTOR_MACHINE_CHECK:
		return IST_MACHINE_CHECK;
	case VECTOR_DF:
		return IST_DOUBLE_FAULT;
	default:
		return 0;
	}
}

static struct gate gate_to(const uint8_t *code, unsigned int stack)
{
	uint64_t handler = (uint64_t)code;

	return (struct gate){
		.low = (handler & 0xffff) | (uint64_t)HOST_CS << 16 | (uint64_t)stack << 32 |
		       (uint64_t)(0x80 | TYPE_INTERRUPT_GATE) << 40 |
		       (handler >> 16 & 0xffff) << 48,
		.high = handler >> 32,
	};
}

void tables_init_idt(void)
{
	unsigned int vector;

	for (vector = 0; vector < EXCEPTION_VECTORS; vector++)
		idt[vector] = gate_to(exception_stubs + vector * EXCEPTION_STUB_SIZE,
				      stack_of(vector));
	for (vector = 0; vector < IDT_ENTRIES; vector++)
		dropping_idt[vector] = vector == VECTOR_NMI || vector == VECTOR_MACHINE_CHECK ?
					       idt[vector] : gate_to(interrupt_dropped, 0);
	tables_idtr = (struct bh_descriptor_table){ sizeof(idt) - 1, (uint64_t)idt };
	tables_dropping_idtr = (struct bh_descriptor_table){
		sizeof(dropping_idt) - 1, (uint64_t)dropping_idt,
	};
}

/* The handler leaves interrupts off: one is taken at most. */
void tables_drop_interrupt(void)
{
	control_load_idt(&tables_dropping_idtr);
	__asm__ volatile("sti; nop; cli" : : : "memory");
	control_load_idt(&tables_idtr);
}

uint64_t tables_idt(void)
{
	return (uint64_t)idt;
}

static uint64_t stack_top(const struct cpu *cpu, unsigned int page)
{
	return layout_cpu_area(cpu->index) + (page + 1ULL) * BH_PAGE_SIZE;
}

static void fill_gdt(struct x86_tables *tables)
{
	uint64_t base = (uint64_t)&tables->tss;
	uint64_t limit = sizeof(tables->tss) - 1;

	tables->gdt[0] = 0;
	tables->gdt[1] = 0;
	tables->gdt[HOST_CS / 8] = DESCRIPTOR_CODE64;
	tables->gdt[HOST_DS / 8] = DESCRIPTOR_DATA;
	tables->gdt[HOST_TR / 8] = limit | (base & 0xffffff) << 16 |
				   (uint64_t)(0x80 | TYPE_TSS_AVAILABLE) << 40 |
				   (base >> 24 & 0xff) << 56;
	tables->gdt[HOST_TR / 8 + 1] = base >> 32;
}

void tables_load(struct cpu *cpu)
{
	struct x86_tables *tables = &cpu->tables;
	struct bh_descriptor_table gdtr = { sizeof(tables->gdt) - 1, (uint64_t)tables->gdt };

	tables->tss.ist[IST_NMI] = stack_top(cpu, CPU_NMI_STACK_PAGE);
	tables->tss.ist[IST_MACHINE_CHECK] = stack_top(cpu, CPU_MC_STACK_PAGE);
	tables->tss.ist[IST_DOUBLE_FAULT] = stack_top(cpu, CPU_DF_STACK_PAGE);
	tables->tss.io_map = (uint32_t)sizeof(tables->tss) << 16;
	fill_gdt(tables);

	control_load_gdt(&gdtr);
	control_load_segments(HOST_CS, HOST_DS);
	msr_write(MSR_GS_BASE, (uint64_t)cpu);
	control_load_tr(HOST_TR);
	control_load_idt(&tables_idtr);
}
