/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command buffer of an AMD-Vi unit: a page of commands, written at its tail and read by the
 * unit at its head. Each call ends with a command to wait, so the buffer is empty when it returns.
 * AMD IOMMU specification, 2.4.
 */
#include "x86/iommu/amdvi.h"

#include "core/cpu.h"
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "core/string.h"

void amdvi_queue_start(struct iommu_unit *unit)
{
	unit->tail = 0;
	unit->awaited = 0;
	unit_write64(unit, AMDVI_COMMAND_BASE, unit->commands.v | BUFFER_OF_A_PAGE);
	unit_write64(unit, AMDVI_COMMAND_HEAD, 0);
	unit_write64(unit, AMDVI_COMMAND_TAIL, 0);
}

static void put(struct iommu_unit *unit, struct amdvi_command command)
{
	memcpy((uint8_t *)hypervisor_pointer(unit->commands) + unit->tail, &command,
	       sizeof(command));
	unit->tail = (unit->tail + sizeof(command)) % BH_PAGE_SIZE;
}

/* The unit writes the number behind the last command when all are done. */
static bool submit(struct iommu_unit *unit)
{
	volatile uint64_t *answer = hypervisor_pointer(unit->answers);
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	put(unit, amdvi_completion_wait(unit->answers, ++unit->awaited));
	unit_write64(unit, AMDVI_COMMAND_TAIL, unit->tail);
	while (*answer != unit->awaited) {
		if (deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

#define SOURCES        0x10000U
#define SOURCES_A_BUS  0x100U
#define SOURCES_A_TIME 64U /* of two commands each: half of the buffer */

static bool flush_each(struct iommu_unit *unit, uint32_t sources)
{
	uint32_t source;

	for (source = 0; source < sources; source++) {
		put(unit, amdvi_invalidate_device((uint16_t)source));
		put(unit, amdvi_invalidate_interrupts((uint16_t)source));
		if (source % SOURCES_A_TIME == SOURCES_A_TIME - 1 && !submit(unit))
			return false;
	}
	return true;
}

/*
 * What it remembers of devices and their interrupts; of pages where it knows the word for all. Also
 * of devices that this board's table does not have: another board's may have had them. Those that
 * it has are told one by one all the same, as QEMU (10.1 and later) lets all of a device pass until
 * it was told of the device's entry.
 */
bool amdvi_queue_flush_all(struct iommu_unit *unit)
{
	bool done;

	spin_lock(&unit->queue_lock);
	if (unit_read64(unit, AMDVI_FEATURES) & FEATURE_INVALIDATE_ALL) {
		put(unit, amdvi_invalidate_all());
		done = flush_each(unit, (unit->config->last_bus + 1) * SOURCES_A_BUS);
	} else {
		done = flush_each(unit, SOURCES);
	}
	spin_unlock(&unit->queue_lock);
	return done;
}

bool amdvi_queue_flush_device(struct iommu_unit *unit, uint16_t source, uint16_t domain)
{
	bool done;

	spin_lock(&unit->queue_lock);
	put(unit, amdvi_invalidate_device(source));
	put(unit, amdvi_invalidate_pages(domain));
	put(unit, amdvi_invalidate_interrupts(source));
	done = submit(unit);
	if (done)
		invalidation_record(BH_INVALIDATE_UNIT, cpu_this()->linux_cpu, 0, source, 0);
	spin_unlock(&unit->queue_lock);
	return done;
}

bool amdvi_queue_flush_interrupts(struct iommu_unit *unit, uint16_t source)
{
	bool done;

	spin_lock(&unit->queue_lock);
	put(unit, amdvi_invalidate_interrupts(source));
	done = submit(unit);
	spin_unlock(&unit->queue_lock);
	return done;
}

bool amdvi_queue_flush_domain(struct iommu_unit *unit, uint16_t domain)
{
	bool done;

	spin_lock(&unit->queue_lock);
	put(unit, amdvi_invalidate_pages(domain));
	done = submit(unit);
	spin_unlock(&unit->queue_lock);
	return done;
}
