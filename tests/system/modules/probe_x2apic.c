// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of an IPI in x2APIC mode, under a Linux that runs its local APIC in xAPIC mode. Switches
 * this CPU over and measures with interrupts off. There is no way back while the hypervisor has the
 * CPU, which does not let it switch its APIC off; so the CPU leaves the hypervisor, and disabling that
 * is all that can be done afterwards.
 */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <asm/apicdef.h>
#include <asm/msr.h>

#include <bulkhead/hypercall.h>

/* What switching the APIC off forgets, in the order in which it is to be written again. */
static const u16 registers[] = {
	APIC_DFR, APIC_LDR, APIC_TASKPRI, APIC_SPIV, APIC_LVTTHMR, APIC_LVTPC, APIC_LVT0, APIC_LVT1,
	APIC_LVTERR, APIC_LVTT, APIC_TDCR, APIC_TMICT,
};

static void leave_hypervisor(void)
{
	long result = BH_HYPERCALL_LEAVE;

	asm volatile("vmcall" : "+a"(result) : : "memory", "cc");
}

int probe_bench_x2apic_icr(const u64 *numbers, unsigned int count)
{
	void __iomem *apic = ioremap(APIC_DEFAULT_PHYS_BASE, PAGE_SIZE);
	u32 saved[ARRAY_SIZE(registers)];
	unsigned long flags;
	u64 base;
	size_t i;

	if (!apic)
		return -ENOMEM;
	rdmsrl(MSR_IA32_APICBASE, base);
	if ((base & X2APIC_ENABLE) || !(cpuid_ecx(1) >> 31)) {
		iounmap(apic);
		return -ENODEV;
	}
	local_irq_save(flags);
	for (i = 0; i < ARRAY_SIZE(registers); i++)
		saved[i] = readl(apic + registers[i]);
	wrmsrl(MSR_IA32_APICBASE, base | X2APIC_ENABLE);
	probe_measure_x2apic_icr(numbers[0]);
	leave_hypervisor();
	wrmsrl(MSR_IA32_APICBASE, base & ~(X2APIC_ENABLE | MSR_IA32_APICBASE_ENABLE));
	wrmsrl(MSR_IA32_APICBASE, base);
	for (i = 0; i < ARRAY_SIZE(registers); i++)
		writel(saved[i], apic + registers[i]);
	local_irq_restore(flags);
	iounmap(apic);
	return 0;
}
