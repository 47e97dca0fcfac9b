/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's memory as its instructions see it: linear addresses, instruction bytes. All through
 * windows; the caller closes them when the request is served.
 */
#ifndef X86_VMX_GUEST_MEMORY_H
#define X86_VMX_GUEST_MEMORY_H

#include "core/cpu.h"
#include "model/decode.h"
#include "model/walk.h"

/* The code width of the guest, and the linear address of its instruction. */
enum decode_mode guest_code_mode(void);

/* What decides the guest's translations, read from the VMCS once a request. */
void guest_walk_state(struct walk_state *state);

/* A page of the guest by its guest-physical address, if the cell owns it with these rights. */
void *guest_page(struct cpu *cpu, gpa_t at, unsigned int pt_access);

/* The same by linear address; on failure `fault` has the reason. */
void *guest_pointer(struct cpu *cpu, const struct walk_state *state, gla_t at,
		    enum walk_access access, struct walk_result *result);

/* Copies up to 15 bytes of the instruction at RIP; how many could be read. */
unsigned int guest_fetch(struct cpu *cpu, const struct walk_state *state,
			 uint8_t bytes[DECODE_INSN_MAX]);

/* Fetches and decodes; false if either fails. bytes and *count are filled as far as it came. */
bool guest_decode(struct cpu *cpu, const struct walk_state *state, struct decoded *decoded,
		  uint8_t bytes[DECODE_INSN_MAX], unsigned int *count);

#endif
