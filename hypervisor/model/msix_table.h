/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How an MSI-X table is read, whose entries hardware has in words of 32 bits (PCI 3.0, 6.8.2): by
 * these words alone, whatever the access. So none runs over the end of a page, where a window ends.
 */
#ifndef MODEL_MSIX_TABLE_H
#define MODEL_MSIX_TABLE_H

#include <bulkhead/types.h>

/* Where the words come from; `offset` is a multiple of 4, from the table's first byte. */
struct msix_words {
	uint32_t (*read)(void *context, uint64_t offset);
	void (*write)(void *context, uint64_t offset, uint32_t value);
	void *context;
};

/* What an access of 1 to 8 bytes reads, aligned or not. */
uint64_t msix_table_read(const struct msix_words *words, uint64_t offset, uint32_t size);

/*
 * Masks the first `*entries` of the table, as many as `*left` allows, from the last one on: both
 * are what remains then. True when all are masked.
 */
bool msix_table_mask(const struct msix_words *words, uint32_t *entries, uint32_t *left);

#endif
