// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has QEMU's "edu" device read and write memory by DMA, wherever it is told to. Its registers are
 * described in QEMU's docs/specs/edu.
 */
#include "probe.h"

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/pci.h>

#define EDU_VENDOR  0x1234
#define EDU_DEVICE  0x11e8
#define EDU_SOURCE  0x80
#define EDU_TARGET  0x88
#define EDU_COUNT   0x90
#define EDU_COMMAND 0x98
#define EDU_BUFFER  0x40000 /* how its own memory is addressed */

#define COMMAND_RUN     1
#define COMMAND_TO_HOST 2

struct edu {
	struct pci_dev *pci;
	void __iomem *registers;
	u64 *page;
};

static int edu_open(struct edu *edu)
{
	int error = -ENODEV;

	*edu = (struct edu){ .pci = pci_get_device(EDU_VENDOR, EDU_DEVICE, NULL) };
	if (!edu->pci)
		return error;
	error = pci_enable_device(edu->pci);
	if (!error) {
		pci_set_master(edu->pci);
		edu->registers = pci_iomap(edu->pci, 0, 0);
		edu->page = (u64 *)get_zeroed_page(GFP_KERNEL | __GFP_DMA32);
		error = edu->registers && edu->page ? 0 : -ENOMEM;
	}
	return error;
}

static void edu_close(struct edu *edu)
{
	if (edu->page)
		free_page((unsigned long)edu->page);
	if (edu->registers) {
		pci_iounmap(edu->pci, edu->registers);
		pci_clear_master(edu->pci);
		pci_disable_device(edu->pci);
	}
	pci_dev_put(edu->pci);
}

/* Eight bytes, and waits until the device says that it is done. */
static int edu_run(struct edu *edu, u64 from, u64 to, u64 command)
{
	unsigned long end = jiffies + 10 * HZ;

	writeq(from, edu->registers + EDU_SOURCE);
	writeq(to, edu->registers + EDU_TARGET);
	writeq(sizeof(u64), edu->registers + EDU_COUNT);
	writeq(command | COMMAND_RUN, edu->registers + EDU_COMMAND);
	while (readq(edu->registers + EDU_COMMAND) & COMMAND_RUN) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		msleep(1);
	}
	return 0;
}

static int edu_fill(struct edu *edu, u64 value)
{
	*edu->page = value;
	return edu_run(edu, virt_to_phys(edu->page), EDU_BUFFER, 0);
}

int probe_edu_write(const u64 *numbers, unsigned int count)
{
	struct edu edu;
	int error = edu_open(&edu);

	if (!error)
		error = edu_fill(&edu, numbers[1]);
	if (!error)
		error = edu_run(&edu, EDU_BUFFER, numbers[0], COMMAND_TO_HOST);
	if (edu.pci)
		edu_close(&edu);
	probe_say("done");
	return error;
}

#define EDU_UNTOUCHED 0x5a5a5a5a5a5a5a5aULL

int probe_edu_read(const u64 *numbers, unsigned int count)
{
	struct edu edu;
	int error = edu_open(&edu);

	if (!error)
		error = edu_fill(&edu, EDU_UNTOUCHED);
	if (!error)
		error = edu_run(&edu, numbers[0], EDU_BUFFER, 0);
	if (!error)
		error = edu_run(&edu, EDU_BUFFER, virt_to_phys(edu.page), COMMAND_TO_HOST);
	if (!error)
		probe_say("value 0x%llx", *edu.page);
	if (edu.pci)
		edu_close(&edu);
	return error;
}

/* One half of it alone, whoever's memory that is: into the device, and out of it. */
static int move(u64 from, u64 to, u64 command)
{
	struct edu edu;
	int error = edu_open(&edu);

	if (!error)
		error = edu_run(&edu, from, to, command);
	if (edu.pci)
		edu_close(&edu);
	probe_say("done");
	return error;
}

int probe_edu_take(const u64 *numbers, unsigned int count)
{
	return move(numbers[0], EDU_BUFFER, 0);
}

int probe_edu_put(const u64 *numbers, unsigned int count)
{
	return move(EDU_BUFFER, numbers[0], COMMAND_TO_HOST);
}

/* A page of root's, for the device to be told. */
int probe_page(const u64 *numbers, unsigned int count)
{
	static u64 *page;

	if (!page)
		page = (u64 *)get_zeroed_page(GFP_KERNEL | __GFP_DMA32);
	if (!page)
		return -ENOMEM;
	probe_say("page 0x%llx word 0x%llx", (u64)virt_to_phys(page), *page);
	return 0;
}
