/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a file's text to its blob: has the settings read, and puts the parts one behind the other as
 * bulkhead/config.h says. What the values are worth is judge.c's.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "cell.h"
#include "file.h"
#include "source.h"

void file_open(struct config_file *file, const char *path)
{
	memset(file, 0, sizeof(*file));
	file->complaints.path = path;
	file->is_read = source_open(&file->source, &file->complaints);
}

bool file_close(struct config_file *file)
{
	bool is_good = file_is_good(file);

	source_close(&file->source);
	complaints_print(&file->complaints, stderr);
	complaints_free(&file->complaints);
	return is_good;
}

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		err(1, "configuration");
	return memory;
}

static void *append(void *at, const void *part, size_t size)
{
	memcpy(at, part, size);
	return (char *)at + size;
}

/* The blob with its header; the check sum comes when the rest is there. */
static void *blob_start(size_t size, const char *magic)
{
	struct bh_config_header *header = allocate(size);

	memcpy(header->magic, magic, sizeof(header->magic));
	header->version = BH_CONFIG_VERSION;
	header->size = (uint32_t)size;
	return header;
}

/* The arrays that each cell has, root included. */
struct cell_arrays {
	const struct bh_region *regions;
	const struct bh_ports *ports;
	const struct bh_msrs *msrs;
	void *end;
};

static size_t arrays_size(const struct bh_cell *cell)
{
	return cell->region_count * sizeof(struct bh_region) +
	       cell->port_count * sizeof(struct bh_ports) +
	       cell->msr_count * sizeof(struct bh_msrs);
}

/* Copies them to that place; where they are then, and what follows them. */
static struct cell_arrays arrays_append(void *at, const struct cell_arrays *arrays,
					const struct bh_cell *cell)
{
	struct cell_arrays copies = { .regions = at };

	copies.ports = at = append(at, arrays->regions,
				   cell->region_count * sizeof(struct bh_region));
	copies.msrs = at = append(at, arrays->ports, cell->port_count * sizeof(struct bh_ports));
	copies.end = append(at, arrays->msrs, cell->msr_count * sizeof(struct bh_msrs));
	return copies;
}

static void *append_devices(void *at, const struct board_source *board)
{
	uint32_t i;

	for (i = 0; i < board->board.device_count; i++)
		at = append(at, &board->devices[i].device, sizeof(struct bh_device));
	return at;
}

static void board_pack(struct config_blob *blob, const struct board_source *board)
{
	const struct cell_arrays sources = { board->regions, board->ports, board->msrs, NULL };
	size_t pools = board->board.pool_count * sizeof(board->pools[0]);
	size_t ioapics = board->board.ioapic_count * sizeof(board->ioapics[0]);
	struct bh_config_header *header;
	struct cell_arrays arrays;
	void *at;

	blob->size = sizeof(*header) + sizeof(board->board) + pools + ioapics +
		     board->board.device_count * sizeof(struct bh_device) +
		     arrays_size(&board->board.root) + board->board.iommu_size;
	header = blob->data = blob_start(blob->size, BH_CONFIG_MAGIC);
	blob->view.header = header;
	blob->view.board = (void *)(header + 1);
	blob->view.pools = at = append(header + 1, &board->board, sizeof(board->board));
	blob->view.ioapics = at = append(at, board->pools, pools);
	blob->view.devices = at = append(at, board->ioapics, ioapics);
	arrays = arrays_append(append_devices(at, board), &sources, &board->board.root);
	blob->view.regions = arrays.regions;
	blob->view.ports = arrays.ports;
	blob->view.msrs = arrays.msrs;
	iommus_append((void *)(arrays.msrs + board->board.root.msr_count), &board->iommus);
	header->crc32 = config_checksum(header);
}

static void cell_pack(struct cell_blob *blob, const struct cell_source *cell)
{
	const struct cell_arrays sources = { cell->regions, cell->ports, cell->msrs, NULL };
	size_t devices = cell->cell.device_count * sizeof(cell->devices[0]);
	size_t irqs = cell->cell.irq_count * sizeof(cell->irqs[0]);
	struct bh_config_header *header;
	struct cell_arrays arrays;

	blob->size = sizeof(*header) + sizeof(cell->cell) + arrays_size(&cell->cell) + devices +
		     irqs;
	header = blob->data = blob_start(blob->size, BH_CELL_MAGIC);
	blob->view.header = header;
	blob->view.cell = (void *)(header + 1);
	arrays = arrays_append(append(header + 1, &cell->cell, sizeof(cell->cell)), &sources,
			       &cell->cell);
	blob->view.regions = arrays.regions;
	blob->view.ports = arrays.ports;
	blob->view.msrs = arrays.msrs;
	blob->view.devices = arrays.end;
	blob->view.irqs = append(arrays.end, cell->devices, devices);
	append((void *)blob->view.irqs, cell->irqs, irqs);
	header->crc32 = config_checksum(header);
}

void board_compile(struct config_blob *blob, struct siblings *siblings, struct config_file *file)
{
	struct board_source *board = allocate(sizeof(*board));

	board_read(board, &file->source, &file->complaints);
	board_pack(blob, board);
	if (siblings)
		*siblings = board->siblings;
	free(board);
}

void cell_compile(struct cell_blob *blob, const struct config_view *board, struct config_file *file)
{
	struct cell_source *cell = allocate(sizeof(*cell));

	cell_read(cell, board, &file->source, &file->complaints);
	cell_pack(blob, cell);
	free(cell);
}
