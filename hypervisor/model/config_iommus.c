// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a well-formed configuration may still get wrong about IOMMUs: kinds, places, and whether the
 * memory that firmware has devices use is root's.
 */
#include "model/config_checks.h"
#include "model/iommus.h"

#define LEAST_LEVELS 3
#define MOST_LEVELS  4

static void check_kind(struct config_checker *checker, const struct iommus *iommus, uint32_t index)
{
	const struct bh_iommu *unit = &iommus->units[index];

	if (unit->kind == 0 || unit->kind >= BH_IOMMU_KINDS)
		config_find(checker, config_at(CONFIG_IOMMU, index, "kind"), "kind %u is unknown",
			    unit->kind);
	else if (unit->kind != iommus->units[0].kind)
		config_clash(checker, config_at(CONFIG_IOMMU, index, "kind"),
			     config_at(CONFIG_IOMMU, 0, "kind"), "is not that of",
			     "; a machine has units of one vendor");
	if (unit->levels < LEAST_LEVELS || unit->levels > MOST_LEVELS)
		config_find(checker, config_at(CONFIG_IOMMU, index, "levels"),
			    "tables of %u levels are not built: 3 or 4", unit->levels);
	else if (unit->levels != iommus->units[0].levels)
		config_clash(checker, config_at(CONFIG_IOMMU, index, "levels"),
			     config_at(CONFIG_IOMMU, 0, "levels"), "is not that of",
			     "; all units walk the same tables");
	if (unit->flags & ~BH_IOMMU_FLAGS)
		config_find(checker, config_at(CONFIG_IOMMU, index, "flags"),
			    "flags 0x%x are unknown", unit->flags & ~BH_IOMMU_FLAGS);
	if ((unit->flags & BH_IOMMU_SCALABLE) && unit->kind == BH_IOMMU_AMDVI)
		config_find(checker, config_at(CONFIG_IOMMU, index, "scalable"),
			    "scalable mode is VT-d's");
	if ((unit->flags & BH_IOMMU_SENDS) && unit->kind == BH_IOMMU_VTD)
		config_find(checker, config_at(CONFIG_IOMMU, index, "flags"),
			    "how a unit sends (tunnel, pass_pw, res_pass_pw, isoc) is AMD-Vi's");
}

/* Linux remaps by all units or by none. */
static void check_remapping(struct config_checker *checker, const struct iommus *iommus,
			    uint32_t index)
{
	const struct bh_iommu *unit = &iommus->units[index];
	struct config_place place = config_at(CONFIG_IOMMU, index, "linux_remaps");

	if ((unit->flags ^ iommus->units[0].flags) & BH_IOMMU_LINUX_REMAPS)
		config_clash(checker, place, config_at(CONFIG_IOMMU, 0, "linux_remaps"),
			     "is not that of", "; Linux remaps by all units or by none");
	if (!(unit->flags & BH_IOMMU_LINUX_REMAPS))
		return;
	if (unit->kind != BH_IOMMU_VTD)
		config_find(checker, place, "units that Linux remaps by are taken over of kind "
			    "\"vt-d\" only");
	if (!(unit->flags & BH_IOMMU_REMAPS))
		config_find(checker, place, "Linux remaps by it, so it does: say remaps = true");
}

static void check_registers(struct config_checker *checker, const struct iommus *iommus,
			    uint32_t index)
{
	const struct config_view *view = checker->view;
	struct bh_range registers = iommu_registers(&iommus->units[index]);

	if (registers.start & BH_PAGE_MASK || registers.start == 0 ||
	    !range_fits_width(registers, view->board->physical_bits))
		config_find(checker, config_at(CONFIG_IOMMU, index, "registers"),
			    "registers at 0x%llx: that is no page of the machine",
			    (hex)registers.start);
}

/* IOAPICs and HPETs only interrupt, and aliases are names of what is covered otherwise. */
static bool has_devices(const struct bh_iommu *unit, const struct bh_iommu_scope *scopes)
{
	uint32_t i;

	for (i = 0; i < unit->scope_count; i++)
		if (scopes[i].kind >= BH_IOMMU_FUNCTION && scopes[i].kind <= BH_IOMMU_BRIDGE)
			return true;
	return unit->flags & BH_IOMMU_ALL;
}

