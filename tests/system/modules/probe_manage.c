// SPDX-License-Identifier: GPL-2.0-only
/*
 * Management requests past the driver, with whatever in them. Their data is the content of
 * /proc/bh_probe_data: sixteen pages, to be written and read there.
 */
#include "probe.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/proc_fs.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <bulkhead/hypercall.h>
#include <bulkhead/manage.h>

#define DATA_ORDER 4
#define DATA_SIZE  (PAGE_SIZE << DATA_ORDER)

static struct bh_request *request;
static void *data;

static_assert(DATA_SIZE == BH_REQUEST_PAGES * PAGE_SIZE);

int probe_manage(const u64 *numbers, unsigned int count)
{
	unsigned int i;
	long result;

	memset(request, 0, PAGE_SIZE);
	request->operation = numbers[0];
	request->cell = numbers[1];
	request->at = numbers[2];
	request->size = numbers[3];
	request->value = numbers[4];
	for (i = 0; i < BH_REQUEST_PAGES; i++)
		request->pages[i] = count > 5 ? numbers[5] :
						virt_to_phys(data) + i * PAGE_SIZE;
	result = probe_vmcall(BH_HYPERCALL_MANAGE, virt_to_phys(request), 0, 0);
	probe_say("result %ld cell %u %.*s", result, request->cell, BH_REFUSAL_TEXT,
		  request->refusal.text);
	return 0;
}

static ssize_t data_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	return simple_read_from_buffer(to, size, at, data, DATA_SIZE);
}

static ssize_t data_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	return simple_write_to_buffer(data, DATA_SIZE, at, from, size);
}

static const struct proc_ops data_file = {
	.proc_read = data_read,
	.proc_write = data_write,
	.proc_lseek = default_llseek,
};

int probe_manage_open(void)
{
	request = (void *)get_zeroed_page(GFP_KERNEL);
	data = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, DATA_ORDER);
	if (request && data && proc_create("bh_probe_data", 0600, NULL, &data_file))
		return 0;
	free_page((unsigned long)request);
	free_pages((unsigned long)data, DATA_ORDER);
	return -ENOMEM;
}

void probe_manage_close(void)
{
	remove_proc_entry("bh_probe_data", NULL);
	free_page((unsigned long)request);
	free_pages((unsigned long)data, DATA_ORDER);
}
