/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions and interrupts, handled in C. One table serves all CPUs. Handlers run with interrupts
 * off on the stack that was in use, with the registers of SSE saved, and may use all of C that is
 * not in the middle of something on the same CPU (malloc(), printf()).
 *
 * Vectors 0 to 31 are the processor's: where no handler is set, the registers are printed and the
 * program ends with status 128 + vector. From 32 on they are yours; the local APIC is told of the
 * end of an interrupt when its handler returns.
 */
#ifndef INMATE_INTERRUPT_H
#define INMATE_INTERRUPT_H

#include <stdint.h>

enum exception {
	EXCEPTION_DIVIDE = 0,
	EXCEPTION_DEBUG = 1,
	EXCEPTION_NMI = 2,
	EXCEPTION_BREAKPOINT = 3,
	EXCEPTION_INVALID_OPCODE = 6,
	EXCEPTION_DOUBLE_FAULT = 8,
	EXCEPTION_STACK = 12,
	EXCEPTION_PROTECTION = 13,
	EXCEPTION_PAGE_FAULT = 14,
};

#define INTERRUPT_FIRST    32u   /* vectors that are the program's */
#define INTERRUPT_TIMER    0xf0u /* taken by timer.h when it is used */
#define INTERRUPT_SPURIOUS 0xffu /* what the local APIC sends where there was nothing */

/* Changes that a handler makes are what the program goes on with. */
struct interrupt_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector, error; /* error: 0 for vectors without an error code */
	uint64_t rip, cs, rflags, rsp, ss;
};

typedef void (*interrupt_handler)(struct interrupt_frame *frame);

/* Returns the handler before; NULL sets and stands for the one that is there at the start. */
interrupt_handler interrupt_handle(uint8_t vector, interrupt_handler handler);

/* Interrupts that came without a handler, over all CPUs. */
uint64_t interrupts_unexpected(void);

#endif
