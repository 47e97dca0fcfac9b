// SPDX-License-Identifier: GPL-2.0-only
/* Reaches the registers of the local APIC in xAPIC mode through a map of its own. */
#include "probe.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <asm/apicdef.h>

#define APIC_PAGE      0xfee00000
#define APIC_PAGE_SIZE 0x1000

int probe_apic_write(const u64 *numbers, unsigned int count)
{
	void __iomem *page = ioremap(APIC_PAGE, APIC_PAGE_SIZE);

	if (!page)
		return -ENOMEM;
	writel(numbers[1], page + min_t(u64, numbers[0], APIC_PAGE_SIZE - sizeof(u32)));
	iounmap(page);
	return 0;
}

/* Both halves at once, so that no command of Linux comes in between. */
int probe_icr(const u64 *numbers, unsigned int count)
{
	void __iomem *page = ioremap(APIC_PAGE, APIC_PAGE_SIZE);
	unsigned long flags;
	u32 high;

	if (!page)
		return -ENOMEM;
	local_irq_save(flags);
	high = readl(page + APIC_ICR2);
	writel(numbers[0] << 24, page + APIC_ICR2);
	writel(numbers[1], page + APIC_ICR);
	writel(high, page + APIC_ICR2);
	local_irq_restore(flags);
	iounmap(page);
	return 0;
}

int probe_apic_read(const u64 *numbers, unsigned int count)
{
	void __iomem *page = ioremap(APIC_PAGE, APIC_PAGE_SIZE);
	u32 value = 0;
	u64 i;

	if (!page)
		return -ENOMEM;
	for (i = 0; i < numbers[1]; i++)
		value = readl(page + min_t(u64, numbers[0], APIC_PAGE_SIZE - sizeof(u32)));
	iounmap(page);
	probe_say("value 0x%x", value);
	return 0;
}

int probe_apic_exits(const u64 *numbers, unsigned int count)
{
	u64 at = min_t(u64, numbers[0], APIC_PAGE_SIZE - sizeof(u32));
	void *info = (void *)get_zeroed_page(GFP_KERNEL);
	void __iomem *page = ioremap(APIC_PAGE, APIC_PAGE_SIZE);
	int error = info && page ? 0 : -ENOMEM;
	unsigned long flags;
	u64 before, after, i;

	if (error)
		goto out;
	local_irq_save(flags);
	before = probe_count_exits(info);
	for (i = 0; i < numbers[1]; i++)
		readl(page + at);
	after = probe_count_exits(info);
	local_irq_restore(flags);
	probe_say("exits %llu", after - before - 1);
out:
	if (page)
		iounmap(page);
	free_page((unsigned long)info);
	return error;
}
