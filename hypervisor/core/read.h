/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What root can read of the hypervisor.
 */
#ifndef CORE_READ_H
#define CORE_READ_H

#include <bulkhead/hypercall.h>

/* Fills the page; how many bytes, 0 if there is no such item (enum bh_read) or position. */
size_t read_item(uint64_t what, uint64_t position, void *page);

/* Between these, what was found in the table of cells stays. */
void reading_begin(void);
void reading_end(void);

/*
 * Readers take no lock: what is taken out of the table of cells may go when nobody reads any more.
 * Who ends a cell's run for a fault that no CPU of the cell has caused is one, too. False if one
 * never ends.
 */
bool read_nobody(void);

#endif
