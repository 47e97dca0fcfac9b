/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A unit that Linux remaps its interrupts by is taken over as it runs, and given back so: its table
 * of interrupts and its queue lie in root's memory. VT-d specification, 6.5.2.
 */
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "model/refuse.h"
#include "x86/iommu/vtd.h"
#include "x86/window.h"

/* All that one write may bring is carried out at once; Linux has 256 commands. */
#define QUEUE_PAGES_MOST 2u

/* Linux's CPUs wait for the hypervisor, and none of them does so before its commands are done. */
static bool is_idle(const struct iommu_unit *unit)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	while (unit_read64(unit, VTD_IQH) != unit_read64(unit, VTD_IQT)) {
		if (deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

static void look(struct iommu_unit *unit)
{
	unit->seen = (struct vtd_linux){
		.version = unit_read32(unit, VTD_VER), .status = unit_read32(unit, VTD_GSTS),
		.capabilities = unit_read64(unit, VTD_CAP),
		.extended = unit_read64(unit, VTD_ECAP),
		.queue = unit_read64(unit, VTD_IQA), .table = unit_read64(unit, VTD_IRTA),
		.head = (uint32_t)unit_read64(unit, VTD_IQH) & QUEUE_PLACE,
		.tail = (uint32_t)unit_read64(unit, VTD_IQT) & QUEUE_PLACE,
		.control = unit_read32(unit, VTD_FECTL), .data = unit_read32(unit, VTD_FEDATA),
		.address = unit_read32(unit, VTD_FEADDR),
		.upper = unit_read32(unit, VTD_FEUADDR),
	};
}

static bool is_ram(uint64_t first, uint64_t size)
{
	uint64_t at;
	bool found = true;

	for (at = first; at < first + size && found; at += BH_PAGE_SIZE) {
		found = iommu_root_open(at) != NULL;
		window_close(cpu_this());
	}
	return found;
}

/* Whatever is in force now has to be so afterwards. All of the table is in root's memory. */
static bool check_entries(const struct iommu_unit *unit, struct bh_refusal *refusal)
{
	const struct vtd_walls walls = vtd_linux_walls(unit);
	uint32_t i;

	for (i = 0; i < IRTA_ENTRIES(unit->seen.table); i++) {
		struct vtd_entry entry = vtd_linux_entry(unit, i);
		enum vtd_flaw flaw = vtd_linux_judge(entry, &walls);

		if (flaw != VTD_ENTRY_GOOD)
			return refuse(refusal, "IOMMU %s: entry %u of Linux's table cannot be "
				      "taken over: %s", unit->config->name, i,
				      vtd_flaw_text(flaw));
		if (i >= IOMMU_LINUX_ENTRIES && vtd_entry_is_present(entry))
			return refuse(refusal, "IOMMU %s: Linux uses entry %u of its table, but "
				      "there is room for %u", unit->config->name, i,
				      IOMMU_LINUX_ENTRIES);
	}
	return true;
}

bool vtd_take_check(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	const char *name = unit->config->name;

	if (!is_idle(unit))
		return refuse(refusal, "IOMMU %s: it does not do what Linux told it (IQH 0x%llx, "
			      "IQT 0x%llx, FSTS 0x%x)", name,
			      (unsigned long long)unit_read64(unit, VTD_IQH),
			      (unsigned long long)unit_read64(unit, VTD_IQT),
			      unit_read32(unit, VTD_FSTS));
	look(unit);
	if (IQA_PAGES(unit->seen.queue) > QUEUE_PAGES_MOST)
		return refuse(refusal, "IOMMU %s: Linux's queue has %llu pages, more than %u",
			      name, (unsigned long long)IQA_PAGES(unit->seen.queue),
			      QUEUE_PAGES_MOST);
	if (!is_ram(unit->seen.queue & ~BH_PAGE_MASK, vtd_linux_queue_size(&unit->seen)) ||
	    !is_ram(unit->seen.table & ~BH_PAGE_MASK,
		    IRTA_ENTRIES(unit->seen.table) * sizeof(struct vtd_entry)))
		return refuse(refusal, "IOMMU %s: Linux's queue at 0x%llx or its table at 0x%llx "
			      "is not in root's memory", name,
			      (unsigned long long)unit->seen.queue,
			      (unsigned long long)unit->seen.table);
	return check_entries(unit, refusal);
}

static bool put(const struct iommu_unit *unit, uint32_t place, struct vtd_entry command)
{
	struct vtd_entry *to = iommu_root_open((unit->seen.queue & ~BH_PAGE_MASK) + place);
	uint32_t size = vtd_linux_command_size(&unit->seen);

	if (to) {
		to[0] = command;
		if (size > sizeof(command))
			to[1] = (struct vtd_entry){ 0 };
		vtd_publish(unit, to, size);
	}
	window_close(cpu_this());
	return to != NULL;
}

/*
 * The unit begins at the queue's first place, and Linux goes on at its tail. What stands before it
 * was carried out once, and Linux never looks at it again: it is replaced by commands that do no
 * harm, so the unit comes to where Linux is. The last one is a wait, as the unit wants it before
 * its queue is switched off the next time.
 */
static bool fill(struct iommu_unit *unit)
{
	uint32_t size = vtd_linux_command_size(&unit->seen);
	uint32_t place;

	for (place = 0; place + size < unit->seen.tail; place += size)
		if (!put(unit, place, vtd_invalidate_interrupts()))
			return false;
	return put(unit, place, vtd_wait(unit->answers, ++unit->awaited));
}

static bool walk(struct iommu_unit *unit)
{
	volatile uint32_t *done = hypervisor_pointer(unit->answers);
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	unit_write64(unit, VTD_IQT, unit->seen.tail);
	while (*done != unit->awaited || unit_read64(unit, VTD_IQH) != unit->seen.tail) {
		if (unit_read32(unit, VTD_FSTS) & FSTS_QUEUE || deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

/* Old commands that were not replaced are not to be carried out again: it stays off then. */
bool vtd_queue_give(struct iommu_unit *unit)
{
	bool is_filled = unit->seen.tail == 0 || fill(unit);

	unit_write64(unit, VTD_IQT, 0);
	unit_write64(unit, VTD_IQA, unit->seen.queue);
	if (!is_filled || !vtd_command(unit, GCMD_QUEUE, true))
		return false;
	return unit->seen.tail == 0 || walk(unit);
}
