/* SPDX-License-Identifier: GPL-2.0-only */
/* Puts an access together from the words that it meets. See msix_table.h. */
#include "model/msix_table.h"

#include "model/bits.h"
#include "model/msi_policy.h"

#define WORD 4u

uint64_t msix_table_read(const struct msix_words *words, uint64_t offset, uint32_t size)
{
	uint64_t first = offset & ~(uint64_t)(WORD - 1);
	uint32_t skipped = offset % WORD;
	uint64_t value = 0;
	uint32_t done;

	for (done = 0; done < size + skipped; done += WORD) {
		uint64_t word = words->read(words->context, first + done);

		value |= done >= skipped ? word << 8 * (done - skipped) : word >> 8 * skipped;
	}
	return value & bytes_mask(size);
}

bool msix_table_mask(const struct msix_words *words, uint32_t *entries, uint32_t *left)
{
	for (; *entries > 0 && *left > 0; (*left)--) {
		(*entries)--;
		words->write(words->context,
			     *entries * (uint64_t)MSIX_ENTRY_SIZE + WORD * MSIX_WORD_CONTROL,
			     MSIX_MASKED);
	}
	return *entries == 0;
}
