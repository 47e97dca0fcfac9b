/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pins of IOAPICs that cells have, where Linux remaps its interrupts by the unit behind the IOAPIC:
 * each pin has an entry of its own.
 */
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "model/refuse.h"
#include "x86/iommu/board.h"

/* Which unit sees an IOAPIC, and as whom. */
static struct {
	uint32_t unit;
	uint16_t source;
} ioapics[BH_MAX_IOAPICS];

bool iommu_pins_open(uint32_t ioapic, uint32_t id, struct bh_refusal *refusal)
{
	const struct config_view *view = &hypervisor.config;

	if (!iommus_linux_remaps(&iommu_board.list) ||
	    iommu_of_ioapic(&iommu_board.list, id, view->board->ioapic_count == 1,
			    &ioapics[ioapic].unit, &ioapics[ioapic].source))
		return true;
	return refuse(refusal, "%s has the id %u, but no unit of iommus has { kind = \"ioapic\"; "
		      "id = %u; } among its scopes", view->ioapics[ioapic].name, id, id);
}

bool iommu_pin_route(uint32_t ioapic, uint32_t pin, const struct iommu_line *line,
		     uint64_t *value)
{
	struct iommu_unit *unit = &iommu_board.units[ioapics[ioapic].unit];
	uint32_t index = iommu_first_pin(unit->config, unit->assignable) +
			 iommu_pin(&hypervisor.config, ioapic, pin);
	bool done;

	if (line)
		*value = unit->driver->pin_value((uint16_t)index, line->target.vector,
						 line->target.is_level, line->is_low);
	spin_lock(&unit->tables_lock);
	done = unit->driver->set_entry(unit, index, ioapics[ioapic].source,
				       line ? &line->target : NULL);
	spin_unlock(&unit->tables_lock);
	return done;
}