static void check_scope(struct config_checker *checker, const struct bh_iommu *unit,
			const struct bh_iommu_scope *scopes, uint32_t number,
			struct config_place place)
{
	uint32_t kind = scopes[number].kind;

	if (kind == 0 || kind >= BH_IOMMU_SCOPE_KINDS)
		config_find(checker, place, "scope %u is of unknown kind %u", number, kind);
	else if (kind == BH_IOMMU_UNIT && unit->kind != BH_IOMMU_AMDVI)
		config_find(checker, place, "scope %u says that the unit is a PCI function: only "
			    "those of AMD-Vi are", number);
	if (scopes[number].pass && unit->kind != BH_IOMMU_AMDVI)
		config_find(checker, place, "scope %u has pass = 0x%x, which is AMD-Vi's", number,
			    scopes[number].pass);
	else if (scopes[number].pass & ~BH_IOMMU_PASS)
		config_find(checker, place, "scope %u has pass = 0x%x, of which 0x%x is unknown",
			    number, scopes[number].pass, scopes[number].pass & ~BH_IOMMU_PASS);
}

static void check_scopes(struct config_checker *checker, const struct iommus *iommus,
			 uint32_t index)
{
	const struct bh_iommu *unit = &iommus->units[index];
	const struct bh_iommu_scope *scopes = iommu_scopes(iommus, index);
	struct config_place place = config_at(CONFIG_IOMMU, index, "scopes");
	uint32_t i;

	if (unit->segment > 0xffff || unit->last_bus > 0xff)
		config_find(checker, config_at(CONFIG_IOMMU, index, "last_bus"),
			    "segment %u and bus %u: PCI has 65536 and 256", unit->segment,
			    unit->last_bus);
	if (!has_devices(unit, scopes))
		config_find(checker, place, "covers nothing: name functions, or say all = true");
	for (i = 0; i < unit->scope_count; i++)
		check_scope(checker, unit, scopes, i, place);
	for (i = 0; i < index; i++)
		if (unit->flags & iommus->units[i].flags & BH_IOMMU_ALL &&
		    unit->segment == iommus->units[i].segment)
			config_clash(checker, config_at(CONFIG_IOMMU, index, "all"),
				     config_at(CONFIG_IOMMU, i, "all"),
				     "covers what others do not, as does", "; only one can");
}

/* Does one of root's regions hold it, for its devices to use? */
static bool root_has(const struct config_view *view, struct bh_range range)
{
	struct pt_mapping mapping;
	uint32_t i;

	for (i = 0; i < view->board->root.region_count; i++)
		if (iommu_map_at(&view->regions[i], true, &mapping) &&
		    range_is_inside(range, RANGE(mapping.virt, mapping.size)))
			return true;
	return false;
}

static void check_window(struct config_checker *checker, const struct iommus *iommus,
			 uint32_t index)
{
	const struct bh_iommu_window *window = &iommus->windows[index];
	struct bh_range range = RANGE(window->start, window->size);
	struct config_place place = config_at(CONFIG_WINDOW, index, NULL);

	if (window->last && window->last < window->address)
		config_find(checker, config_at(CONFIG_WINDOW, index, "last"),
			    "the last of its devices is before the first");
	if (range_is_empty(range) || range_wraps(range) || !range_is_aligned(range, BH_PAGE_SIZE))
		config_find(checker, place, "0x%llx and size 0x%llx are no whole pages",
			    (hex)range.start, (hex)range.size);
	else if (!root_has(checker->view, range))
		config_find(checker, place, "0x%llx-0x%llx, which firmware has a device use, is in "
			    "none of root's regions of kind \"ram\"",
			    (hex)range.start, (hex)range_last(range));
}

/* The hypervisor has the unit send its interrupts. */
static void check_own_function(struct config_checker *checker, const struct iommus *iommus,
			       uint32_t index)
{
	uint32_t address;
	uint32_t unit;

	for (unit = 0; unit < iommus->count; unit++)
		if (iommu_function(iommus, unit, &address) &&
		    address == checker->view->devices[index].address)
			config_clash(checker, config_at(CONFIG_DEVICE, index, "address"),
				     config_at(CONFIG_IOMMU, unit, NULL), "is",
				     "itself, which is the hypervisor's");
}

