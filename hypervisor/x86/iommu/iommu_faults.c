/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What units have recorded becomes a fault of the cell that has the device; what that does to the
 * cell is its policy.
 */
#include "core/cell_stop.h"
#include "core/cells.h"
#include "core/fault_log.h"
#include "core/iommu.h"
#include "core/log.h"
#include "core/read.h"
#include "core/root_events.h"
#include "core/spinlock.h"
#include "x86/apic.h"
#include "x86/control.h"
#include "x86/iommu/board.h"

#define SOURCE_SHIFT 40 /* above all pages; what the log puts before a place has room then */

/* Which device at which page: what is counted once. */
static uint64_t place_key(const struct iommu_fault *fault)
{
	return (uint64_t)fault->source << SOURCE_SHIFT | fault->address >> BH_PAGE_SHIFT;
}

/*
 * The device was stopped first: its cell's CPUs may take a while. What stops a cell is recorded at
 * a place that was seen before, too: it tells why this run ended.
 */
static void report(const struct iommu_unit *unit, const struct iommu_case *next)
{
	const struct iommu_fault *fault = &next->fault;
	struct bh_fault record = {
		.tsc = tsc_read(), .kind = BH_FAULT_DMA, .place = fault->address,
		.exit_reason = fault->reason, .flags = next->stops ? BH_FAULT_STOPPED : 0,
		.qualification = BH_PCI_ADDRESS_OF(unit->config->segment, fault->source),
		.backend = unit->config->kind,
	};

	if (!fault->is_interrupt)
		record.access = fault->is_write ? BH_ACCESS_WRITE : BH_ACCESS_READ;
	if (fault_log_count(next->cell, BH_FAULT_DMA, place_key(fault)) || next->stops)
		fault_log_add(next->cell, &record);
	if (next->stops)
		cell_fail(next->cell);
}

/* A command or a table that it cannot read. */
static void tell(struct iommu_unit *unit, const uint64_t record[2])
{
	if (unit_tells(&unit->told_troubles))
		log_print("IOMMU %s: event 0x%llx 0x%llx\n", unit->config->name,
			  (unsigned long long)record[0], (unsigned long long)record[1]);
}

/* The cell is there for as long as it is read. */
static bool report_next(struct iommu_unit *unit)
{
	struct iommu_case next;
	bool found;

	reading_begin();
	found = iommu_case_next(unit, &next);
	if (found && next.fault.is_units)
		tell(unit, next.fault.record);
	else if (found)
		report(unit, &next);
	reading_end();
	return found;
}

/* A device that floods its unit with faults must not keep a CPU of root here. */
#define FAULTS_AT_ONCE 64U
#define FAULTS_UNREAD  1024U
/* No unit keeps more: a page of AMD-Vi's, or the registers of VT-d, which count them by a byte. */
#define FAULTS_OF_A_UNIT 256U

/* Of records that nobody has asked for, and whether the units tell of more. */
static struct spinlock unread_lock;
static uint32_t unread;

static unsigned int take_faults(struct iommu_unit *unit, unsigned int most)
{
	unsigned int found = 0;

	/* The NMI may be on its way to Linux's CPU 0 still. */
	root_nmis_begin();
	while (found < most && report_next(unit))
		found++;
	root_nmis_end(found != 0);
	return found;
}

static void listen(bool on)
{
	uint32_t i;

	for (i = 0; i < iommu_board.list.count; i++)
		iommu_board.units[i].driver->listen(&iommu_board.units[i], on);
}

static unsigned int take_all(void)
{
	unsigned int found = 0;
	uint32_t i;

	for (i = 0; i < iommu_board.list.count; i++)
		found += take_faults(&iommu_board.units[i], FAULTS_AT_ONCE);
	return found;
}

void iommu_drain(struct iommu_unit *unit)
{
	take_faults(unit, FAULTS_OF_A_UNIT);
}

void iommu_poll(void)
{
	if (!iommu_board.is_running)
		return;
	take_all();
	spin_lock(&unread_lock);
	if (unread > FAULTS_UNREAD)
		listen(true);
	unread = 0;
	spin_unlock(&unread_lock);
}

bool iommu_interrupted(void)
{
	unsigned int found;
	bool silent;

	if (!iommu_board.is_running)
		return false;
	found = take_all();
	spin_lock(&unread_lock);
	unread += found;
	silent = unread > FAULTS_UNREAD;
	if (silent)
		listen(false);
	spin_unlock(&unread_lock);
	if (!silent && found >= FAULTS_AT_ONCE) /* AMD-Vi tells of no more until none is left */
		apic_kick(cpu_this());
	return found != 0;
}
