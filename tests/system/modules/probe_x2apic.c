// SPDX-License-Identifier: GPL-2.0-only
/*
 * x2APIC mode, on a machine with one CPU whose Linux runs its local APIC in xAPIC mode. Linux
 * cannot follow into the other mode, and the emulator knows no way back; so these are the machine's
 * last acts: the result goes to the console, and the power goes off.
 */
#include "probe.h"

#include <linux/acpi.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <asm/apicdef.h>
#include <asm/msr-index.h>

/* Switches, lets `act` do what it wants to know, and ends the machine. */
static int last_act(const char *name, void (*act)(u64 number), u64 number)
{
	unsigned long flags;
	u64 base;

	if (!probe_read_msr(MSR_IA32_APICBASE, &base) || (base & X2APIC_ENABLE) ||
	    num_online_cpus() != 1 || ACPI_FAILURE(acpi_enter_sleep_state_prep(ACPI_STATE_S5)))
		return -ENODEV;
	local_irq_save(flags);
	probe_write_msr(MSR_IA32_APICBASE, base | X2APIC_ENABLE);
	act(number);
	probe_log_result(name);
	acpi_enter_sleep_state(ACPI_STATE_S5);
	local_irq_restore(flags);
	return -EIO;
}

int probe_bench_x2apic_icr(const u64 *numbers, unsigned int count)
{
	return last_act("bench-x2apic-icr", probe_measure_x2apic_icr, numbers[0]);
}

static void *info_page;

/* Reads and writes that interrupts need in x2APIC mode: end of interrupt, timer, task priority. */
static void use_x2apic(u64 number)
{
	u64 before = probe_count_exits(info_page);
	u64 i, value;

	for (i = 0; i < number; i++) {
		probe_write_msr(APIC_BASE_MSR + (APIC_EOI >> 4), 0);
		probe_read_msr(APIC_BASE_MSR + (APIC_TMCCT >> 4), &value);
		probe_write_msr(APIC_BASE_MSR + (APIC_TASKPRI >> 4), 0);
	}
	/* Each count is itself an exit. */
	probe_say("eois %llu exits %llu", number, probe_count_exits(info_page) - before - 1);
}

int probe_x2apic_eoi(const u64 *numbers, unsigned int count)
{
	info_page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!info_page)
		return -ENOMEM;
	return last_act("x2apic-eoi", use_x2apic, numbers[0]);
}