static bool uses(const struct bh_iommu_window *window, uint32_t address)
{
	return window->last ? address >= window->address && address <= window->last :
			      address == window->address;
}

/*
 * Firmware has it send messages, which no device of a cell may, and may wait for them. The device
 * loses nothing of its own where it only has no range for such messages.
 */
static void check_pass(struct config_checker *checker, const struct iommus *iommus, uint32_t index)
{
	uint32_t address = checker->view->devices[index].address;
	uint32_t unit = iommu_of(iommus, address);
	const struct bh_iommu_scope *scopes;
	uint32_t count;
	uint16_t pass;

	if (unit == iommus->count)
		return;
	scopes = iommu_scopes(iommus, unit);
	count = iommus->units[unit].scope_count;
	pass = iommu_pass(scopes, count, (uint16_t)address) |
	       iommu_pass(scopes, count, iommu_source(iommus, address));
	if (pass != 0 && pass != BH_IOMMU_PASS_TRANSLATED)
		config_clash(checker, config_at(CONFIG_DEVICE, index, "address"),
			     config_at(CONFIG_IOMMU, unit, "scopes"), "is allowed by",
			     "to send what no device of a cell may (pass = 0x%x): it stays with "
			     "root", pass);
}

/* Firmware goes on to use its windows, whoever has the device. */
static void check_device(struct config_checker *checker, const struct iommus *iommus,
			 uint32_t index)
{
	uint32_t address = checker->view->devices[index].address;
	uint32_t unit = iommu_of(iommus, address);
	uint32_t bus = iommu_source(iommus, address) >> 8;
	uint32_t i;

	for (i = 0; i < iommus->window_count; i++)
		if (uses(&iommus->windows[i], address))
			config_clash(checker, config_at(CONFIG_DEVICE, index, "address"),
				     config_at(CONFIG_WINDOW, i, NULL), "has memory by",
				     "that firmware has it use: it stays with root");
	if (unit < iommus->count && iommus->units[unit].kind == BH_IOMMU_AMDVI &&
	    bus > iommus->units[unit].last_bus)
		config_clash(checker, config_at(CONFIG_DEVICE, index, "address"),
			     config_at(CONFIG_IOMMU, unit, "last_bus"), "is on a bus behind",
			     "(%u), so that unit has no place for it", bus);
}

/* What root's devices may reach has to be in reach of the tables. */
static void check_root(struct config_checker *checker, const struct iommus *iommus)
{
	const struct config_view *view = checker->view;
	unsigned int bits = iommus->units[0].levels == LEAST_LEVELS ? 39 : 48;
	struct pt_mapping mapping;
	uint32_t i;

	for (i = 0; i < view->board->root.region_count; i++)
		if (iommu_map_at(&view->regions[i], true, &mapping) &&
		    !range_fits_width(RANGE(mapping.virt, mapping.size), bits))
			config_clash(checker, config_at(CONFIG_REGION, i, NULL),
				     config_at(CONFIG_IOMMU, 0, "levels"), "is beyond the reach of",
				     "; devices could not use it");
}

void config_check_iommus(struct config_checker *checker)
{
	unsigned int before = checker->findings;
	struct iommus iommus;
	uint32_t i;

	iommus_view(checker->view, &iommus);
	for (i = 0; i < iommus.count; i++) {
		config_check_name(checker, config_at(CONFIG_IOMMU, i, "name"),
				  iommus.units[i].name);
		check_kind(checker, &iommus, i);
		check_remapping(checker, &iommus, i);
		check_registers(checker, &iommus, i);
		check_scopes(checker, &iommus, i);
	}
	for (i = 0; i < iommus.window_count; i++)
		check_window(checker, &iommus, i);
	for (i = 0; i < checker->view->board->device_count; i++) {
		check_own_function(checker, &iommus, i);
		check_device(checker, &iommus, i);
		check_pass(checker, &iommus, i);
	}
	if (iommus.count && checker->findings == before)
		check_root(checker, &iommus);
}
