/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which device is whose: from root to nobody, to a cell, and back. Units are told by tables that
 * stay sealed but for the entry that changes.
 */
#include "core/cells.h"
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "core/iommu.h"
#include "core/test_devices.h"
#include "model/refuse.h"
#include "x86/iommu/board.h"

/* Those that cells may have. */
struct device {
	uint32_t address;
	struct iommu_place place;
	struct cell *cell; /* that has it; null: root */
	bool is_lost;      /* root has it not, whoever else has it */
	bool is_judged;    /* Linux's entries were looked at since that changed */
};
static struct device devices[IOMMU_MAX_ASSIGNABLE];
static uint32_t device_count;

/*
 * Whose a device is, that its unit goes by it, and whose a record is. It is taken before the units'
 * own locks.
 */
static struct spinlock owners;

bool iommu_has(uint32_t address)
{
	return iommu_of(&iommu_board.list, address) < iommu_board.list.count;
}

static struct iommu_unit *find_unit(uint32_t address, struct bh_refusal *refusal)
{
	uint32_t number = iommu_of(&iommu_board.list, address);

	if (number < iommu_board.list.count)
		return &iommu_board.units[number];
	refuse(refusal, "no IOMMU of the board covers the function 0x%x", address);
	return NULL;
}

void iommu_devices_open(void)
{
	const struct config_view *view = &hypervisor.config;
	uint32_t i;

	device_count = 0;
	for (i = 0; i < view->board->device_count; i++) {
		struct device *device = &devices[device_count];
		uint32_t address = view->devices[i].address;

		if (!iommu_has(address))
			continue;
		*device = (struct device){ .address = address, .is_judged = true };
		iommu_place(&device->place, view, address);
		device_count++;
	}
}

static struct device *find_device(uint32_t address, struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < device_count; i++)
		if (devices[i].address == address)
			return &devices[i];
	refuse(refusal, "the function 0x%x is none that cells may have", address);
	return NULL;
}

static uint16_t source_of(uint32_t address)
{
	return iommu_source(&iommu_board.list, address);
}

/* Linux's entries are judged while others change hands: what is lost now is looked at again. */
bool iommu_lost_next(const struct iommu_unit *unit, uint32_t *position, uint16_t *source)
{
	while (*position < device_count) {
		const struct device *device = &devices[(*position)++];

		if (!__atomic_load_n(&device->is_lost, __ATOMIC_ACQUIRE) ||
		    find_unit(device->address, NULL) != unit)
			continue;
		*source = source_of(device->address);
		return true;
	}
	return false;
}

/* Entries of Linux's that name it are in force while root has it. */
static bool set_lost(struct iommu_unit *unit, struct device *device, bool is_lost,
		     struct bh_refusal *refusal)
{
	if (device->is_lost == is_lost && device->is_judged)
		return true;
	__atomic_store_n(&device->is_lost, is_lost, __ATOMIC_SEQ_CST);
	device->is_judged = iommu_judge_again(unit, refusal);
	return device->is_judged;
}

static bool set_device(struct iommu_unit *unit, uint16_t source, const struct iommu_domain *domain,
		       struct bh_refusal *refusal)
{
	bool done;

	invalidation_record(BH_INVALIDATE_DEVICE, cpu_this()->linux_cpu, 0, source, 0);
	spin_lock(&unit->tables_lock);
	done = unit->driver->set_device(unit, source, domain, refusal);
	spin_unlock(&unit->tables_lock);
	return done;
}

/* May it be the device that was recorded as `source`? That may be an id which is nobody's. */
static bool speaks_as(const struct iommu_unit *unit, const struct device *device, uint16_t source)
{
	return find_unit(device->address, NULL) == unit &&
	       (source_of(device->address) == source ||
		(unit_denies(unit, source) &&
		 iommu_is_stray_of(unit->strays, source, device->address)));
}

/*
 * Of devices that the unit cannot tell apart one cell has all. Of those around an id that is
 * nobody's several may have some, root among them: none of them stops for what another did.
 */
static struct cell *owner_of(const struct iommu_unit *unit, uint16_t source)
{
	struct cell *owner = NULL;
	uint32_t i;

	for (i = 0; i < device_count; i++) {
		struct cell *cell = devices[i].cell ? devices[i].cell : &root_cell;

		if (!speaks_as(unit, &devices[i], source))
			continue;
		if (owner && owner != cell)
			return &root_cell;
		owner = cell;
	}
	return owner ? owner : &root_cell;
}

static void block_speakers(struct iommu_unit *unit, uint16_t source)
{
	uint32_t i;

	for (i = 0; i < device_count; i++)
		if (devices[i].cell && speaks_as(unit, &devices[i], source))
			set_device(unit, source_of(devices[i].address), NULL, NULL);
}

/* While a cell is at rest its devices may be changing hands: nothing is blocked behind that. */
static void judge(struct iommu_unit *unit, struct iommu_case *next)
{
	uint16_t source = next->fault.source;

	next->cell = owner_of(unit, source);
	next->stops = next->cell != &root_cell && next->cell->on_fault == BH_ON_FAULT_STOP &&
		      cell_runs(next->cell);
	if (next->stops)
		block_speakers(unit, source);
}

