/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Management calls: takes the request from root's page, checks who and when, and puts it back with
 * its outcome. One call at a time; a second one is refused, not kept waiting, since a CPU that
 * waits here could not answer the first.
 */
#include "core/manage.h"

#include "core/backend.h"
#include "core/cells.h"
#include "core/string.h"
#include "model/refuse.h"
#include "x86/window.h"

#define STATE(state) (1u << (state))
#define AT_REST (STATE(BH_CELL_CREATED) | STATE(BH_CELL_SHUT_DOWN) | STATE(BH_CELL_FAILED))

/*
 * Which operations there are, in which states of the cell, and which touch what creation makes its
 * own: memory that was scrubbed, devices that were reset.
 */
static const struct {
	manage_operation run;
	const char *verb;
	uint32_t states;
	bool wants_ready;
} operations[] = {
	[BH_CELL_CREATE] = { manage_create, "created", 0, false },
	[BH_CELL_CONTINUE] = { manage_continue, "continued",
			       STATE(BH_CELL_SCRUBBING) | STATE(BH_CELL_ENDING), false },
	[BH_CELL_LOAD] = { manage_load, "loaded", AT_REST, true },
	[BH_CELL_ENTRY] = { manage_entry, "given an entry", AT_REST, true },
	[BH_CELL_START] = { manage_start, "started", AT_REST, true },
	[BH_CELL_ASK] = { manage_ask, "asked to shut down", STATE(BH_CELL_RUNNING), true },
	[BH_CELL_STOP] = { manage_stop, "stopped", STATE(BH_CELL_RUNNING), true },
	[BH_CELL_DESTROY] = { manage_destroy, "destroyed", AT_REST, false },
	[BH_CELL_MEMORY] = { manage_memory, "read", AT_REST, true },
};

static uint32_t busy;

const char *cell_state_text(uint32_t state)
{
	static const char *const texts[] = {
		[BH_CELL_SCRUBBING] = "is being created", [BH_CELL_CREATED] = "was created",
		[BH_CELL_RUNNING] = "is running", [BH_CELL_SHUT_DOWN] = "is shut down",
		[BH_CELL_FAILED] = "has failed", [BH_CELL_ENDING] = "is being destroyed",
	};

	return texts[state];
}

static int64_t run(struct cpu *cpu, struct bh_request *request)
{
	uint32_t number = request->operation;
	struct cell *cell = NULL;

	if (number >= BH_ARRAY_SIZE(operations) || !operations[number].run)
		return manage_refuse(request, "there is no operation %u", number);
	if (number != BH_CELL_CREATE) {
		cell = cells_find(request->cell);
		if (!cell)
			return manage_refuse(request, "there is no cell with id %u", request->cell);
		if (cell == &root_cell)
			return manage_refuse(request, "the root cell cannot be %s",
					     operations[number].verb);
		if (!(operations[number].states & STATE(cell->state)))
			return manage_refuse(request, "cell %s %s: it cannot be %s now",
					     cell->config->name, cell_state_text(cell->state),
					     operations[number].verb);
		if (operations[number].wants_ready && !cell->is_ready)
			return manage_refuse(request, "cell %s was not created to the end: destroy "
					     "it", cell->config->name);
	}
	return operations[number].run(cpu, cell, request);
}

/* Copies the request in or out; false if the page is not root's. */
static bool copy(struct cpu *cpu, gpa_t at, struct bh_request *request, bool out)
{
	struct bh_request *there = backend->open_page(cpu, at);

	if (there && out)
		memcpy(there, request, sizeof(*request));
	else if (there)
		memcpy(request, there, sizeof(*request));
	window_close(cpu);
	return there;
}

int64_t manage(struct cpu *cpu, uint64_t page)
{
	struct bh_request request;
	int64_t result;

	if (page & BH_PAGE_MASK)
		return BH_ERROR_ARGUMENT;
	if (!copy(cpu, GPA(page), &request, false))
		return BH_ERROR_MEMORY;
	request.refusal.text[0] = '\0';
	if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE)) {
		result = manage_refuse(&request, "another management call is at work: try again");
	} else {
		result = run(cpu, &request);
		__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
	}
	copy(cpu, GPA(page), &request, true);
	return result;
}
