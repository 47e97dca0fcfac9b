/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step past the instruction that exited, as the processor would have made it: RIP, interrupt
 * shadow, single step. How each vendor keeps these is "vcpu.h"'s.
 */
#ifndef X86_GUEST_SKIP_H
#define X86_GUEST_SKIP_H

#include "core/assert.h"
#include "vcpu.h"
#include "x86/msr.h"

static inline void vcpu_skip_bytes(struct cpu *cpu, uint64_t length)
{
	uint64_t rip = vcpu_rip(cpu) + length;

	assert_that(length >= 1 && length <= 15);
	/* Outside 64-bit mode execution goes on at 0 behind the last byte of 4 GiB. */
	if (__builtin_expect((uint32_t)rip < length, 0) && !vcpu_in_long_code(cpu))
		rip = (uint32_t)rip;
	vcpu_set_rip(cpu, rip);
	vcpu_note_step(cpu, length);
	/* The instruction that is stepped over was no branch, which is all that BTF asks for. */
	if (__builtin_expect((vcpu_rflags(cpu) & RFLAGS_TF) != 0, 0) &&
	    !(vcpu_debugctl(cpu) & DEBUGCTL_BTF))
		vcpu_trap_step(cpu);
}

static inline void vcpu_skip(struct cpu *cpu)
{
	vcpu_skip_bytes(cpu, vcpu_instruction_length(cpu));
}

#endif
