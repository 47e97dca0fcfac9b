// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the guest page walk: state and table entries come from the input. Entries are read in
 * bounds and never more than there are levels; a translation fits its page and the processor; and
 * who may write may read.
 */
#include <assert.h>
#include <string.h>

#include "model/walk.h"

#define EFER_LMA (1ULL << 10)

struct input {
	struct walk_state state;
	uint64_t address;
	uint64_t entries[5];
};

struct tables {
	const struct input *input;
	unsigned reads;
};

static bool tables_read(void *context, gpa_t at, unsigned size, uint64_t *entry)
{
	struct tables *t = context;

	assert(size == 4 || size == 8);
	assert(at.v % size == 0 && at.v >> 52 == 0);
	assert(t->reads < 5);
	*entry = t->input->entries[t->reads++];
	if (size == 4)
		*entry = (uint32_t)*entry;
	return *entry != ~0ULL;
}

static struct walk_result walk(const struct input *input, enum walk_access access)
{
	struct tables tables = { .input = input };
	struct walk_result result;
	uint64_t address = input->address;
	bool translated;

	memset(&result, 0, sizeof(result));
	translated = walk_guest(&input->state, GLA(address), access, tables_read, &tables, &result);
	assert(translated == (result.status == WALK_OK));
	if (!translated) {
		assert(result.status != WALK_FAULT || result.error_code < 64);
		return result;
	}
	if (!(input->state.efer & EFER_LMA))
		address = (uint32_t)address;
	assert(!(result.page_size & (result.page_size - 1)));
	assert(result.page_size >= BH_PAGE_SIZE && result.page_size <= 1ULL << 32);
	assert(((result.gpa.v ^ address) & (result.page_size - 1)) == 0);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct walk_result reading, writing;
	struct input input;

	if (size < sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	input.state.physical_width = (uint8_t)(32 + input.state.physical_width % 21);
	input.state.cpl &= 3;
	input.state.has_1g_pages = data[offsetof(struct walk_state, has_1g_pages)] & 1;

	reading = walk(&input, WALK_READ);
	writing = walk(&input, WALK_WRITE);
	walk(&input, WALK_FETCH);
	if (writing.status == WALK_OK)
		assert(reading.status == WALK_OK && reading.gpa.v == writing.gpa.v);
	return 0;
}
