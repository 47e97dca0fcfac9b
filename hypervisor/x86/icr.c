/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The filter for interrupt commands. Fixed interrupts that could reach another cell are sent to the
 * CPUs of the own cell one by one; INIT and SIPI are messages to the virtual CPU concerned, and so
 * are NMIs, since a physical one could be taken for a kick.
 */
#include "x86/icr.h"

#include "core/cell.h"
#include "core/hypervisor.h"
#include "model/apic_policy.h"
#include "x86/apic.h"

/* Is this CPU among those that the command is for? */
static bool is_meant(const struct cpu *sender, const struct cpu *cpu, const struct icr *icr,
		     bool x2apic)
{
	switch (icr->shorthand) {
	case ICR_TO_SELF:
		return cpu == sender;
	case ICR_TO_ALL:
		return true;
	case ICR_TO_OTHERS:
		return cpu != sender;
	default:
		return icr_reaches(icr, x2apic, &cpu->apic);
	}
}

/*
 * Does naming that CPU reach for it? A broadcast means those of the own cell, and a logical id of
 * xAPIC mode is the choice of whoever has it.
 */
static bool is_reached_for(const struct icr *icr, bool x2apic)
{
	if (icr->shorthand != ICR_TO_DESTINATION)
		return false;
	if (icr->logical)
		return x2apic && icr->destination != ~0u;
	return icr->destination != (x2apic ? ~0u : 0xffu);
}

static void post(struct cpu *target, const struct icr *icr)
{
	switch (icr->mode) {
	case ICR_INIT:
		cpu_post(target, CPU_EVENT_INIT);
		break;
	case ICR_STARTUP:
		target->startup_vector = icr->vector;
		cpu_post(target, CPU_EVENT_SIPI);
		break;
	default:
		cpu_post(target, CPU_EVENT_GUEST_NMI);
		break;
	}
	apic_kick(target);
}

static void send(struct cpu *target, const struct icr *icr)
{
	if (icr->mode == ICR_FIXED || icr->mode == ICR_LOWEST)
		apic_send_fixed(target, icr->vector);
	else
		post(target, icr);
}

/* To each CPU of the cell that is meant; denied where that is none, or a foreign one is. */
static enum icr_verdict send_each(struct cpu *sender, const struct icr *icr, bool x2apic)
{
	enum icr_verdict verdict = ICR_DENIED;
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		const struct cpu *cpu = cpu_at(i);

		if (cpu->cell != sender->cell && is_reached_for(icr, x2apic) &&
		    is_meant(sender, cpu, icr, x2apic))
			return ICR_DENIED;
	}
	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->cell != sender->cell || !is_meant(sender, cpu, icr, x2apic))
			continue;
		send(cpu, icr);
		verdict = ICR_DONE;
		if (icr->mode == ICR_LOWEST)
			break;
	}
	return icr->shorthand == ICR_TO_DESTINATION ? verdict : ICR_DONE;
}

enum icr_verdict icr_filter(struct cpu *cpu, bool x2apic, uint32_t low, uint32_t destination)
{
	struct icr icr = icr_decode(low, destination);

	switch (icr.mode) {
	case ICR_FIXED:
	case ICR_LOWEST:
		return send_each(cpu, &icr, x2apic);
	case ICR_INIT:
		if (icr.deassert)
			return ICR_DONE;
		break;
	case ICR_NMI:
	case ICR_STARTUP:
		break;
	default:
		return ICR_DENIED; /* SMI and reserved modes */
	}
	if (icr.shorthand == ICR_TO_SELF)
		return ICR_DENIED; /* SDM vol. 3A, table 10-3: not valid for these */
	return send_each(cpu, &icr, x2apic);
}
