/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NMIs and the messages they carry: to this CPU's hypervisor, or to its guest. A guest's NMI waits
 * until the guest can take it (SDM vol. 3C, 24.6.1, 26.6.1).
 */
#include "core/cell.h"
#include "core/test_devices.h"
#include "x86/apic.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/fault.h"
#include "x86/vmx/vmx.h"

/* The NMI that ended the guest's run; guest_enter sees the event at once. */
void exit_exception_or_nmi(struct cpu *cpu)
{
	uint64_t event = vmcs_read(VMCS_EXIT_EVENT);

	if (EVENT_TYPE(event) == EVENT_TYPE_NMI)
		cpu_post(cpu, CPU_EVENT_NMI);
	else
		exit_exception(cpu, event);
}

/*
 * Only a CPU that is halted for the hypervisor's reasons gets here: nobody is there to serve the
 * interrupt, and whoever comes next is not meant. It was acknowledged by the exit.
 */
void exit_interrupt(struct cpu *cpu)
{
	(void)cpu;
	apic_end_interrupt();
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_HLT);
}

static void set_nmi_window(bool open)
{
	uint64_t controls = vmcs_read(VMCS_PROC_CONTROLS);

	vmcs_write(VMCS_PROC_CONTROLS,
		   open ? controls | PROC_NMI_WINDOW : controls & ~(uint64_t)PROC_NMI_WINDOW);
}

/* Gives the guest its NMI, now if it can take it, else as soon as it can. */
static void deliver_nmi(struct cpu *cpu)
{
	uint64_t blocked = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	if (cpu->halt != CPU_RUNS) {
		cpu->nmi_pending = 0;
		return;
	}
	if ((blocked & (BLOCKED_BY_NMI | BLOCKED_BY_MOV_SS | BLOCKED_BY_STI)) ||
	    (vmcs_read(VMCS_ENTRY_EVENT) & EVENT_VALID)) {
		set_nmi_window(true);
		return;
	}
	cpu->nmi_pending = 0;
	vmcs_write(VMCS_ENTRY_EVENT, EVENT_VALID | EVENT_TYPE_NMI << 8 | VECTOR_NMI);
}

void exit_nmi_window(struct cpu *cpu)
{
	set_nmi_window(false);
	if (cpu->nmi_pending)
		deliver_nmi(cpu);
	if (cpu->halt != CPU_RUNS)
		vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_HLT);
}

/* An INIT from outside the machine's cells; none of ours sends a real one. */
void exit_init_signal(struct cpu *cpu)
{
	cpu_post(cpu, CPU_EVENT_INIT);
}

void exit_triple_fault(struct cpu *cpu)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_TRIPLE, .place = vmcs_read(VMCS_GUEST_RIP),
	};

	fault_stop(cpu, &attempt);
}

static void take_init(struct cpu *cpu)
{
	if (cpu->halt == CPU_STOPPED)
		return;
	apic_init(cpu);
	vmx_reset(cpu);
}

/* The second SIPI that Linux sends finds a CPU that runs already, and is ignored as by hardware. */
static void take_sipi(struct cpu *cpu)
{
	if (cpu->halt == CPU_WAITS)
		vmx_startup(cpu, cpu->startup_vector);
}

/*
 * Takes all that was posted, in the order in which a processor would see it. A physical NMI that
 * was not sent as a kick is the guest's.
 */
void vmx_take_events(struct cpu *cpu)
{
	uint32_t events;

	test_delay(cpu);
	events = __atomic_exchange_n(&cpu->events, 0, __ATOMIC_SEQ_CST);
	/* What a cell sent to its CPU must not reach it when it is another's, or begins anew. */
	if (events & (CPU_EVENT_MOVE | CPU_EVENT_START))
		events &= ~(uint32_t)(CPU_EVENT_INIT | CPU_EVENT_SIPI | CPU_EVENT_GUEST_NMI);
	if ((events & CPU_EVENT_NMI) && !__atomic_exchange_n(&cpu->kicked, 0, __ATOMIC_SEQ_CST))
		events |= CPU_EVENT_GUEST_NMI;
	if (events & CPU_EVENT_LEAVE) {
		cpu->nmi_pending |= events & CPU_EVENT_GUEST_NMI;
		vmx_leave(cpu);
	}
	if (events & CPU_EVENT_STOP)
		vmx_stop(cpu);
	if (events & CPU_EVENT_MOVE)
		vmx_move(cpu);
	if (events & CPU_EVENT_START)
		vmx_begin(cpu);
	if (events & CPU_EVENT_INVALIDATE)
		vmx_invalidate_map(cpu);
	if (events & CPU_EVENT_INIT)
		take_init(cpu);
	if (events & CPU_EVENT_SIPI)
		take_sipi(cpu);
	if (events & CPU_EVENT_GUEST_NMI) {
		cpu->nmi_pending = 1;
		deliver_nmi(cpu);
	}
	/* The NMI that carried a message may have woken a guest that is to stay halted. */
	if (cpu->halt != CPU_RUNS)
		vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_HLT);
	/* Who waits for an answer finds all of it done. */
	__atomic_and_fetch(&cpu->asked, ~events, __ATOMIC_RELEASE);
}
