// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes management requests: one page for the request, sixteen for data. The hypervisor reads and
 * writes them while the call lasts, and never afterwards.
 */
#include "manage.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "hypercall.h"
#include "model/refuse.h"

static void *new_page(void)
{
	return (void *)get_zeroed_page(GFP_KERNEL);
}

void manage_close(struct manage *manage)
{
	unsigned int i;

	for (i = 0; i < BH_REQUEST_PAGES; i++)
		free_page((unsigned long)manage->pages[i]);
	free_page((unsigned long)manage->request);
}

int manage_open(struct manage *manage, struct bh_refusal *refusal)
{
	bool complete;
	unsigned int i;

	memset(manage, 0, sizeof(*manage));
	manage->request = new_page();
	complete = manage->request;
	for (i = 0; complete && i < BH_REQUEST_PAGES; i++) {
		manage->pages[i] = new_page();
		complete = manage->pages[i];
		if (complete)
			manage->request->pages[i] = virt_to_phys(manage->pages[i]);
	}
	if (complete)
		return 0;
	manage_close(manage);
	refuse(refusal, "Linux has no memory left");
	return -ENOMEM;
}

int manage_call(struct manage *manage, struct bh_refusal *refusal)
{
	struct bh_request *request = manage->request;
	long result = hypercall(BH_HYPERCALL_MANAGE, virt_to_phys(request), 0, 0);

	if (result >= 0)
		return result;
	request->refusal.text[BH_REFUSAL_TEXT - 1] = 0;
	if (result == BH_ERROR_REFUSED && request->refusal.text[0])
		*refusal = request->refusal;
	else
		refuse(refusal, "%s", hypercall_error_text(result));
	return -EINVAL;
}

int manage_simple(enum bh_operation operation, uint32_t cell, uint64_t at, uint64_t value,
		  struct bh_refusal *refusal)
{
	struct manage manage = { .request = new_page() };
	int result;

	if (!manage.request) {
		refuse(refusal, "Linux has no memory left");
		return -ENOMEM;
	}
	manage.request->operation = operation;
	manage.request->cell = cell;
	manage.request->at = at;
	manage.request->value = value;
	result = manage_call(&manage, refusal);
	free_page((unsigned long)manage.request);
	return result;
}

int manage_finish(uint32_t cell, struct bh_refusal *refusal)
{
	int result;

	do {
		result = manage_simple(BH_CELL_CONTINUE, cell, 0, 0, refusal);
		cond_resched();
	} while (result == BH_MANAGE_MORE);
	return result;
}
