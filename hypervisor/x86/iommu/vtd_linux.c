/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A unit that Linux remaps its interrupts by, while the hypervisor drives it. Linux's accesses to
 * registers end here; its commands are read from its memory and carried out before the write that
 * told of them is over. Its table is never the unit's: what it has changed there is copied when it
 * tells the unit to forget it, as it always does (Linux takes the unit for one that might hold
 * entries which are not present). What may be in an entry is model/vtd_linux.h's.
 */
#include "core/hypervisor.h"
#include "core/log.h"
#include "x86/iommu/vtd.h"
#include "x86/window.h"

static bool admits_lost(const void *unit, struct vtd_entry entry)
{
	uint32_t position = 0;
	uint16_t source;

	while (iommu_lost_next(unit, &position, &source))
		if (vtd_entry_admits(entry, source))
			return true;
	return false;
}

struct vtd_walls vtd_linux_walls(const struct iommu_unit *unit)
{
	return (struct vtd_walls){
		.is_wide = unit->seen.table & IRTA_WIDE, .reaches = iommu_reaches_cell,
		.admits = admits_lost, .context = unit,
	};
}

/* Entries that are left out: cells that wait for the table do not wait for the console, too. */
struct left_out {
	uint32_t count;
	struct {
		uint32_t index;
		enum vtd_flaw flaw;
	} entries[LINES_IN_LOG];
};

static void tell(struct iommu_unit *unit, const struct left_out *left)
{
	uint32_t i;

	for (i = 0; i < left->count && unit_tells(&unit->told_linux); i++)
		log_print("IOMMU %s: entry %u of Linux's is not in force: %s\n",
			  unit->config->name, left->entries[i].index,
			  vtd_flaw_text(left->entries[i].flaw));
}

/*
 * What becomes of one of Linux's. One that is in force already was judged, and is again whenever
 * CPUs or devices change hands: iommu_judge_root(), vtd_linux_judge_again().
 */
static struct vtd_entry admit(const struct iommu_unit *unit, uint32_t index,
			      struct vtd_entry entry, const struct vtd_walls *walls,
			      struct left_out *left)
{
	const struct vtd_entry *table = hypervisor_pointer(unit->interrupts);
	enum vtd_flaw flaw;

	if (!vtd_entry_is_present(entry))
		return (struct vtd_entry){ 0 };
	if (entry.low == table[index].low && entry.high == table[index].high)
		return entry;
	flaw = vtd_linux_judge(entry, walls);
	if (flaw == VTD_ENTRY_GOOD)
		return entry;
	if (left->count < LINES_IN_LOG) {
		left->entries[left->count].index = index;
		left->entries[left->count++].flaw = flaw;
	}
	return (struct vtd_entry){ 0 };
}

static uint64_t entry_of(const struct iommu_unit *unit, uint32_t index)
{
	return (unit->seen.table & ~BH_PAGE_MASK) + index * sizeof(struct vtd_entry);
}

/* Entries of one page; what is behind the end of Linux's table is empty. */
static bool copy_page(struct iommu_unit *unit, uint32_t first, uint32_t count)
{
	const struct vtd_walls walls = vtd_linux_walls(unit);
	const volatile struct vtd_entry *from = NULL;
	struct left_out left = { .count = 0 };
	bool is_changed = false;
	uint32_t i;

	if (first < IRTA_ENTRIES(unit->seen.table))
		from = iommu_root_open(entry_of(unit, first));
	spin_lock(&unit->tables_lock);
	for (i = 0; i < count; i++) {
		struct vtd_entry entry = { 0 };

		if (from && first + i < IRTA_ENTRIES(unit->seen.table))
			entry = (struct vtd_entry){ from[i].low, from[i].high };
		entry = admit(unit, first + i, entry, &walls, &left);
		if (vtd_entry_write(unit, first + i, entry))
			is_changed = true;
	}
	spin_unlock(&unit->tables_lock);
	window_close(cpu_this());
	tell(unit, &left);
	return is_changed;
}

/* True if any of them is another now. Others may use the table between two pages. */
static bool copy_all(struct iommu_unit *unit, uint32_t first, uint32_t count)
{
	bool is_changed = false;
	uint32_t part;

	for (; count > 0; first += part, count -= part) {
		part = ENTRIES_A_PAGE - first % ENTRIES_A_PAGE;
		if (part > count)
			part = count;
		if (copy_page(unit, first, part))
			is_changed = true;
	}
	return is_changed;
}

bool vtd_linux_copy(struct iommu_unit *unit, uint32_t first, uint32_t count)
{
	if (!copy_all(unit, first, count) || !(unit_read32(unit, VTD_GSTS) & GCMD_QUEUE))
		return true;
	if (count == 1)
		return vtd_queue_flush_entries(unit, first, 0);
	return vtd_queue_flush_interrupts(unit);
}

/* A command of Linux's, or an entry: both are of that size. */
static bool read_pair(uint64_t at, struct vtd_entry *pair)
{
	const volatile struct vtd_entry *from = iommu_root_open(at);

	if (from)
		*pair = (struct vtd_entry){ from->low, from->high };
	window_close(cpu_this());
	return from != NULL;
}

