/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What others have posted for a CPU: messages to its hypervisor, and NMI, INIT and SIPI to its
 * guest.
 */
#include "core/cell.h"
#include "core/iommu.h"
#include "core/test_devices.h"
#include "vcpu.h"
#include "x86/apic.h"
#include "x86/guest/guest.h"

static void take_init(struct cpu *cpu)
{
	if (cpu->halt == CPU_STOPPED)
		return;
	apic_init(cpu);
	guest_reset(cpu);
}

/* The second SIPI that Linux sends finds a CPU that runs already, and is ignored as by hardware. */
static void take_sipi(struct cpu *cpu)
{
	if (cpu->halt == CPU_WAITS)
		guest_startup(cpu, cpu->startup_vector);
}

/*
 * An NMI that was not sent as a kick, or by an IOMMU, is the guest's. Hardware makes one of several
 * that come at once, so the units are asked in any case. Or both arrive after all: then the second
 * comes when its reason was found with the first. Linux gets that one, like each without a reason,
 * and is told of it when it asks (root_events.h).
 */
static bool has_guests_nmi(struct cpu *cpu)
{
	/* Kicks first, for whoever looks at the units may kick this CPU to look again. */
	uint32_t left = apic_nmis_but_kicks(cpu);
	uint32_t units = cpu->linux_cpu == 0 && iommu_interrupted() ? 1 : 0;

	return left > units;
}

/* Takes all that was posted, in the order in which a processor would see it. */
void guest_take_events(struct cpu *cpu)
{
	uint32_t events;
	bool checked;

	test_delay(cpu);
	events = __atomic_exchange_n(&cpu->events, 0, __ATOMIC_SEQ_CST);
	/* What a cell sent to its CPU must not reach it when it is another's, or begins anew. */
	if (events & (CPU_EVENT_MOVE | CPU_EVENT_START))
		events &= ~(uint32_t)(CPU_EVENT_INIT | CPU_EVENT_SIPI | CPU_EVENT_GUEST_NMI);
	if ((events & CPU_EVENT_NMI) && has_guests_nmi(cpu))
		events |= CPU_EVENT_GUEST_NMI;
	checked = (events & CPU_EVENT_MACHINE_CHECK) && guest_take_check(cpu);
	if (events & CPU_EVENT_LEAVE) {
		cpu->nmi_pending |= events & CPU_EVENT_GUEST_NMI;
		/* Linux holds it offline, and tells such a CPU nothing. */
		if (checked)
			guest_drop_check();
		guest_leave(cpu);
	}
	if (events & CPU_EVENT_STOP)
		guest_stop(cpu);
	if (events & CPU_EVENT_MOVE)
		guest_move(cpu);
	if (events & CPU_EVENT_START)
		guest_begin(cpu);
	if (events & CPU_EVENT_INVALIDATE)
		vcpu_invalidate_map(cpu);
	if (events & CPU_EVENT_INIT)
		take_init(cpu);
	if (events & CPU_EVENT_SIPI)
		take_sipi(cpu);
	if (checked)
		guest_give_check(cpu);
	if (events & CPU_EVENT_GUEST_NMI)
		cpu->nmi_pending = 1;
	if (events & (CPU_EVENT_GUEST_NMI | CPU_EVENT_NMI_AGAIN)) {
		if (cpu->halt != CPU_RUNS)
			cpu->nmi_pending = 0;
		if (cpu->nmi_pending)
			vcpu_deliver_nmi(cpu);
	}
	vcpu_stay_halted(cpu);
	/* Who waits for an answer finds all of it done. */
	__atomic_and_fetch(&cpu->asked, ~events, __ATOMIC_RELEASE);
}
