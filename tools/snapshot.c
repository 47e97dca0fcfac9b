// SPDX-License-Identifier: GPL-2.0-only
/* Reads what the hypervisor tells about itself, and believes no count without a bound. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "model/refuse.h"
#include "output.h"

static bool read_structure(int device, enum bh_read what, uint64_t position, void *structure,
			   size_t size, struct bh_refusal *refusal)
{
	struct device_page page = { .size = 0 };

	if (!device_read(device, what, position, &page, refusal))
		return false;
	if (page.size < size)
		return refuse(refusal,
			      "driver and tool do not fit each other: %u bytes instead of %zu",
			      page.size, size);
	memcpy(structure, page.data, size);
	return true;
}

static bool read_info(struct bh_info *info, int device, struct bh_refusal *refusal)
{
	if (!read_structure(device, BH_READ_INFO, 0, info, sizeof(*info), refusal))
		return false;
	info->build[sizeof(info->build) - 1] = '\0';
	info->board[sizeof(info->board) - 1] = '\0';
	if (info->cpus > BH_MAX_CPUS)
		return refuse(refusal, "the hypervisor tells of %u CPUs; there can be %u",
			      info->cpus, (unsigned int)BH_MAX_CPUS);
	return true;
}

static bool read_cpus(struct snapshot *snapshot, int device, struct bh_refusal *refusal)
{
	uint32_t i;

	snapshot->cpus = must(calloc(snapshot->info.cpus + 1U, sizeof(*snapshot->cpus)));
	for (i = 0; i < snapshot->info.cpus; i++)
		if (!read_structure(device, BH_READ_CPU, i, &snapshot->cpus[i],
				    sizeof(snapshot->cpus[i]), refusal))
			return false;
	return true;
}

static void append_faults(struct snapshot *snapshot, const struct bh_chunk *chunk)
{
	size_t count = snapshot->fault_count + chunk->count;

	snapshot->faults = must(reallocarray(snapshot->faults, count, sizeof(*snapshot->faults)));
	memcpy(&snapshot->faults[snapshot->fault_count], chunk + 1,
	       chunk->count * sizeof(*snapshot->faults));
	snapshot->fault_count = count;
}

/* Ends at the faults that info counts: a cell may make new ones as fast as they are read. */
static bool read_faults(struct snapshot *snapshot, int device, struct bh_refusal *refusal)
{
	uint64_t position = 1;

	while (position <= snapshot->info.faults_recorded) {
		const struct bh_chunk *chunk;
		struct device_page page = { .size = 0 };

		if (!device_read(device, BH_READ_FAULTS, position, &page, refusal))
			return false;
		chunk = device_chunk(&page, sizeof(struct bh_fault));
		if (!chunk)
			return refuse(refusal, "the fault records are cut off: driver and tool do "
				      "not fit each other");
		if (chunk->count == 0 || chunk->next <= position)
			break;
		append_faults(snapshot, chunk);
		position = chunk->next;
	}
	return true;
}

bool snapshot_take(struct snapshot *snapshot, int device, struct bh_refusal *refusal)
{
	*snapshot = (struct snapshot){ 0 };
	if (read_info(&snapshot->info, device, refusal) && read_cpus(snapshot, device, refusal) &&
	    read_faults(snapshot, device, refusal))
		return true;
	snapshot_free(snapshot);
	return false;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->cpus);
	free(snapshot->faults);
	*snapshot = (struct snapshot){ 0 };
}
