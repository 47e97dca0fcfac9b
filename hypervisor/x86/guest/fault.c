/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fills fault records from what the processor tells, and carries out what the cell's policy says.
 */
#include "x86/guest/fault.h"

#include "core/cell_stop.h"
#include "core/fault_log.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "vcpu.h"
#include "x86/apic.h"
#include "x86/guest/guest.h"
#include "x86/guest/memory.h"
#include "x86/window.h"

static void record(struct cpu *cpu, const struct attempt *attempt, uint32_t flags)
{
	static const uint8_t widths[] = { [DECODE_16] = 16, [DECODE_32] = 32, [DECODE_64] = 64 };
	struct walk_state state;
	struct bh_fault fault = {
		.tsc = tsc_read(),
		.kind = attempt->kind,
		.cpu = cpu->linux_cpu,
		.flags = flags,
		.access = attempt->access,
		.size = attempt->size,
		.place = attempt->place,
		.value = attempt->value,
		.qualification = vcpu_qualification(cpu),
		.rip = vcpu_rip(cpu),
		.cr3 = vcpu_cr3(cpu),
		.mode = widths[guest_code_mode(cpu)],
		.cpl = vcpu_cpl(cpu),
		.exit_reason = (uint32_t)vcpu_exit_reason(cpu),
	};

	if (attempt->has_value)
		fault.flags |= BH_FAULT_HAS_VALUE;
	if (attempt->kind == BH_FAULT_MEMORY &&
	    vcpu_fault_linear(cpu, fault.qualification, &fault.linear))
		fault.flags |= BH_FAULT_HAS_LINEAR;
	/* After a machine check the bytes or the tables on the way may be what is bad. */
	if (attempt->kind != BH_FAULT_CHECK) {
		guest_walk_state(cpu, &state);
		fault.byte_count = (uint8_t)guest_fetch(cpu, &state, fault.bytes);
		window_close(cpu);
	}
	fault_log_add(cpu->cell, &fault);
}

/* All CPUs of root stop: this one here, the others when they see the event. */
static void stop_root(struct cpu *cpu)
{
	uint32_t i;

	if (__atomic_exchange_n(&root_cell.state, BH_CELL_FAILED, __ATOMIC_SEQ_CST) !=
	    BH_CELL_FAILED)
		log_print("%s: stopped, its policy says so\n", root_cell.config->name);
	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *other = cpu_at(i);

		if (other == cpu || other->cell != &root_cell)
			continue;
		cpu_post(other, CPU_EVENT_STOP);
		apic_kick(other);
	}
	guest_stop(cpu);
}

static void stop(struct cpu *cpu)
{
	if (cpu->cell == &root_cell)
		stop_root(cpu);
	else
		cell_stop(cpu, BH_CELL_FAILED);
}

bool fault_raise(struct cpu *cpu, const struct attempt *attempt)
{
	bool stops = cpu->cell->on_fault == BH_ON_FAULT_STOP;

	if (fault_log_count(cpu->cell, attempt->kind, attempt->place) || stops)
		record(cpu, attempt, stops ? BH_FAULT_STOPPED : 0);
	if (!stops)
		return true;
	stop(cpu);
	return false;
}

/* Under "report" root loses this CPU only; another cell has no use for a part of its CPUs. */
void fault_stop(struct cpu *cpu, const struct attempt *attempt)
{
	fault_log_count(cpu->cell, attempt->kind, attempt->place);
	record(cpu, attempt, BH_FAULT_STOPPED);
	if (cpu->cell == &root_cell && cpu->cell->on_fault == BH_ON_FAULT_REPORT)
		guest_stop(cpu);
	else
		stop(cpu);
}

void guest_apic_undecoded(struct cpu *cpu, uint32_t offset)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_APIC, .access = BH_ACCESS_WRITE, .place = offset,
	};

	fault_stop(cpu, &attempt);
}
