/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blob of a cell: its form, and its admission.
 */
#include "model/config_checks.h"
#include "model/crc32.h"

static bool has_magic(const struct bh_config_header *header)
{
	static const uint8_t magic[8] = BH_CELL_MAGIC;
	size_t i;

	for (i = 0; i < sizeof(magic); i++)
		if (header->magic[i] != magic[i])
			return false;
	return true;
}

bool cell_view_open(struct cell_view *view, const void *blob, size_t size,
		    struct bh_refusal *refusal)
{
	const struct bh_config_header *header = blob;
	const struct bh_cell *cell = (const struct bh_cell *)(header + 1);
	uint64_t whole;

	if (size < sizeof(*header) + sizeof(*cell) || size > BH_CONFIG_MAX_SIZE ||
	    !has_magic(header) || header->version != BH_CONFIG_VERSION || header->size != size ||
	    header->crc32 != config_checksum(header))
		return refuse(refusal, "this is no configuration of a cell");
	if (cell->region_count > BH_MAX_REGIONS || cell->port_count > BH_MAX_PORTS ||
	    cell->msr_count > BH_MAX_MSRS)
		return refuse(refusal, "the configuration of the cell is malformed");
	view->header = header;
	view->cell = cell;
	view->regions = (const struct bh_region *)(cell + 1);
	view->ports = (const struct bh_ports *)(view->regions + cell->region_count);
	view->msrs = (const struct bh_msrs *)(view->ports + cell->port_count);
	whole = (uint64_t)((const uint8_t *)(view->msrs + cell->msr_count) -
			   (const uint8_t *)header);
	return whole == size || refuse(refusal, "the configuration of the cell is malformed");
}

bool cell_admit(const struct config_view *board, const struct cell_view *cell,
		const struct cell_view *const *others, uint32_t count, struct bh_refusal *refusal)
{
	(void)board;
	(void)cell;
	(void)others;
	(void)count;
	(void)refusal;
	return true;
}

unsigned int config_check_cell(const struct config_view *board, const struct cell_view *cell,
			       const struct cell_view *const *others, uint32_t count,
			       config_report report, void *context)
{
	(void)report;
	(void)context;
	return !cell_admit(board, cell, others, count, NULL);
}
