// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shuts cells down and destroys them. A cell is asked by its communication page, and may refuse;
 * what was asked in vain is taken back, so that the cell does not follow it later.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include <bulkhead/comm.h>

#include "cell_files.h"
#include "cells.h"
#include "enable.h"
#include "events.h"
#include "manage.h"
#include "model/refuse.h"

/* A cell that only answers in its page is seen that often; one that ends wakes who waits. */
#define STEP_MS 10

static int refuse_late(const struct bh_cell_info *info, uint64_t timeout_ms,
		       struct bh_refusal *refusal)
{
	bool whole = timeout_ms % MSEC_PER_SEC == 0;

	refuse(refusal, "cell %s did not %s within %llu %s: --force stops it", info->name,
	       info->reply == BH_COMM_ACCEPTED ? "shut down, though it agreed to," : "answer",
	       whole ? timeout_ms / MSEC_PER_SEC : timeout_ms, whole ? "s" : "ms");
	return -ETIMEDOUT;
}

/* Others may use the device meanwhile: it may even have been disabled and enabled again. */
static int sleep_a_step(uint64_t epoch, unsigned int states, struct bh_refusal *refusal)
{
	bool interrupted;

	mutex_unlock(&enable_mutex);
	interrupted = !events_wait(states, msecs_to_jiffies(STEP_MS));
	mutex_lock(&enable_mutex);
	if (hypervisor_epoch() != epoch) {
		refuse(refusal, "the hypervisor was disabled meanwhile");
		return -ENODEV;
	}
	if (interrupted) {
		refuse(refusal, "interrupted while the cell was waited for");
		return -EINTR;
	}
	return 0;
}

/* Until the cell does not run any more; `info` is then what became of it. */
static int wait_for_end(uint32_t id, uint64_t timeout_ms, struct bh_cell_info *info,
			struct bh_refusal *refusal)
{
	u64 end = get_jiffies_64() + msecs_to_jiffies(timeout_ms);
	uint64_t epoch = hypervisor_epoch();
	unsigned int states;
	int error;

	for (;;) {
		states = events_states();
		error = cell_look(id, info, refusal);
		if (error || info->state != BH_CELL_RUNNING)
			return error;
		if (info->reply == BH_COMM_REFUSED) {
			refuse(refusal, "cell %s refused to shut down", info->name);
			return -EBUSY;
		}
		if (time_after64(get_jiffies_64(), end))
			return refuse_late(info, timeout_ms, refusal);
		error = sleep_a_step(epoch, states, refusal);
		if (error)
			return error;
	}
}

/* Two at a time would take each other's request back. */
static bool begin_to_ask(uint32_t id, struct bh_refusal *refusal)
{
	struct cell *cell = cells_find(id);

	if (cell && cell->asked)
		return refuse(refusal, "cell %s is being asked to shut down already",
			      cell->view.cell->name);
	if (cell)
		cell->asked = true;
	return true;
}

static void end_to_ask(uint32_t id)
{
	struct cell *cell = cells_find(id);

	if (cell)
		cell->asked = false;
}

/*
 * Asks or stops a cell that was running at the last look. It may have ended by itself since: then
 * nothing is in the way any more, whatever the hypervisor says, and `info` tells what became of it.
 */
static int request_end(enum bh_operation operation, uint32_t id, uint64_t value,
		       struct bh_cell_info *info, struct bh_refusal *refusal)
{
	bool was_running = info->state == BH_CELL_RUNNING;
	struct bh_refusal reason = {};
	int error;

	error = manage_simple(operation, id, 0, value, &reason);
	if (!error || (was_running && !cell_look(id, info, NULL) &&
		       info->state != BH_CELL_RUNNING))
		return 0;
	refuse(refusal, "%s", reason.text);
	return error;
}

static int ask(uint32_t id, uint64_t timeout_ms, struct bh_cell_info *info,
	       struct bh_refusal *refusal)
{
	uint64_t epoch = hypervisor_epoch();
	int error;

	if (!begin_to_ask(id, refusal))
		return -EBUSY;
	error = request_end(BH_CELL_ASK, id, BH_COMM_SHUTDOWN, info, refusal);
	if (!error) {
		error = wait_for_end(id, timeout_ms, info, refusal);
		if (error && hypervisor_epoch() == epoch)
			manage_simple(BH_CELL_ASK, id, 0, BH_COMM_NONE, NULL);
	}
	if (hypervisor_epoch() == epoch)
		end_to_ask(id);
	return error;
}

static int end_run(uint32_t id, bool force, uint64_t timeout_ms, struct bh_cell_info *info,
		   struct bh_refusal *refusal)
{
	int error;

	if (!force)
		return ask(id, timeout_ms, info, refusal);
	error = request_end(BH_CELL_STOP, id, 0, info, refusal);
	if (!error)
		events_states_changed();
	return error;
}

int cell_shutdown(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	struct bh_cell_info info;
	int error;

	error = cell_look(id, &info, refusal) ?:
		end_run(id, force, timeout_ms, &info, refusal);
	if (error || force || info.state != BH_CELL_FAILED)
		return error;
	refuse(refusal, "cell %s failed as it was to shut down: its fault records tell why",
	       info.name);
	return -EIO;
}

/* The hypervisor's part; a cell that was left half created or half destroyed is one too. */
static int destroy(uint32_t id, uint32_t state, struct bh_refusal *refusal)
{
	int result = 0;

	if (state == BH_CELL_SCRUBBING || state == BH_CELL_ENDING)
		result = manage_repeat(BH_CELL_CONTINUE, id, refusal);
	if (!result && state != BH_CELL_ENDING)
		result = manage_simple(BH_CELL_DESTROY, id, 0, 0, refusal);
	return result == BH_MANAGE_MORE ? manage_repeat(BH_CELL_CONTINUE, id, refusal) : result;
}

/* Nothing of the cell is left but what Linux gave for it. */
static int take_back(struct cell *cell, struct bh_refusal *refusal)
{
	struct bh_refusal reason = {};
	int error = 0;
	bool back;

	cells_remove(cell);
	cell_files_remove(cell);
	back = cell_cpus_return(&cell->cpus, &reason);
	back = cell_devices_return(&cell->devices, &reason) && back;
	if (!back) {
		refuse(refusal, "cell %s is destroyed, but: %s", cell->view.cell->name,
		       reason.text);
		error = -EIO;
	}
	kvfree(cell->blob);
	kfree(cell);
	return error;
}

int cell_destroy(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	struct bh_cell_info info;
	struct cell *cell;
	int error;

	error = cell_look(id, &info, refusal);
	if (!error && info.state == BH_CELL_RUNNING)
		error = end_run(id, force, timeout_ms, &info, refusal);
	if (!error)
		error = destroy(id, info.state, refusal);
	if (error)
		return error;
	pr_info("cell %s destroyed\n", info.name);
	cell = cells_find(id);
	if (cell)
		error = take_back(cell, refusal);
	events_states_changed();
	return error;
}

int cells_destroy_all(bool go_on, struct bh_refusal *refusal)
{
	struct bh_cell_info info = { .id = 0 };
	int first = 0;
	int found;

	while ((found = cells_next(info.id + 1ULL, &info, first ? NULL : refusal)) > 0) {
		int error = cell_destroy(info.id, true, 0, first ? NULL : refusal);

		first = first ?: error;
		if (error && !go_on)
			break;
	}
	return first ?: min(found, 0);
}