bool iommu_case_next(struct iommu_unit *unit, struct iommu_case *next)
{
	bool found;

	spin_lock(&owners);
	found = unit->driver->next_fault(unit, &next->fault);
	if (found && !next->fault.is_units)
		judge(unit, next);
	spin_unlock(&owners);
	return found;
}

static bool close_routes(struct iommu_unit *unit, const struct device *device,
			 struct bh_refusal *refusal)
{
	bool done = true;

	spin_lock(&unit->tables_lock);
	if (unit->budget.interrupts)
		done = unit->driver->close_routes(unit, source_of(device->address),
						  &device->place);
	spin_unlock(&unit->tables_lock);
	return done || refuse(refusal, "IOMMU %s: does not answer", unit->config->name);
}

/* What is the same to whoever asked as a unit that does not answer. */
static bool fails_for_test(enum bh_test_stage stage, struct bh_refusal *refusal)
{
	return test_fails(cpu_this(), stage) && !refuse(refusal, "test: no IOMMU answers");
}

/*
 * Its cell, if it has one, stays answerable for what the unit has recorded, or records still. Each
 * step is done even if one before it was not: tables are right then whatever the unit remembers.
 */
bool iommu_block(uint32_t address, struct bh_refusal *refusal)
{
	struct iommu_unit *unit = find_unit(address, refusal);
	struct device *device = find_device(address, refusal);
	bool done;

	if (!unit || !device || fails_for_test(BH_TEST_BLOCK, refusal))
		return false;
	spin_lock(&owners);
	done = set_device(unit, source_of(address), NULL, refusal);
	done = close_routes(unit, device, done ? refusal : NULL) && done;
	done = set_lost(unit, device, true, done ? refusal : NULL) && done;
	spin_unlock(&owners);
	return done;
}

_Static_assert(ROOT_DOMAIN + BH_ARRAY_SIZE(cells) < IOMMU_DOMAINS, "units are asked for as many");

/* A place in the table of cells is one cell's only, until the cell has gone. */
static uint16_t domain_number(const struct cell *cell)
{
	uint16_t place;

	if (cell == &root_cell)
		return ROOT_DOMAIN;
	for (place = 0; place < BH_ARRAY_SIZE(cells) && cells[place] != cell; place++)
		continue;
	return ROOT_DOMAIN + 1 + place;
}

/*
 * A unit of fewer levels than the processor walks begins one table further down, behind the first
 * entry of the processor's root (see iommus_share_map()).
 */
static struct iommu_domain domain_of(const struct iommu_unit *unit, const struct cell *cell)
{
	struct iommu_domain domain = {
		cell->dma.root, cell->dma_directory, domain_number(cell),
	};
	unsigned int level;

	if (cell == &root_cell)
		return unit->root;
	for (level = cell->dma.format->levels; level > unit->config->levels; level--) {
		const uint64_t *table = hypervisor_pointer(domain.tables);

		domain.tables = HPA(table[0] & cell->dma.format->address_mask);
	}
	return domain;
}

static bool open_routes(struct iommu_unit *unit, const struct device *device,
			struct bh_refusal *refusal)
{
	bool done = true;

	spin_lock(&unit->tables_lock);
	if (unit->budget.interrupts)
		done = unit->driver->open_routes(unit, source_of(device->address), &device->place);
	spin_unlock(&unit->tables_lock);
	return done || refuse(refusal, "IOMMU %s: does not answer", unit->config->name);
}

static bool give(struct iommu_unit *unit, struct device *device, struct cell *cell,
		 struct bh_refusal *refusal)
{
	struct iommu_domain domain = domain_of(unit, cell);

	device->cell = cell == &root_cell ? NULL : cell;
	if (!set_device(unit, source_of(device->address), &domain, refusal))
		return false;
	return device->cell ? open_routes(unit, device, refusal) :
			      set_lost(unit, device, false, refusal);
}

/* What was recorded before is the former owner's fault, and must not stop the next one. */
bool iommu_give(uint32_t address, struct cell *cell, struct bh_refusal *refusal)
{
	struct iommu_unit *unit = find_unit(address, refusal);
	struct device *device = find_device(address, refusal);
	bool done;

	if (!unit || !device || fails_for_test(BH_TEST_GIVE, refusal))
		return false;
	iommu_drain(unit);
	spin_lock(&owners);
	done = give(unit, device, cell, refusal);
	spin_unlock(&owners);
	return done;
}

bool iommu_route(uint32_t address, uint32_t index, const struct interrupt_target *target,
		 struct msi_message *message, struct bh_refusal *refusal)
{
	struct iommu_unit *unit = find_unit(address, refusal);
	const struct device *device = find_device(address, refusal);
	struct iommu_route route = { .index = index, .source = source_of(address) };
	bool done;

	if (!unit || !device)
		return false;
	if (!unit->budget.interrupts || !device->cell || index >= IOMMU_ROUTES)
		return refuse(refusal, "IOMMU %s: has no entry %u for the function 0x%x",
			      unit->config->name, index, address);
	route.place = device->place;
	spin_lock(&unit->tables_lock);
	done = unit->driver->set_route(unit, &route, target, message);
	spin_unlock(&unit->tables_lock);
	return done ||
	       refuse(refusal, "IOMMU %s: does not answer", unit->config->name);
}
