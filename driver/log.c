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
#include "model/log_ring.h"
#include "model/refuse.h"

#define CHUNK_BYTES  (PAGE_SIZE - sizeof(struct bh_chunk))
#define MOST_WRITTEN (1ULL << 62) /* nobody ever comes so far */

static bool has_signature(const struct bh_log *log)
{
	return memcmp(log->magic, BH_LOG_MAGIC, sizeof(log->magic)) == 0;
}

void log_open(struct bh_log *log, uint64_t size)
{
	uint32_t data_size = size - sizeof(*log);

	if (!has_signature(log) || log->data_size != data_size || log->written > MOST_WRITTEN) {
		memset(log, 0, size);
		log->data_size = data_size;
		memcpy(log->magic, BH_LOG_MAGIC, sizeof(log->magic));
	}
	log->boots++;
	log->started = log->written;
}

static void read_ring(struct bh_log *log, uint32_t data_size, uint64_t position, void *page,
		      uint32_t *size)
{
	struct log_ring ring = { .data = log->data, .size = data_size };
	struct bh_chunk *chunk = page;

	chunk->first = position;
	chunk->count = log_ring_get(ring, log->written, &chunk->first, (char *)(chunk + 1),
				    CHUNK_BYTES);
	chunk->next = chunk->first + chunk->count;
	*size = sizeof(*chunk) + chunk->count;
}

bool log_read_last(const struct bh_range *memory, uint64_t position, void *page, uint32_t *size,
		   struct bh_refusal *refusal)
{
	struct bh_log *log;
	uint32_t data_size;

	if (!memory_check(memory, "hypervisor memory", refusal))
		return false;
	log = memremap(memory->start, PAGE_SIZE, MEMREMAP_WB);
	if (!log)
		return refuse(refusal, "Linux cannot map hypervisor memory at 0x%llx",
			      memory->start);
	data_size = has_signature(log) ? log->data_size : 0;
	memunmap(log);
	if (data_size == 0 || data_size > memory->size - sizeof(*log))
		return refuse(refusal,
			      "no log at 0x%llx: not enabled there since power-on",
			      memory->start);

	log = memremap(memory->start, sizeof(*log) + data_size, MEMREMAP_WB);
	if (!log)
		return refuse(refusal, "Linux cannot map the log at 0x%llx", memory->start);
	read_ring(log, data_size, position, page, size);
	memunmap(log);
	return true;
}
