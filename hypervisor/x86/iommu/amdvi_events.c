/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event log of an AMD-Vi unit: a page of records that it fills round and round. AMD IOMMU
 * specification, 2.5. Whether there is a record the log itself says, not the tail: the unit may
 * move the tail before the record is in memory, so each is cleared when it was read.
 */
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/string.h"
#include "x86/iommu/amdvi.h"

#define RECORD_SIZE 16

void amdvi_events_start(struct iommu_unit *unit)
{
	unit->head = 0;
	/* First: QEMU does not begin anew while an event is to be told. */
	unit_write64(unit, AMDVI_STATUS, STATUS_OVERFLOW | STATUS_EVENT);
	memset(hypervisor_pointer(unit->events), 0, BH_PAGE_SIZE);
	unit_write64(unit, AMDVI_EVENT_BASE, unit->events.v | BUFFER_OF_A_PAGE);
	unit_write64(unit, AMDVI_EVENT_HEAD, 0);
	unit_write64(unit, AMDVI_EVENT_TAIL, 0);
}

static bool take_fault(struct iommu_unit *unit, struct iommu_fault *fault)
{
	struct amdvi_event record;
	volatile uint64_t *at = (uint64_t *)((uint8_t *)hypervisor_pointer(unit->events) +
					     unit->head);

	if (at[0] == 0)
		return false;
	record = (struct amdvi_event){ .low = at[0], .high = at[1] };
	at[0] = 0;
	at[1] = 0;
	unit->head = (unit->head + RECORD_SIZE) % BH_PAGE_SIZE;
	unit_write64(unit, AMDVI_EVENT_HEAD, unit->head);
	return amdvi_event_read(record, fault);
}

#define LOG_STOPS_MS 10u /* root waits for its records meanwhile */

/*
 * After an overflow the unit records nothing until it is told to begin anew. If it does not come
 * to its end in time, whoever looks at the log next goes on with it.
 */
static void begin_anew(struct iommu_unit *unit)
{
	uint64_t control = unit_read64(unit, AMDVI_CONTROL) & ~CONTROL_EVENTS;
	uint64_t deadline = deadline_in_ms(LOG_STOPS_MS);

	unit_write64(unit, AMDVI_CONTROL, control);
	while (unit_read64(unit, AMDVI_STATUS) & STATUS_EVENTS_RUN) {
		if (deadline_is_over(deadline)) {
			if (unit_tells(&unit->told_troubles))
				log_print("IOMMU %s: its log of events does not stop\n",
					  unit->config->name);
			return;
		}
		__builtin_ia32_pause();
	}
	amdvi_events_start(unit);
	unit_write64(unit, AMDVI_CONTROL, control | CONTROL_EVENTS);
}

/*
 * An event is told once, until EventLogInt was cleared: after that the log is looked at once more,
 * for what was recorded before.
 */
bool amdvi_fault_next(struct iommu_unit *unit, struct iommu_fault *fault)
{
	uint64_t status;
	bool found;

	spin_lock(&unit->queue_lock);
	found = take_fault(unit, fault);
	if (!found) {
		status = unit_read64(unit, AMDVI_STATUS);
		if (status & STATUS_EVENT) {
			unit_write64(unit, AMDVI_STATUS, STATUS_EVENT);
			found = take_fault(unit, fault);
		}
		if (!found && (status & STATUS_OVERFLOW))
			begin_anew(unit);
	}
	spin_unlock(&unit->queue_lock);
	return found;
}

/* What was not told meanwhile is in the log: only the next event is. */
void amdvi_listen(struct iommu_unit *unit, bool on)
{
	uint64_t control;

	if (!unit->sends)
		return;
	spin_lock(&unit->queue_lock);
	control = unit_read64(unit, AMDVI_CONTROL) & ~CONTROL_MESSAGES;
	unit_write64(unit, AMDVI_STATUS, STATUS_EVENT);
	unit_write64(unit, AMDVI_CONTROL, on ? control | CONTROL_MESSAGES : control);
	spin_unlock(&unit->queue_lock);
}
