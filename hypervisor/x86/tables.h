/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own descriptor tables: a GDT and a TSS for each CPU, one IDT for all. NMI,
 * machine check and double fault have stacks of their own (SDM vol. 3, 6.14.5).
 */
#ifndef X86_TABLES_H
#define X86_TABLES_H

#include <bulkhead/handover.h>
#include <bulkhead/types.h>

/* The selectors of Linux for kernel code and data: see bridge_entry.S. */
#define HOST_CS 0x10
#define HOST_DS 0x18
#define HOST_TR 0x20

#define IST_NMI          1
#define IST_MACHINE_CHECK 2
#define IST_DOUBLE_FAULT 3

#define VECTOR_DB            1
#define VECTOR_NMI           2
#define VECTOR_BP            3
#define VECTOR_OF            4
#define VECTOR_UD            6
#define VECTOR_DF            8
#define VECTOR_GP            13
#define VECTOR_PF            14
#define VECTOR_AC            17
#define VECTOR_MACHINE_CHECK 18
#define EXCEPTION_VECTORS    32

struct x86_tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t ist[8]; /* ist[0] is reserved */
	uint32_t reserved2[2];
	uint32_t io_map;
} __attribute__((packed));

/* SDM vol. 3A, 7.7: the first of the seven stacks at 0x24, 104 bytes in all. */
_Static_assert(offsetof(struct x86_tss, ist[IST_NMI]) == 0x24, "IST1");
_Static_assert(sizeof(struct x86_tss) == 104, "64-bit TSS");

struct x86_tables {
	uint64_t gdt[6]; /* two unused, code, data, TSS in two */
	struct x86_tss tss;
};

struct cpu;

/* Fills the IDT; once, before the first CPU loads it. */
void tables_init_idt(void);

/* Fills and loads this CPU's tables; GS then leads to the CPU. */
void tables_load(struct cpu *cpu);

/* Linear address of the IDT, for the host state of a guest's container. */
uint64_t tables_idt(void);

/* Takes an interrupt that this CPU's local APIC has requested, and drops it. */
void tables_drop_interrupt(void);

#endif
