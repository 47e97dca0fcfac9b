// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes management requests: one page for the request, up to sixteen for data. The hypervisor reads
 * and writes them while the call lasts, and never afterwards.
 */
#include "manage.h"

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "hypercall.h"
#include "model/refuse.h"

#define WAIT_MS_MOST 1000 /* whatever the hypervisor says */

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

int manage_open(struct manage *manage, size_t size, struct bh_refusal *refusal)
{
	size_t count = min(size, MANAGE_DATA);
	unsigned int i;

	memset(manage, 0, sizeof(*manage));
	manage->request = new_page();
	if (!manage->request)
		goto no_memory;
	for (i = 0; i < DIV_ROUND_UP(count, PAGE_SIZE); i++) {
		manage->pages[i] = new_page();
		if (!manage->pages[i])
			goto no_memory;
		manage->request->pages[i] = virt_to_phys(manage->pages[i]);
	}
	return 0;

no_memory:
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
	refuse(refusal, "%s", result == BH_ERROR_REFUSED && request->refusal.text[0] ?
			      request->refusal.text : hypercall_error_text(result));
	return result == HYPERCALL_NOBODY ? -ENODEV : -EINVAL;
}

int manage_simple(enum bh_operation operation, uint32_t cell, uint64_t at, uint64_t value,
		  struct bh_refusal *refusal)
{
	struct manage manage;
	int result;

	result = manage_open(&manage, 0, refusal);
	if (result)
		return result;
	manage.request->operation = operation;
	manage.request->cell = cell;
	manage.request->at = at;
	manage.request->value = value;
	result = manage_call(&manage, refusal);
	manage_close(&manage);
	return result;
}

/* What CREATE and DESTROY began has an end, and is gone on with; a START may just be dropped. */
static bool may_end(enum bh_operation operation)
{
	return operation == BH_CELL_START && fatal_signal_pending(current);
}

int manage_repeat(enum bh_operation operation, uint32_t cell, struct bh_refusal *refusal)
{
	struct manage manage;
	int result;

	result = manage_open(&manage, 0, refusal);
	if (result)
		return result;
	do {
		manage.request->operation = operation;
		manage.request->cell = cell;
		result = manage_call(&manage, refusal);
		if (result == BH_MANAGE_MORE && manage.request->value)
			msleep(min_t(uint64_t, manage.request->value, WAIT_MS_MOST));
		cond_resched();
	} while (result == BH_MANAGE_MORE && !may_end(operation));
	manage_close(&manage);
	if (result == BH_MANAGE_MORE) {
		refuse(refusal, "interrupted");
		result = -EINTR;
	}
	return result;
}
