/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens when the hypervisor itself is interrupted. NMIs are somebody's message; machine
 * checks are served with the guest's; guarded instructions return false; everything else is a
 * defect and stops this CPU, see panic.c.
 */
#include "x86/exceptions.h"

#include "core/backend.h"
#include "core/cpu.h"
#include "model/machine_check.h"
#include "x86/apic.h"
#include "x86/control.h"
#include "x86/msr.h"
#include "x86/processor.h"
#include "x86/tables.h"

extern const uint8_t guarded_start[], guarded_end[], guarded_fault[];

static bool is_within(uint64_t rip, const uint8_t *start, const uint8_t *end)
{
	return rip >= (uint64_t)start && rip < (uint64_t)end;
}

/*
 * An event between the last look at cpu->events and the guest's first instruction would go
 * unnoticed. So that stretch is left, and run again from the look: all the guest's registers are
 * still in place.
 */
static bool leave_critical(struct exception_frame *frame)
{
	if (!backend || !is_within(frame->rip, backend->critical, backend->critical_end))
		return false;
	frame->rip = (uint64_t)backend->again;
	frame->rsp = (uint64_t)cpu_this();
	return true;
}

static void handle_nmi(struct exception_frame *frame)
{
	cpu_post_nmi(cpu_this());
	leave_critical(frame);
}

/* Each stack for exceptions is a page. */
static bool is_on_stack_of(const struct exception_frame *frame)
{
	return (((frame->rsp - 1) ^ (uint64_t)frame) & ~BH_PAGE_MASK) == 0;
}

/*
 * Whether the guest can go on is asked where all its events are. What the hypervisor was doing goes
 * on only where that is sure. False if there is none: an interrupt may have that vector.
 *
 * A CPU that fails, or has failed, takes no events: its check is over here, as one more while it is
 * in progress resets the machine (SDM vol. 3B, 15.3.1.2). From then on a check may find the words
 * on this handler's own stack, and has overwritten them.
 *
 * Not survived: a check within handle_nmi(), whose IRET ends the blocking of NMIs, and one more NMI
 * before that handler's own.
 */
static bool handle_check(struct exception_frame *frame)
{
	const struct machine_check check = machine_check_look(&processor_reader);
	struct cpu *cpu = cpu_this();
	bool goes_on;

	if (!check.in_progress)
		return false;
	goes_on = (leave_critical(frame) || check.can_go_on) && !is_on_stack_of(frame);
	if (!goes_on || cpu->halt == CPU_PANICKED)
		guarded_wrmsr(MSR_MCG_STATUS, 0);
	if (!goes_on)
		panic_frame(frame, NULL);
	cpu_post(cpu, CPU_EVENT_MACHINE_CHECK);
	return true;
}

void exception_handle(struct exception_frame *frame)
{
	if (frame->vector == VECTOR_NMI) {
		handle_nmi(frame);
		return;
	}
	if (frame->vector == VECTOR_MACHINE_CHECK && handle_check(frame))
		return;
	/* See tables.c. */
	if (frame->vector == VECTOR_MACHINE_CHECK && apic_is_in_service(VECTOR_MACHINE_CHECK)) {
		apic_end_interrupt();
		frame->rflags &= ~RFLAGS_IF;
		return;
	}
	if ((frame->vector == VECTOR_GP || frame->vector == VECTOR_UD) &&
	    is_within(frame->rip, guarded_start, guarded_end)) {
		frame->rip = (uint64_t)guarded_fault;
		return;
	}
	panic_frame(frame, NULL);
}
