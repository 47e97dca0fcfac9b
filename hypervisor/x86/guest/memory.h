/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's memory as its instructions see it: linear addresses, instruction bytes. All through
 * windows; the caller closes them when the request is served.
 */
#ifndef X86_GUEST_MEMORY_H
#define X86_GUEST_MEMORY_H

#include "core/cell.h"
#include "core/cpu.h"
#include "model/decode.h"
#include "model/walk.h"
#include "vcpu.h"

/* The code width of the guest. */
enum decode_mode guest_code_mode(const struct cpu *cpu);

/* What decides the guest's translations, read from the virtual CPU once a request. */
void guest_walk_state(struct cpu *cpu, struct walk_state *state);

/*
 * A place of the guest by its guest-physical address, through a window; null if it is not RAM that
 * the cell may read and write.
 */
void *guest_open_page(struct cpu *cpu, gpa_t at);

/* A place of the guest by linear address, for that access; on failure `result` has the reason. */
void *guest_pointer(struct cpu *cpu, const struct walk_state *state, gla_t at,
		    enum walk_access access, struct walk_result *result);

/*
 * So many bytes that the guest may write, by its own tables and by its map, through a window; null
 * if it may not, or if they are on two pages.
 */
void *guest_writable(struct cpu *cpu, gla_t at, uint32_t size);

/* Where a guest-physical address lies; false if the cell's map has nothing there. */
static inline bool guest_translate(const struct cpu *cpu, gpa_t at, hpa_t *phys)
{
	const struct cell_memory *memory = cpu->cell->memory;
	unsigned int i;

	for (i = 0; i < CELL_MEMORIES; i++) {
		uint64_t offset = at.v - memory[i].at;

		if (offset >= memory[i].size)
			continue;
		*phys = HPA(memory[i].phys + offset);
		return true;
	}
	return vcpu_translate(&cpu->cell->map, at, phys);
}

/*
 * Decodes the instruction that exited and closes the windows. The bytes are those of fetch_open();
 * where it had none they are read the long way. False if they could not be read, or are none that
 * the decoder knows.
 */
bool guest_decode_exit(struct cpu *cpu, const uint8_t *bytes, struct decoded *decoded);

/* Copies up to 15 bytes of the instruction at RIP; how many could be read. */
unsigned int guest_fetch(struct cpu *cpu, const struct walk_state *state,
			 uint8_t bytes[DECODE_INSN_MAX]);

#endif
