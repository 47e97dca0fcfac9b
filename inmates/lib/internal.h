/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the library share among themselves and programs do not see: one struct a CPU,
 * found by GS, and how they start each other.
 */
#ifndef INMATE_INTERNAL_H
#define INMATE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <inmate/interrupt.h>
#include <inmate/pci.h>
#include <inmate/timer.h>

struct cpu {
	struct cpu *self; /* at GS:0 */
	uint32_t number;
	uint32_t apic_id;
	uint64_t try_stack; /* not 0: a try is under way */
	/* timer.c */
	timer_handler timer;
	uint64_t timer_deadline;
	uint64_t timer_period; /* 0: once */
	/* smp.c */
	volatile bool running;
	void (*function)(void *); /* to call; NULL: nothing to do */
	void *argument;
};

static inline struct cpu *cpu_this(void)
{
	struct cpu *cpu;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

/* smp.c */
extern struct cpu cpus[];
void cpu_open(struct cpu *cpu, uint32_t number); /* the calling CPU is that one */

/* interrupt.c */
void interrupt_open(void);      /* once */
void interrupt_load(void);      /* on each CPU */

/* interrupt_entry.S */
int try_call(void (*what)(void *), void *argument, uint64_t *stack);
extern const uint8_t try_escape[];

/* cell.c */
void cell_open(uint32_t magic, uint32_t info);
uint64_t cell_memory_end(void); /* of RAM that starts at 0, or at 1 MiB on a bare machine */

/* console.c */
void console_open(void);
void console_write(const char *text, size_t size);
size_t console_read(char *text, size_t size); /* waits for one byte; 0: there is no input */

/* pci_msi.c */
void pci_messages_off(pci_function function); /* neither MSI nor MSI-X */

void __attribute__((noreturn)) inmate_exit(int status);

#endif
