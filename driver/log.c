// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log ring from the outside: opened before an enable, read after a disable, a refusal or a
 * reset. While the hypervisor runs the ring is its own, and read.c asks for it.
 */
#include "log.h"

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "memory.h"
#include "model/refuse.h"

#define CHUNK_BYTES (PAGE_SIZE - sizeof(struct bh_chunk))

static bool has_signature(const struct bh_log *ring)
{
	return memcmp(ring->magic, BH_LOG_MAGIC, sizeof(ring->magic)) == 0;
}

void log_open(struct bh_log *ring, uint64_t size)
{
	uint32_t data_size = size - sizeof(*ring);

	if (!has_signature(ring) || ring->data_size != data_size) {
		memset(ring, 0, size);
		ring->data_size = data_size;
		memcpy(ring->magic, BH_LOG_MAGIC, sizeof(ring->magic));
	}
	ring->boots++;
	ring->started = ring->written;
}

/* Copies byte by position: both sides of the ring's seam at once. */
static void copy_ring(char *to, const char *data, uint32_t data_size, uint64_t position,
		      size_t count)
{
	size_t offset = position % data_size;
	size_t before = min_t(size_t, count, data_size - offset);

	memcpy(to, data + offset, before);
	memcpy(to + before, data, count - before);
}

static void read_ring(const struct bh_log *ring, uint32_t data_size, uint64_t position, void *page,
		      uint32_t *size)
{
	struct bh_chunk *chunk = page;
	uint64_t written = ring->written;
	uint64_t oldest = written > data_size ? written - data_size : 0;

	chunk->first = clamp(position, oldest, written);
	chunk->count = min_t(uint64_t, written - chunk->first, CHUNK_BYTES);
	chunk->next = chunk->first + chunk->count;
	copy_ring((char *)(chunk + 1), ring->data, data_size, chunk->first, chunk->count);
	*size = sizeof(*chunk) + chunk->count;
}

bool log_read_last(const struct bh_range *memory, uint64_t position, void *page, uint32_t *size,
		   struct bh_refusal *refusal)
{
	struct bh_log *ring;
	uint32_t data_size;

	if (!memory_check(memory, "hypervisor memory", refusal))
		return false;
	ring = memremap(memory->start, PAGE_SIZE, MEMREMAP_WB);
	if (!ring)
		return refuse(refusal, "Linux cannot map hypervisor memory at 0x%llx",
			      memory->start);
	data_size = has_signature(ring) ? ring->data_size : 0;
	memunmap(ring);
	if (data_size == 0 || data_size > memory->size - sizeof(*ring))
		return refuse(refusal,
			      "no log at 0x%llx: not enabled there since power-on",
			      memory->start);

	ring = memremap(memory->start, sizeof(*ring) + data_size, MEMREMAP_WB);
	if (!ring)
		return refuse(refusal, "Linux cannot map the log at 0x%llx", memory->start);
	read_ring(ring, data_size, position, page, size);
	memunmap(ring);
	return true;
}
