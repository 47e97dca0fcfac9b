// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm of NMIs to all CPUs at times that nobody chooses: the interval timer, whose interrupt the
 * I/O APIC delivers as NMI. The line is idle under a Linux that has other clocks.
 */
#include "probe.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/smp.h>
#include <asm/nmi.h>

#define IOAPIC_ADDRESS   0xfec00000
#define IOAPIC_SELECT    0x00
#define IOAPIC_WINDOW    0x10
#define TIMER_PIN        2
#define ENTRY_LOW        (0x10 + 2 * TIMER_PIN)
#define ENTRY_HIGH       (ENTRY_LOW + 1)
#define ENTRY_NMI        0x400       /* delivery mode; edge, physical, not masked */
#define ENTRY_ALL_CPUS   0xff000000
#define ENTRY_MASKED     0x10000

#define TIMER_HZ         1193182ULL
#define TIMER_DATA       0x40
#define TIMER_COMMAND    0x43
#define TIMER_PERIODIC   0x34        /* channel 0, both bytes, mode 2 */
#define TIMER_IDLE       0x30        /* mode 0: waits for a count that is not written */

static void __iomem *ioapic;
static u32 saved_low, saved_high;
static atomic_t nmis;

static u32 ioapic_read(u32 number)
{
	writel(number, ioapic + IOAPIC_SELECT);
	return readl(ioapic + IOAPIC_WINDOW);
}

static void ioapic_write(u32 number, u32 value)
{
	writel(number, ioapic + IOAPIC_SELECT);
	writel(value, ioapic + IOAPIC_WINDOW);
}

static int count_nmi(unsigned int type, struct pt_regs *registers)
{
	atomic_inc(&nmis);
	return NMI_HANDLED;
}

int probe_nmi_start(const u64 *numbers, unsigned int count)
{
	u32 ticks = clamp_t(u64, TIMER_HZ * numbers[0] / 1000000, 2, 0xffff);
	int error;

	if (ioapic)
		return -EBUSY;
	error = register_nmi_handler(NMI_LOCAL, count_nmi, 0, "bh_probe");
	if (error)
		return error;
	ioapic = ioremap(IOAPIC_ADDRESS, PAGE_SIZE);
	if (!ioapic) {
		unregister_nmi_handler(NMI_LOCAL, "bh_probe");
		return -ENOMEM;
	}
	atomic_set(&nmis, 0);
	saved_low = ioapic_read(ENTRY_LOW);
	saved_high = ioapic_read(ENTRY_HIGH);
	ioapic_write(ENTRY_LOW, ENTRY_MASKED);
	ioapic_write(ENTRY_HIGH, ENTRY_ALL_CPUS);
	ioapic_write(ENTRY_LOW, ENTRY_NMI);
	outb(TIMER_PERIODIC, TIMER_COMMAND);
	outb(ticks & 0xff, TIMER_DATA);
	outb(ticks >> 8, TIMER_DATA);
	return 0;
}

int probe_nmi_stop(const u64 *numbers, unsigned int count)
{
	if (!ioapic)
		return -ENODEV;
	outb(TIMER_IDLE, TIMER_COMMAND);
	ioapic_write(ENTRY_LOW, ENTRY_MASKED);
	ioapic_write(ENTRY_HIGH, saved_high);
	ioapic_write(ENTRY_LOW, saved_low);
	iounmap(ioapic);
	ioapic = NULL;
	/* Where CPUs are threads of a busy host, one may not have taken its last NMI yet. */
	kick_all_cpus_sync();
	unregister_nmi_handler(NMI_LOCAL, "bh_probe");
	probe_say("count %d", atomic_read(&nmis));
	return 0;
}
