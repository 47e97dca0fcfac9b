/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Violations: a guest reached past its map. What the instruction wanted is decoded and answered:
 * writes to the local APIC's page by exit_apic.c, everything else by the cell's policy. There is no
 * way from here to a change of the map (I2). What was tried is told as VMX does, whatever the
 * processor is.
 */
#include "core/cell.h"
#include "core/string.h"
#include "model/bits.h"
#include "model/emulate.h"
#include "vcpu.h"
#include "x86/guest/apic.h"
#include "x86/guest/exits.h"
#include "x86/guest/fault.h"
#include "x86/guest/fetch.h"
#include "x86/guest/memory.h"
#include "x86/guest/served.h"
#include "x86/guest/skip.h"

static uint32_t access_of(uint64_t qualification)
{
	return (qualification & VIOLATION_READ ? BH_ACCESS_READ : 0) |
	       (qualification & VIOLATION_WRITE ? BH_ACCESS_WRITE : 0) |
	       (qualification & VIOLATION_FETCH ? BH_ACCESS_EXECUTE : 0);
}

/*
 * The memory operand of MOVS that did not exit: where it is stored to when the read exited. What
 * cannot be written there is dropped.
 */
static void store_element(struct cpu *cpu, const struct decoded *decoded, const uint64_t *gprs,
			  uint64_t value)
{
	uint64_t es_base = decoded->mode == DECODE_64 ? 0 : vcpu_base(cpu, SEG_ES);
	uint8_t *to = guest_writable(cpu, emulate_movs_destination(decoded, gprs, es_base),
				     decoded->size);

	if (to)
		memcpy(to, &value, decoded->size);
	window_close(cpu);
}

/*
 * Performs the instruction with that value for what it reads at the place that exited. *stored is
 * what it writes there.
 */
static void perform(struct cpu *cpu, const struct decoded *decoded, uint64_t qualification,
		    uint64_t loaded, uint64_t *stored)
{
	uint64_t rflags = vcpu_rflags(cpu);

	cpu->gprs[GPR_RSP] = vcpu_rsp(cpu);
	if (decoded->op == DECODE_MOVS && !(qualification & VIOLATION_WRITE))
		store_element(cpu, decoded, cpu->gprs, loaded);
	if (emulate_insn(decoded, cpu->gprs, &rflags, loaded, stored))
		vcpu_skip_bytes(cpu, decoded->length);
	vcpu_set_rflags(cpu, rflags);
	vcpu_set_rsp(cpu, cpu->gprs[GPR_RSP]);
}

/* By policy "report": reads give all ones, writes are dropped. */
static void answer(struct cpu *cpu, const struct decoded *decoded, uint64_t qualification)
{
	uint64_t stored;

	if (emulate_is_empty(decoded, cpu->gprs))
		vcpu_skip_bytes(cpu, decoded->length);
	else
		perform(cpu, decoded, qualification, bytes_mask(decoded->size), &stored);
}

/*
 * What the hypervisor answers for, by an instruction with one memory operand. False: it is a fault
 * like any other. The instruction is left behind last, as a record of a fault shows it.
 */
static bool serve(struct cpu *cpu, const struct decoded *decoded, uint64_t place)
{
	const struct served_kind *kind;
	struct served served;
	uint64_t rflags;
	uint64_t loaded = 0, stored = 0;
	bool complete;

	served.place = place;
	served.size = decoded->size;
	served.rights = (decoded->access & DECODE_READ ? BH_ACCESS_READ : 0) |
			(decoded->access & DECODE_WRITE ? BH_ACCESS_WRITE : 0);
	kind = decoded->op == DECODE_MOVS ? NULL : served_find(cpu->cell, &served);
	if (!kind)
		return false;
	rflags = vcpu_rflags(cpu);
	if (emulate_is_empty(decoded, cpu->gprs)) {
		vcpu_skip_bytes(cpu, decoded->length);
		return true;
	}
	if ((decoded->access & DECODE_READ) && !kind->read(cpu, &served, &loaded))
		return true;
	cpu->gprs[GPR_RSP] = vcpu_rsp(cpu);
	complete = emulate_insn(decoded, cpu->gprs, &rflags, loaded, &stored);
	if ((decoded->access & DECODE_WRITE) && !kind->write(cpu, &served, stored))
		return true;
	vcpu_set_rflags(cpu, rflags);
	vcpu_set_rsp(cpu, cpu->gprs[GPR_RSP]);
	if (complete)
		vcpu_skip_bytes(cpu, decoded->length);
	return true;
}

/* An access that no emulation can finish: as the device that is not there, by an exception. */
static void answer_undecoded(struct cpu *cpu, uint64_t qualification, struct attempt *attempt)
{
	if ((qualification & VIOLATION_FETCH) && (qualification & VIOLATION_AT_DATA)) {
		/* Code that reads as all ones is an invalid opcode. */
		if (fault_raise(cpu, attempt))
			vcpu_inject(cpu, VECTOR_UD);
		return;
	}
	fault_stop(cpu, attempt);
}

static void answer_by_policy(struct cpu *cpu, uint64_t qualification, struct attempt *attempt)
{
	struct decoded decoded;

	if (!guest_decode_exit(cpu, fetch_open(cpu), &decoded)) {
		answer_undecoded(cpu, qualification, attempt);
		return;
	}
	if (serve(cpu, &decoded, attempt->place))
		return;
	attempt->size = decoded.size;
	if (fault_raise(cpu, attempt))
		answer(cpu, &decoded, qualification);
}

/*
 * What no emulation can answer, and how it is told apart; everything else is an access by decoding.
 */
static __attribute__((noinline, cold)) void answer_other(struct cpu *cpu)
{
	uint64_t qualification = vcpu_violation(cpu);
	struct attempt attempt = {
		.kind = BH_FAULT_MEMORY, .access = access_of(qualification),
		.place = vcpu_fault_place(cpu),
	};

	if (vcpu_was_delivering(cpu)) {
		/*
		 * While an event was being delivered (27.2.4): there is no instruction to answer.
		 */
		attempt.kind = BH_FAULT_DELIVERY;
		fault_stop(cpu, &attempt);
	} else if ((qualification & VIOLATION_FETCH) || !(qualification & VIOLATION_AT_DATA)) {
		answer_undecoded(cpu, qualification, &attempt);
	} else {
		answer_by_policy(cpu, qualification, &attempt);
	}
}

/* A write to the local APIC's page by an instruction; anything else goes the long way. */
void exit_violation(struct cpu *cpu)
{
	uint64_t offset = vcpu_fault_place(cpu) - BH_APIC_BASE;
	uint64_t what = VIOLATION_WRITE | VIOLATION_FETCH | VIOLATION_AT_DATA;

	if (offset < BH_PAGE_SIZE &&
	    (vcpu_violation(cpu) & what) == (VIOLATION_WRITE | VIOLATION_AT_DATA) &&
	    !vcpu_was_delivering(cpu))
		exit_apic_write(cpu, (uint32_t)offset);
	else
		answer_other(cpu);
}
