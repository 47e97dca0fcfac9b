// SPDX-License-Identifier: GPL-2.0-only
/* Reads what the hypervisor tells about itself, and believes no count without a bound. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "model/refuse.h"
#include "output.h"

static bool read_info(struct bh_info *info, int device, struct bh_refusal *refusal)
{
	if (!device_read_structure(device, BH_READ_INFO, 0, info, sizeof(*info), refusal))
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
		if (!device_read_structure(device, BH_READ_CPU, i, &snapshot->cpus[i],
					   sizeof(snapshot->cpus[i]), refusal))
			return false;
	return true;
}

static void append_cell(struct snapshot *snapshot, const struct bh_cell_info *cell)
{
	struct bh_cell_info *added;

	snapshot->cells = must(reallocarray(snapshot->cells, snapshot->cell_count + 1,
					    sizeof(*snapshot->cells)));
	added = &snapshot->cells[snapshot->cell_count++];
	*added = *cell;
	added->name[sizeof(added->name) - 1] = '\0';
}

/* A cell may go while they are read: then it was one less. */
static bool was_last(const struct snapshot *snapshot, int device)
{
	struct bh_refusal refusal;
	struct bh_info info;

	return read_info(&info, device, &refusal) && info.cells <= snapshot->cell_count;
}

static bool read_cells(struct snapshot *snapshot, int device, struct bh_refusal *refusal)
{
	uint64_t position = 0;

	while (snapshot->cell_count < snapshot->info.cells) {
		struct bh_cell_info cell;

		if (!device_read_structure(device, BH_READ_CELL, position, &cell, sizeof(cell),
					   refusal))
			return was_last(snapshot, device);
		append_cell(snapshot, &cell);
		position = cell.id + 1ULL;
	}
	return true;
}

static void append_faults(struct snapshot *snapshot, const struct bh_chunk *chunk)
{
	size_t count = snapshot->fault_count + chunk->count;
	size_t i;

	snapshot->faults = must(reallocarray(snapshot->faults, count, sizeof(*snapshot->faults)));
	memcpy(&snapshot->faults[snapshot->fault_count], chunk + 1,
	       chunk->count * sizeof(*snapshot->faults));
	for (i = snapshot->fault_count; i < count; i++) {
		struct bh_fault *fault = &snapshot->faults[i];

		fault->cell_name[sizeof(fault->cell_name) - 1] = '\0';
		fault->region_name[sizeof(fault->region_name) - 1] = '\0';
	}
	snapshot->fault_count = count;
}

/* Ends at the faults that info counts: a cell may make new ones as fast as they are read. */
bool snapshot_take_faults(struct snapshot *snapshot, int device, uint64_t position,
			  struct bh_refusal *refusal)
{
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
	    read_cells(snapshot, device, refusal))
		return true;
	snapshot_free(snapshot);
	return false;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->cpus);
	free(snapshot->cells);
	free(snapshot->faults);
	*snapshot = (struct snapshot){ 0 };
}

void snapshot_cpus(const struct snapshot *snapshot, uint32_t cell, uint64_t cpus[BH_CPU_WORDS])
{
	uint32_t i;

	memset(cpus, 0, BH_CPU_WORDS * sizeof(cpus[0]));
	for (i = 0; i < snapshot->info.cpus; i++) {
		const struct bh_cpu_info *cpu = &snapshot->cpus[i];

		if (cpu->cell == cell && cpu->cpu < BH_MAX_CPUS)
			cpus[cpu->cpu / 64] |= 1ULL << cpu->cpu % 64;
	}
}

uint64_t snapshot_exits(const struct snapshot *snapshot, uint32_t cell)
{
	uint64_t total = 0;
	uint32_t i;

	for (i = 0; i < snapshot->info.cpus; i++)
		if (snapshot->cpus[i].cell == cell)
			total += snapshot->cpus[i].exits;
	return total;
}

uint64_t faults_total(const struct bh_cell_info *cell)
{
	uint64_t total = 0;
	size_t kind;

	for (kind = 0; kind < BH_ARRAY_SIZE(cell->faults_counted); kind++)
		total += cell->faults_counted[kind];
	return total;
}
