// SPDX-License-Identifier: GPL-2.0-only
/* Reads and writes ports, registers in memory and MSRs. */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <asm/msr.h>

int probe_port_in(const u64 *numbers, unsigned int count)
{
	u16 port = numbers[0];

	switch (numbers[1]) {
	case 1:
		probe_say("value 0x%x", inb(port));
		return 0;
	case 2:
		probe_say("value 0x%x", inw(port));
		return 0;
	case 4:
		probe_say("value 0x%x", inl(port));
		return 0;
	default:
		return -EINVAL;
	}
}

int probe_port_out(const u64 *numbers, unsigned int count)
{
	u16 port = numbers[0];

	switch (numbers[1]) {
	case 1:
		outb(numbers[2], port);
		return 0;
	case 2:
		outw(numbers[2], port);
		return 0;
	case 4:
		outl(numbers[2], port);
		return 0;
	default:
		return -EINVAL;
	}
}

/* Registers of 32 bits in memory. */
int probe_mmio_in(const u64 *numbers, unsigned int count)
{
	void __iomem *at = ioremap(numbers[0], sizeof(u32));

	if (!at)
		return -ENOMEM;
	probe_say("value 0x%x", readl(at));
	iounmap(at);
	return 0;
}

int probe_mmio_out(const u64 *numbers, unsigned int count)
{
	void __iomem *at = ioremap(numbers[0], sizeof(u32));

	if (!at)
		return -ENOMEM;
	writel(numbers[1], at);
	iounmap(at);
	return 0;
}

int probe_rdmsr(const u64 *numbers, unsigned int count)
{
	u64 value;

	if (rdmsrl_safe(numbers[0], &value))
		probe_say("fault");
	else
		probe_say("value 0x%llx", value);
	return 0;
}

int probe_wrmsr(const u64 *numbers, unsigned int count)
{
	probe_say(wrmsrl_safe(numbers[0], numbers[1]) ? "fault" : "done");
	return 0;
}
