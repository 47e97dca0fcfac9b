/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EPT violations: a guest reached past its map. What the instruction wanted is decoded and
 * answered: writes to the local APIC's page by exit_apic.c, everything else by the cell's policy.
 * There is no way from here to a change of the map (I2). SDM vol. 3C, 28.2.3.2 and table 27-7.
 */
#include "core/cell.h"
#include "model/emulate.h"
#include "x86/vmx/exit_apic.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/fault.h"
#include "x86/vmx/fetch.h"
#include "x86/vmx/guest_memory.h"
#include "x86/vmx/vmx.h"

#define VIOLATION_READ    (1ULL << 0)
#define VIOLATION_WRITE   (1ULL << 1)
#define VIOLATION_FETCH   (1ULL << 2)
#define VIOLATION_AT_DATA (1ULL << 8) /* else while the guest's own tables were walked */

static uint32_t access_of(uint64_t qualification)
{
	return (qualification & VIOLATION_READ ? BH_ACCESS_READ : 0) |
	       (qualification & VIOLATION_WRITE ? BH_ACCESS_WRITE : 0) |
	       (qualification & VIOLATION_FETCH ? BH_ACCESS_EXECUTE : 0);
}

static uint64_t all_ones(uint32_t size)
{
	return size == 8 ? ~0ULL : (1ULL << 8 * size) - 1;
}

/*
 * Performs the instruction with all ones for what it reads there. Its other operand, if it is a
 * move from memory to memory, is not fetched: it reads all ones too, or its store is dropped.
 */
static void answer(struct cpu *cpu, const struct decoded *decoded)
{
	uint64_t rflags = vmcs_read(VMCS_GUEST_RFLAGS);
	uint64_t stored;

	cpu->gprs[GPR_RSP] = vmcs_read(VMCS_GUEST_RSP);
	if (emulate_is_empty(decoded, cpu->gprs) ||
	    emulate_insn(decoded, cpu->gprs, &rflags, all_ones(decoded->size), &stored))
		vmx_skip_bytes(decoded->length);
	vmcs_write(VMCS_GUEST_RFLAGS, rflags);
	vmcs_write(VMCS_GUEST_RSP, cpu->gprs[GPR_RSP]);
}

/* An access that no emulation can finish: as the device that is not there, by an exception. */
static void answer_undecoded(struct cpu *cpu, uint64_t qualification, struct attempt *attempt)
{
	if ((qualification & VIOLATION_FETCH) && (qualification & VIOLATION_AT_DATA)) {
		/* Code that reads as all ones is an invalid opcode. */
		if (fault_raise(cpu, attempt))
			vmx_inject_exception(VECTOR_UD);
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
	attempt->size = decoded.size;
	if (fault_raise(cpu, attempt))
		answer(cpu, &decoded);
}

/*
 * What no emulation can answer, and how it is told apart; everything else is an access by decoding.
 */
static __attribute__((noinline, cold)) void answer_other(struct cpu *cpu)
{
	uint64_t qualification = vmcs_read(VMCS_QUALIFICATION);
	struct attempt attempt = {
		.kind = BH_FAULT_MEMORY, .access = access_of(qualification),
		.place = vmcs_read(VMCS_GUEST_PHYSICAL),
	};

	if (vmcs_read(VMCS_VECTORING_EVENT) & EVENT_VALID) {
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
void exit_ept_violation(struct cpu *cpu)
{
	uint64_t offset = vmcs_read(VMCS_GUEST_PHYSICAL) - BH_APIC_BASE;
	uint64_t what = VIOLATION_WRITE | VIOLATION_FETCH | VIOLATION_AT_DATA;

	if (offset < BH_PAGE_SIZE &&
	    (vmcs_read(VMCS_QUALIFICATION) & what) == (VIOLATION_WRITE | VIOLATION_AT_DATA) &&
	    !(vmcs_read(VMCS_VECTORING_EVENT) & EVENT_VALID))
		exit_apic_write(cpu, (uint32_t)offset);
	else
		answer_other(cpu);
}

void exit_ept_misconfiguration(struct cpu *cpu)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_MISCONFIG, .place = vmcs_read(VMCS_GUEST_PHYSICAL),
	};

	fault_stop(cpu, &attempt);
}
