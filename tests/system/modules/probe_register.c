// SPDX-License-Identifier: GPL-2.0-only
/* Reads and writes ports, registers in memory and MSRs. */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <asm/asm.h>

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

/* Linux's names for these are not the same in all kernels. */
bool probe_read_msr(u32 number, u64 *value)
{
	u32 low = 0, high = 0, failed = 1;

	asm volatile("1:	rdmsr\n"
		     "	xorl %[failed], %[failed]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+a"(low), "+d"(high), [failed] "+r"(failed)
		     : "c"(number)
		     : "cc");
	*value = (u64)high << 32 | low;
	return !failed;
}

bool probe_write_msr(u32 number, u64 value)
{
	u32 failed = 1;

	asm volatile("1:	wrmsr\n"
		     "	xorl %[failed], %[failed]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : [failed] "+r"(failed)
		     : "c"(number), "a"((u32)value), "d"((u32)(value >> 32))
		     : "cc", "memory");
	return !failed;
}

int probe_rdmsr(const u64 *numbers, unsigned int count)
{
	u64 value;

	if (probe_read_msr(numbers[0], &value))
		probe_say("value 0x%llx", value);
	else
		probe_say("fault");
	return 0;
}

int probe_wrmsr(const u64 *numbers, unsigned int count)
{
	probe_say(probe_write_msr(numbers[0], numbers[1]) ? "done" : "fault");
	return 0;
}
