/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads guest memory by the guest's own tables and the cell's map. Part of the exit path of trapped
 * memory accesses, so it copies nothing it does not need.
 */
#include "x86/guest/memory.h"

#include "core/string.h"
#include "vcpu.h"
#include "x86/guest/fetch.h"
#include "x86/window.h"

enum decode_mode guest_code_mode(const struct cpu *cpu)
{
	if (vcpu_in_long_code(cpu))
		return DECODE_64;
	return vcpu_in_big_code(cpu) ? DECODE_32 : DECODE_16;
}

void guest_walk_state(struct cpu *cpu, struct walk_state *state)
{
	state->cr0 = vcpu_cr0(cpu);
	state->cr3 = vcpu_cr3(cpu);
	state->cr4 = vcpu_cr4(cpu);
	state->efer = vcpu_efer(cpu);
	state->rflags = vcpu_rflags(cpu);
	state->cpl = (uint8_t)vcpu_cpl(cpu);
	state->pkru = 0; /* the access itself passed the processor's check of keys */
	state->physical_width = vcpu_physical_width();
	state->has_1g_pages = true; /* reserved bits were checked by the processor's own walk */
	if ((state->cr0 & CR0_PG) && (state->cr4 & CR4_PAE) && !(state->efer & EFER_LMA))
		vcpu_read_pdptes(cpu, state->pdpte);
}

/* Only RAM-like memory is looked at: a register of a device might mind being read. */
void *guest_open_page(struct cpu *cpu, gpa_t at)
{
	const unsigned int rights = PT_READ | PT_WRITE;
	struct pt_leaf leaf;

	if (!pt_lookup(&cpu->cell->map, at.v, &leaf))
		return NULL;
	if ((leaf.attributes & rights) != rights || (leaf.attributes & PT_UNCACHED))
		return NULL;
	return window_open(cpu, HPA(leaf.phys.v + (at.v - leaf.virt)));
}

static bool read_entry(void *context, gpa_t at, unsigned int size, uint64_t *entry)
{
	struct cpu *cpu = context;
	const void *pointer;
	hpa_t phys;

	if (!guest_translate(cpu, at, &phys))
		return false;
	pointer = window_open(cpu, phys);
	if (!pointer)
		return false;
	*entry = size == 8 ? *(const uint64_t *)pointer : *(const uint32_t *)pointer;
	return true;
}

void *guest_pointer(struct cpu *cpu, const struct walk_state *state, gla_t at,
		    enum walk_access access, struct walk_result *result)
{
	hpa_t phys;

	if (!walk_guest(state, at, access, read_entry, cpu, result))
		return NULL;
	if (access == WALK_WRITE) {
		void *place;

		/* guest_translate() knows no rights: a cell may not write all that it has. */
		window_close(cpu);
		place = guest_open_page(cpu, result->gpa);
		if (!place)
			result->status = WALK_UNREADABLE;
		return place;
	}
	if (!guest_translate(cpu, result->gpa, &phys)) {
		result->status = WALK_UNREADABLE;
		return NULL;
	}
	return window_open(cpu, phys);
}

void *guest_writable(struct cpu *cpu, gla_t at, uint32_t size)
{
	struct walk_result result;
	struct walk_state state;
	bool found;

	guest_walk_state(cpu, &state);
	found = walk_guest(&state, at, WALK_WRITE, read_entry, cpu, &result);
	window_close(cpu);
	if (!found || (at.v & BH_PAGE_MASK) + size > BH_PAGE_SIZE)
		return NULL;
	return guest_open_page(cpu, result.gpa);
}

/* The bytes from RIP to the end of its page, and where they are. */
static const uint8_t *fetch_first(struct cpu *cpu, const struct walk_state *state, gla_t at,
				  unsigned int *available)
{
	struct walk_result result;
	uint64_t left = BH_PAGE_SIZE - (at.v & BH_PAGE_MASK);

	*available = left < DECODE_INSN_MAX ? (unsigned int)left : DECODE_INSN_MAX;
	return guest_pointer(cpu, state, at, WALK_FETCH, &result);
}

static gla_t instruction_address(const struct cpu *cpu)
{
	uint64_t rip = vcpu_rip(cpu);

	if (vcpu_in_long_code(cpu))
		return GLA(rip);
	return GLA((uint32_t)(vcpu_base(cpu, SEG_CS) + rip));
}

unsigned int guest_fetch(struct cpu *cpu, const struct walk_state *state,
			 uint8_t bytes[DECODE_INSN_MAX])
{
	gla_t at = instruction_address(cpu);
	unsigned int count, more;
	const uint8_t *from;

	from = fetch_first(cpu, state, at, &count);
	if (!from)
		return 0;
	memcpy(bytes, from, count);
	if (count == DECODE_INSN_MAX)
		return count;
	/*
	 * The rest is in the next page. The first page's windows have served; their bytes are
	 * copied.
	 */
	window_close(cpu);
	from = fetch_first(cpu, state, GLA(at.v + count), &more);
	if (!from)
		return count;
	memcpy(bytes + count, from, DECODE_INSN_MAX - count);
	return DECODE_INSN_MAX;
}

/* The long way: any mode, any place, across a page border. */
static bool decode_any(struct cpu *cpu, struct decoded *decoded)
{
	uint8_t bytes[DECODE_INSN_MAX];
	struct walk_state state;
	unsigned int count;

	guest_walk_state(cpu, &state);
	count = guest_fetch(cpu, &state, bytes);
	window_close(cpu);
	return decode_insn(bytes, count, guest_code_mode(cpu), decoded);
}

bool guest_decode_exit(struct cpu *cpu, const uint8_t *bytes, struct decoded *decoded)
{
	bool known;

	if (!bytes)
		return decode_any(cpu, decoded);
	known = decode_insn(bytes, DECODE_INSN_MAX, DECODE_64, decoded);
	fetch_close(cpu);
	return known;
}
