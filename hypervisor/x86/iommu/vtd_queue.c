/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The invalidation queue of a VT-d unit: a page of commands, written at its tail and read by the
 * unit at its head. Each call ends with a command to wait, so the queue is empty when it returns.
 * VT-d specification, 6.5.2.
 */
#include "x86/iommu/vtd.h"

#include "core/cpu.h"
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "core/string.h"

static uint32_t command_size(const struct iommu_unit *unit)
{
	return unit_is_scalable(unit) ? 2 * sizeof(struct vtd_entry) : sizeof(struct vtd_entry);
}

bool vtd_queue_start(struct iommu_unit *unit)
{
	unit->tail = 0;
	unit->awaited = 0;
	unit_write64(unit, VTD_IQT, 0);
	unit_write64(unit, VTD_IQA, unit->commands.v | (unit_is_scalable(unit) ? IQA_WIDE : 0));
	unit->has_queue = true;
	return vtd_command(unit, GCMD_QUEUE, true);
}

static void put(struct iommu_unit *unit, struct vtd_entry command)
{
	uint8_t *at = (uint8_t *)hypervisor_pointer(unit->commands) + unit->tail;

	memset(at, 0, command_size(unit));
	memcpy(at, &command, sizeof(command));
	vtd_publish(unit, at, command_size(unit));
	unit->tail = (unit->tail + command_size(unit)) % BH_PAGE_SIZE;
}

/* The unit writes the number behind the last command when all are done. */
static bool submit(struct iommu_unit *unit)
{
	volatile uint32_t *answer = hypervisor_pointer(unit->answers);
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	put(unit, vtd_wait(unit->answers, ++unit->awaited));
	unit_write64(unit, VTD_IQT, unit->tail);
	while (*answer != unit->awaited) {
		if (unit_read32(unit, VTD_FSTS) & FSTS_QUEUE || deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

bool vtd_queue_flush_all(struct iommu_unit *unit)
{
	bool done;

	spin_lock(&unit->queue_lock);
	/* In this order (6.2.3.1): what was cached by contexts falls with the last one. */
	put(unit, vtd_invalidate_contexts());
	if (unit_is_scalable(unit))
		put(unit, vtd_invalidate_pasids());
	put(unit, vtd_invalidate_pages());
	done = submit(unit);
	if (done)
		invalidation_record(BH_INVALIDATE_UNIT_ALL, cpu_this()->linux_cpu, 0, 0, 0);
	spin_unlock(&unit->queue_lock);
	return done;
}

bool vtd_queue_flush_interrupts(struct iommu_unit *unit)
{
	bool done;

	spin_lock(&unit->queue_lock);
	put(unit, vtd_invalidate_interrupts());
	done = submit(unit);
	spin_unlock(&unit->queue_lock);
	return done;
}

bool vtd_queue_flush_entries(struct iommu_unit *unit, uint32_t first, unsigned int order)
{
	bool done;

	spin_lock(&unit->queue_lock);
	put(unit, vtd_invalidate_entries(first, order));
	done = submit(unit);
	spin_unlock(&unit->queue_lock);
	return done;
}
