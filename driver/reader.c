// SPDX-License-Identifier: GPL-2.0-only
/*
 * News for an open file. Fault records are new until they are read. A changed state is new until
 * the cells are listed again: reads of cells one behind the other are one listing, and what changes
 * in the midst of it is news afterwards.
 */
#include "reader.h"

#include <linux/gfp.h>

#include <bulkhead/manage.h>

#include "enable.h"
#include "events.h"
#include "read.h"

void reader_open(struct reader *reader)
{
	reader->states = events_states();
}

void reader_begin(struct reader *reader, uint32_t what, uint64_t position)
{
	if (reader->epoch != hypervisor_epoch()) {
		reader->epoch = hypervisor_epoch();
		reader->next_fault = 1;
		reader->next_cell = 0;
	}
	if (what == BH_READ_CELL && (position == 0 || position != reader->next_cell))
		reader->states = events_states();
}

void reader_end(struct reader *reader, uint32_t what, const void *page)
{
	const struct bh_cell_info *cell = page;
	const struct bh_chunk *chunk = page;

	if (what == BH_READ_CELL)
		reader->next_cell = page ? cell->id + 1ULL : 0;
	else if (what == BH_READ_FAULTS && page)
		reader->next_fault = chunk->next;
}

static uint64_t faults_recorded(void)
{
	struct bh_info *info = (void *)get_zeroed_page(GFP_KERNEL);
	uint64_t recorded = 0;

	if (info && read_item(BH_READ_INFO, 0, info) > 0)
		recorded = info->faults_recorded;
	free_page((unsigned long)info);
	return recorded;
}

/* Without the mutex: a call that lasts long must not keep those who wait for news. */
__poll_t reader_poll(const struct reader *reader)
{
	bool is_current = reader->epoch == hypervisor_epoch();
	uint64_t recorded = faults_recorded();

	if (reader->states != events_states() ||
	    recorded >= (is_current ? reader->next_fault : 1))
		return EPOLLIN | EPOLLRDNORM;
	return 0;
}
