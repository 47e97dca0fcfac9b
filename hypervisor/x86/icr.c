/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The filter for interrupt commands. Fixed interrupts go out by hardware; INIT and SIPI are
 * messages to the virtual CPU concerned, and so are NMIs, since a physical one could be taken for a
 * kick.
 */
#include "x86/icr.h"

#include "core/cell.h"
#include "core/hypervisor.h"
#include "model/apic_policy.h"
#include "x86/apic.h"

static struct cpu *find_cpu(const struct cell *cell, uint32_t apic_id)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->apic_id == apic_id)
			return cpu->cell == cell ? cpu : NULL;
	}
	return NULL;
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

static void post_to_all(struct cpu *sender, const struct icr *icr)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->cell != sender->cell)
			continue;
		if (cpu != sender || icr->shorthand == ICR_TO_ALL)
			post(cpu, icr);
	}
}

/* INIT, SIPI and NMI. */
static enum icr_verdict send_message(struct cpu *sender, const struct icr *icr)
{
	struct cpu *target;

	if (icr->mode == ICR_INIT && icr->deassert)
		return ICR_DONE;
	if (icr->shorthand == ICR_TO_SELF)
		return ICR_DENIED; /* SDM vol. 3A, table 10-3: not valid for these */
	if (icr->shorthand != ICR_TO_DESTINATION) {
		post_to_all(sender, icr);
		return ICR_DONE;
	}
	/* Linux sends these to physical ids only; a logical NMI goes the hardware's way. */
	if (icr->logical)
		return icr->mode == ICR_NMI ? ICR_WRITE : ICR_DENIED;
	target = find_cpu(sender->cell, icr->destination);
	if (!target)
		return ICR_DENIED;
	post(target, icr);
	return ICR_DONE;
}

enum icr_verdict icr_filter(struct cpu *cpu, uint32_t low, uint32_t destination)
{
	struct icr icr = icr_decode(low, destination);

	if (icr_passes(low))
		return ICR_WRITE;
	switch (icr.mode) {
	case ICR_NMI:
	case ICR_INIT:
	case ICR_STARTUP:
		return send_message(cpu, &icr);
	default:
		return ICR_DENIED; /* SMI and reserved modes */
	}
}
