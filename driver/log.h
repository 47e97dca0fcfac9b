/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's log ring, as it lies in reserved memory while no hypervisor runs. */
#ifndef DRIVER_LOG_H
#define DRIVER_LOG_H

#include <bulkhead/config.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/log.h>
#include <bulkhead/refusal.h>

/* Makes the ring ready for another enable: keeps what is in it if it is a ring of this size. */
void log_open(struct bh_log *log, uint64_t size);

/*
 * Fills a page with a chunk of the ring at the start of this memory, from position on. The memory
 * is checked, and nothing that stands in it is believed.
 */
bool log_read_last(const struct bh_range *memory, uint64_t position, void *page, uint32_t *size,
		   struct bh_refusal *refusal);

#endif
