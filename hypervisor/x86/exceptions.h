/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions and NMIs that hit the hypervisor itself.
 */
#ifndef X86_EXCEPTIONS_H
#define X86_EXCEPTIONS_H

#include <bulkhead/types.h>

/* As exception_entry.S lays it on the stack. */
struct exception_frame {
	uint64_t rax, rcx, rdx, rbx, rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t vector;
	uint64_t error_code;
	uint64_t rip, cs, rflags, rsp, ss;
};

void exception_handle(struct exception_frame *frame);

/* Says why, with registers and stack, and stops this CPU for good; all others go on. */
_Noreturn void panic_frame(const struct exception_frame *frame, const char *why);
_Noreturn void panic(const char *why);

#endif
