// SPDX-License-Identifier: GPL-2.0-only
/* See confinement.h. What a unit keeps a device from is the model's to say. */
#include "confinement.h"

#include "model/iommus.h"
#include "tools/output.h"

const char *confinement_unit(const struct config_view *board, uint32_t address)
{
	struct iommus iommus;
	uint32_t unit;

	iommus_view(board, &iommus);
	unit = iommu_of(&iommus, address);
	return unit < iommus.count ? iommus.units[unit].name : NULL;
}

const char *confinement_name(enum dma_reach reach)
{
	static const char *const names[] = {
		[DMA_OWN_MEMORY] = "own memory",
		[DMA_ANY_INTERRUPT] = "own memory, any interrupt",
		[DMA_ANY_MEMORY] = "any memory, any interrupt",
	};

	return names[reach];
}

static bool is_remapped(const struct config_view *board, uint32_t address)
{
	struct iommus iommus;

	iommus_view(board, &iommus);
	return iommu_remaps(&iommus, address);
}

void confinement_set(struct libscols_line *line, size_t column, const struct config_view *board,
		     uint32_t address)
{
	enum dma_reach reach = device_dma_reach(board, address);
	const char *unit = confinement_unit(board, address);
	bool remaps = is_remapped(board, address);

	line_set(line, column, "%s", unit ? unit : "none");
	line_set(line, column + 1, "%s", reach == DMA_ANY_MEMORY ? "any memory" : "own memory");
	line_set(line, column + 2, "%s%s%s", remaps ? "remapped" : "",
		 remaps && reach != DMA_OWN_MEMORY ? ", " : "",
		 reach != DMA_OWN_MEMORY ? "may be forged" : remaps ? "" : "own");
}

void confinement_json(struct json_object *record, const struct config_view *board,
		      uint32_t address)
{
	const char *unit = confinement_unit(board, address);

	if (unit)
		json_set_text(record, "iommu", unit);
	json_set_text(record, "dma_reaches", confinement_name(device_dma_reach(board, address)));
	json_set_truth(record, "interrupts_remapped", is_remapped(board, address));
}