struct vtd_entry vtd_linux_entry(const struct iommu_unit *unit, uint32_t index)
{
	struct vtd_entry entry = { 0 };

	read_pair(entry_of(unit, index), &entry);
	return entry;
}

/* Linux's next interrupt by such an entry would be lost without a word otherwise. */
static void tell_beyond(struct iommu_unit *unit, uint32_t index)
{
	if (index == 0 || index >= IRTA_ENTRIES(unit->seen.table) ||
	    !vtd_entry_is_present(vtd_linux_entry(unit, index)))
		return;
	if (unit_tells(&unit->told_linux))
		log_print("IOMMU %s: entry %u of Linux's is not in force: there is room for %u\n",
			  unit->config->name, index, IOMMU_LINUX_ENTRIES);
}

static bool answer(const struct vtd_linux_command *command)
{
	volatile uint32_t *to = iommu_root_open(command->at);

	if (to)
		*to = command->value;
	window_close(cpu_this());
	return to != NULL;
}

/*
 * What Linux has told the unit of when it writes the tail was in its table before: one copy of all
 * does for all the commands of that write, however many there are.
 */
static bool copy_once(struct iommu_unit *unit, const struct vtd_linux_command *command,
		      bool *has_all)
{
	tell_beyond(unit, command->beyond);
	if (*has_all)
		return true;
	*has_all = command->count == IOMMU_LINUX_ENTRIES;
	return vtd_linux_copy(unit, command->first, command->count);
}

static bool carry_out(struct iommu_unit *unit, uint64_t at, bool *has_all)
{
	struct vtd_linux_command command;
	struct vtd_entry raw;

	if (!read_pair(at, &raw))
		return false;
	command = vtd_linux_decode(raw);
	switch (command.order) {
	case VTD_LINUX_NOTHING:
		return true;
	case VTD_LINUX_CHANGES:
		return copy_once(unit, &command, has_all);
	case VTD_LINUX_ANSWER:
		return answer(&command);
	default:
		return false;
	}
}

/* No more than the queue holds: root could write into it meanwhile, but not move its end. */
static void carry_out_all(struct iommu_unit *unit)
{
	bool has_all = false;
	uint64_t at;

	while (vtd_linux_next(&unit->seen, &at)) {
		if (!carry_out(unit, at, &has_all)) {
			vtd_linux_fail(&unit->seen);
			if (unit_tells(&unit->told_linux))
				log_print("IOMMU %s: Linux's command at 0x%llx is not carried "
					  "out\n", unit->config->name, (unsigned long long)at);
			return;
		}
		vtd_linux_advance(&unit->seen);
	}
}

uint64_t vtd_linux_read_register(struct iommu_unit *unit, uint32_t offset, uint32_t size)
{
	uint64_t value;

	spin_lock(&unit->seen_lock);
	value = vtd_linux_read(&unit->seen, offset, size);
	spin_unlock(&unit->seen_lock);
	return value;
}

void vtd_linux_write_register(struct iommu_unit *unit, uint32_t offset, uint32_t size,
			      uint64_t value)
{
	spin_lock(&unit->seen_lock);
	switch (vtd_linux_write(&unit->seen, offset, size, value)) {
	case VTD_LINUX_QUEUE:
		carry_out_all(unit);
		break;
	case VTD_LINUX_IGNORED:
		if (unit_tells(&unit->told_linux))
			log_print("IOMMU %s: Linux's write of 0x%llx to its register 0x%x is left "
				  "out\n", unit->config->name, (unsigned long long)value, offset);
		break;
	case VTD_LINUX_KEPT:
		break;
	}
	spin_unlock(&unit->seen_lock);
}

/* What was good may not be any more, and the other way round. */
bool vtd_linux_judge_again(struct iommu_unit *unit)
{
	const struct vtd_entry *table = hypervisor_pointer(unit->interrupts);
	const struct vtd_walls walls = vtd_linux_walls(unit);
	bool is_changed = false;
	bool done;
	uint32_t i;

	spin_lock(&unit->tables_lock);
	for (i = 0; i < IOMMU_LINUX_ENTRIES; i++)
		if (vtd_linux_judge(table[i], &walls) == VTD_ENTRY_DEVICE &&
		    vtd_entry_write(unit, i, (struct vtd_entry){ 0 }))
			is_changed = true;
	spin_unlock(&unit->tables_lock);
	done = !is_changed || vtd_queue_flush_interrupts(unit);
	return vtd_linux_copy(unit, 0, IOMMU_LINUX_ENTRIES) && done;
}

uint32_t vtd_linux_find_lost(struct iommu_unit *unit)
{
	const struct vtd_entry *table = hypervisor_pointer(unit->interrupts);
	const struct vtd_walls walls = vtd_linux_walls(unit);
	uint32_t i;

	spin_lock(&unit->tables_lock);
	for (i = 0; i < IOMMU_LINUX_ENTRIES; i++)
		if (vtd_linux_judge(table[i], &walls) == VTD_ENTRY_CPU)
			break;
	spin_unlock(&unit->tables_lock);
	return i;
}
