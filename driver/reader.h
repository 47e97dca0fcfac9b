/* SPDX-License-Identifier: GPL-2.0-only */
/* What an open file of the device has read, and so what is news to it. */
#ifndef DRIVER_READER_H
#define DRIVER_READER_H

#include <linux/poll.h>
#include <linux/types.h>

#include <bulkhead/hypercall.h>

struct reader {
	uint64_t epoch;          /* whose fault records these are */
	uint64_t next_fault;     /* the first record that was not read */
	uint64_t next_cell;      /* where a listing of the cells goes on */
	unsigned int states;     /* events_states() at the start of the last listing */
};

void reader_open(struct reader *reader);

/* Before a read: what can change while it lasts. With enable_mutex held, as is the next one. */
void reader_begin(struct reader *reader, uint32_t what, uint64_t position);

/* After a read: what was in the page; null if it was refused. */
void reader_end(struct reader *reader, uint32_t what, const void *page);

/* Readable while there are fault records or changes of cells' states that it did not read. */
__poll_t reader_poll(const struct reader *reader);

#endif
