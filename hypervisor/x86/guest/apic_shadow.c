/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The xAPIC page where the registers are not behind it. For a guest whose local APIC is in x2APIC
 * mode and cannot leave it, since a cell before has switched it over, it is emulated: reads come as
 * APIC-access exits, writes as EPT violations, and both go to the registers of x2APIC mode (SDM
 * vol. 3C, 29.4). For a guest that chose x2APIC mode itself writes end here: on the bus they might
 * be taken for interrupts.
 */
#include "core/cells.h"
#include "model/emulate.h"
#include "vcpu.h"
#include "x86/apic.h"
#include "x86/guest/fault.h"
#include "x86/guest/fetch.h"
#include "x86/guest/guest.h"
#include "x86/guest/memory.h"
#include "x86/guest/skip.h"
#include "x86/icr.h"
#include "x86/msr.h"

static uint32_t read_register(const struct cpu *cpu, uint32_t offset)
{
	uint64_t value = 0;

	if (cpu->apic_page == APIC_PAGE_NONE)
		return ~0u;
	switch (offset) {
	case APIC_ID:
		return cpu->apic_id << 24;
	case APIC_LDR:
		return cpu->apic.logical;
	case APIC_DFR:
		return cpu->apic.format;
	case APIC_ICR_HIGH:
		return cpu->icr_high;
	default:
		return guarded_rdmsr(apic_msr(offset), &value) ? (uint32_t)value : 0;
	}
}

static bool deny(struct cpu *cpu, enum bh_fault_kind kind, uint64_t place, uint64_t value)
{
	const struct attempt attempt = {
		.kind = kind, .access = BH_ACCESS_WRITE, .size = 4, .place = place,
		.value = value, .has_value = true,
	};

	return fault_raise(cpu, &attempt);
}

/* True if the guest goes on. In x2APIC mode EOI and ESR take zero only. */
static bool write_register(struct cpu *cpu, uint32_t offset, uint32_t value)
{
	uint32_t destination = cpu->icr_high >> 24;

	switch (cpu->apic_page == APIC_PAGE_NONE ? APIC_DENY : apic_write_action(offset)) {
	case APIC_PASS:
		if (offset == APIC_ICR_HIGH)
			cpu->icr_high = value;
		else
			guarded_wrmsr(apic_msr(offset),
				      offset == APIC_EOI || offset == APIC_ESR ? 0 : value);
		return true;
	case APIC_LOGICAL:
		apic_set_logical(cpu, offset, value);
		cells_update_interrupts();
		return true;
	case APIC_LOCAL:
		if (cpu->cell != &root_cell && !apic_local_is_own(offset, value))
			return deny(cpu, BH_FAULT_APIC, offset, value);
		guarded_wrmsr(apic_msr(offset), value);
		return true;
	case APIC_SEND:
		return icr_filter(cpu, false, value, destination) != ICR_DENIED ||
		       deny(cpu, BH_FAULT_INTERRUPT, destination, value);
	default:
		return deny(cpu, BH_FAULT_APIC, offset, value);
	}
}

void guest_apic_shadow(struct cpu *cpu, uint32_t offset)
{
	uint64_t rflags = vcpu_rflags(cpu);
	uint64_t loaded, stored = 0;
	struct decoded d;
	bool complete;

	if (!guest_decode_exit(cpu, fetch_open(cpu), &d)) {
		guest_apic_undecoded(cpu, offset);
		return;
	}
	cpu->gprs[GPR_RSP] = vcpu_rsp(cpu);
	if (emulate_is_empty(&d, cpu->gprs)) {
		vcpu_skip_bytes(cpu, d.length);
		return;
	}
	loaded = d.access & DECODE_READ ? read_register(cpu, offset & ~15u) : 0;
	complete = emulate_insn(&d, cpu->gprs, &rflags, loaded, &stored);
	if ((d.access & DECODE_WRITE) &&
	    !(d.size == 4 ? write_register(cpu, offset, (uint32_t)stored) :
			    deny(cpu, BH_FAULT_APIC, offset, stored)))
		return;
	vcpu_set_rsp(cpu, cpu->gprs[GPR_RSP]);
	vcpu_set_rflags(cpu, rflags);
	if (complete)
		vcpu_skip_bytes(cpu, d.length);
}
