/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long the instruction was that exited, where the processor does not say.
 */
#include "model/decode_length.h"
#include "x86/guest/fetch.h"
#include "x86/guest/memory.h"
#include "x86/svm/svm.h"

/* Bytes of the opcode, by the exit (APM vol. 3); the only ones that are ever stepped over. */
static unsigned int opcode_length(uint64_t exit_code)
{
	switch (exit_code) {
	case EXIT_CODE_HLT:
		return 1;
	case EXIT_CODE_VMMCALL:
		return 3;
	default: /* CPUID, INVD, WBINVD, RDPMC, RDMSR, WRMSR */
		return 2;
	}
}

uint64_t svm_step_to(const struct cpu *cpu, uint64_t next)
{
	return decode_step_length(vmcb_of(cpu)->rip, next,
				  vcpu_in_long_code(cpu) ? DECODE_64 : DECODE_32);
}

uint64_t svm_instruction_length(struct cpu *cpu)
{
	const struct vmcb *vmcb = vmcb_of(cpu);
	uint8_t bytes[DECODE_INSN_MAX];
	const uint8_t *quick;
	unsigned int length;

	/* I/O instructions tell where the next one is (15.10.2). */
	if (vmcb->exit_code == EXIT_CODE_PORT)
		return svm_step_to(cpu, vmcb->exit_info2);
	quick = fetch_open(cpu);
	if (quick) {
		length = decode_prefix_length(quick, DECODE_INSN_MAX, DECODE_64);
		fetch_close(cpu);
	} else {
		struct walk_state state;
		unsigned int count;

		guest_walk_state(cpu, &state);
		count = guest_fetch(cpu, &state, bytes);
		window_close(cpu);
		length = decode_prefix_length(bytes, count, guest_code_mode(cpu));
	}
	return svm_step_to(cpu, vmcb->rip + length + opcode_length(vmcb->exit_code));
}
