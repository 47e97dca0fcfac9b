/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Destroys a cell that does not run: its CPUs go back to root at once, its memory when it is
 * scrubbed and its devices are reset, and everything else with them. Creating one ends here, too.
 */
#include "core/cell_audit.h"
#include "core/cell_cpus.h"
#include "core/cell_create.h"
#include "core/cell_scrub.h"
#include "core/cell_stop.h"
#include "core/cells.h"
#include "core/cpu_messages.h"
#include "core/invalidation.h"
#include "core/log.h"
#include "core/manage.h"
#include "core/pci_devices.h"
#include "core/pci_functions.h"
#include "model/refuse.h"

#define SETTLE_MS 2 /* the shortest step of a reset */

int64_t manage_destroy(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	uint32_t before = cell->state;

	/* A CPU that still runs could send an interrupt to one that is root's already. */
	if (!cell_rests(cell, &request->refusal))
		return BH_ERROR_REFUSED;
	cell->state = BH_CELL_ENDING;
	if (!cell_cpus_return(cell, &request->refusal)) {
		/* Those that could go are root's again; the cell stays, to be looked at. */
		cell->state = before == BH_CELL_CREATED ? BH_CELL_FAILED : before;
		return BH_ERROR_REFUSED;
	}
	invalidation_record(BH_INVALIDATE_RETURN, cpu->linux_cpu, cell->id, 0, 0);
	pci_devices_release(cell);
	cell_scrub_begin(cell);
	return BH_MANAGE_MORE;
}

/* Nothing of the cell is left: what it had goes where it came from. */
static int64_t finish(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	log_print("%s: destroyed\n", cell->config->name);
	pci_devices_return(cell);
	cells_remove(cell);
	cells_update_interrupts();
	if (!cell_update_root(cpu, &request->refusal) || !cell_audit(&request->refusal)) {
		log_print("after a destroy: %s\n", request->refusal.text);
		request->refusal.text[0] = '\0';
	}
	invalidation_record(BH_INVALIDATE_RETURN, cpu->linux_cpu, cell->id, 0, 0);
	cell_release(cell);
	return BH_MANAGE_DONE;
}

int64_t manage_continue(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	bool judged = cell->state == BH_CELL_ENDING;
	bool scrubbed = cell_scrub(cpu, cell);
	bool settled = pci_devices_settle(cell);

	if (!judged && !pci_judge_root(cell, &judged, &request->refusal)) {
		cell->state = BH_CELL_FAILED;
		return BH_ERROR_REFUSED;
	}
	/* Devices take their time, and nobody has to look on. */
	request->value = scrubbed && judged && !settled ? SETTLE_MS : 0;
	if (!scrubbed || !judged || !settled)
		return BH_MANAGE_MORE;
	if (cell->state == BH_CELL_ENDING)
		return finish(cpu, cell, request);
	if (!pci_devices_check(cell, &request->refusal)) {
		cell->state = BH_CELL_FAILED;
		return BH_ERROR_REFUSED;
	}
	cell->is_ready = true;
	cell->state = BH_CELL_CREATED;
	return BH_MANAGE_DONE;
}
