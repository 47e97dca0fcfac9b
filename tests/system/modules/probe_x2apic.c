// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of an IPI in x2APIC mode, on a machine with one CPU whose Linux runs its local APIC in
 * xAPIC mode. Linux cannot follow into the other mode, and the emulator knows no way back; so this
 * is the machine's last act: the result goes to the console, and the power goes off.
 */
#include "probe.h"

#include <linux/acpi.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <asm/apicdef.h>
#include <asm/msr.h>

int probe_bench_x2apic_icr(const u64 *numbers, unsigned int count)
{
	unsigned long flags;
	u64 base;

	rdmsrl(MSR_IA32_APICBASE, base);
	if ((base & X2APIC_ENABLE) || num_online_cpus() != 1 ||
	    ACPI_FAILURE(acpi_enter_sleep_state_prep(ACPI_STATE_S5)))
		return -ENODEV;
	local_irq_save(flags);
	wrmsrl(MSR_IA32_APICBASE, base | X2APIC_ENABLE);
	probe_measure_x2apic_icr(numbers[0]);
	probe_log_result("bench-x2apic-icr");
	acpi_enter_sleep_state(ACPI_STATE_S5);
	local_irq_restore(flags);
	return -EIO;
}
