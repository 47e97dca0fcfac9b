// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uevents of the device: a "change" with BULKHEAD_EVENT=state for each cell whose state is not the
 * one that was told last, and one with BULKHEAD_EVENT=fault for each cell with new fault records.
 * It compares with what the hypervisor says, so that nothing is lost for good, though what came and
 * went between two rounds is not told.
 */
#include "uevents.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/string.h>

#include <bulkhead/fault.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/manage.h>

#include "cells.h"
#include "read.h"

#define VARIABLE_SIZE 64

/* A cell as it was told last; state 0: no such row, or nothing was told of it yet. */
struct told {
	uint32_t id; /* 0: unused */
	uint32_t state;
	bool is_there;
	char name[BH_NAME_SIZE];
};

/* New fault records of a cell, in this round. */
struct tally {
	uint64_t count; /* 0: unused, and so are those that follow */
	uint32_t cell;
	char name[BH_NAME_SIZE];
};

static struct device *device;
static struct told told[BH_MAX_CELLS];
static uint64_t next_fault;

void uevents_open(struct device *of)
{
	device = of;
	memset(told, 0, sizeof(told));
	next_fault = 1;
}

static void send(const char *event, const char *name, const char *variable, const char *value)
{
	char texts[3][VARIABLE_SIZE];
	char *environment[] = { texts[0], texts[1], texts[2], NULL };

	snprintf(texts[0], VARIABLE_SIZE, "BULKHEAD_EVENT=%s", event);
	snprintf(texts[1], VARIABLE_SIZE, "CELL=%.*s", BH_NAME_SIZE - 1, name);
	snprintf(texts[2], VARIABLE_SIZE, "%s=%s", variable, value);
	kobject_uevent_env(&device->kobj, KOBJ_CHANGE, environment);
}

/* The row of that id, or, for 0, an unused one; null if there is none. */
static struct told *find(uint32_t id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(told); i++)
		if (told[i].id == id)
			return &told[i];
	return NULL;
}

static void look_at(const struct bh_cell_info *info)
{
	struct told *row = find(info->id) ?: find(0);

	if (!row)
		return;
	row->id = info->id;
	row->is_there = true;
	memcpy(row->name, info->name, sizeof(row->name));
	/* On its way to a state is none yet. */
	if (info->state == row->state || info->state == BH_CELL_SCRUBBING ||
	    info->state == BH_CELL_ENDING)
		return;
	row->state = info->state;
	send("state", row->name, "STATE", cell_state_name(row->state));
}

static void send_states(struct bh_cell_info *info)
{
	uint64_t position;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(told); i++)
		told[i].is_there = false;
	for (position = 1; read_item(BH_READ_CELL, position, info) > 0; position = info->id + 1ULL)
		look_at(info);
	for (i = 0; i < ARRAY_SIZE(told); i++) {
		if (told[i].id == 0 || told[i].is_there)
			continue;
		if (told[i].state != 0)
			send("state", told[i].name, "STATE", "destroyed");
		memset(&told[i], 0, sizeof(told[i]));
	}
}

static void add(struct tally *tallies, const struct bh_fault *fault)
{
	size_t i;

	for (i = 0; i < BH_MAX_CELLS; i++) {
		struct tally *tally = &tallies[i];

		if (tally->count && tally->cell != fault->cell)
			continue;
		tally->count++;
		tally->cell = fault->cell;
		memcpy(tally->name, fault->cell_name, sizeof(tally->name));
		return;
	}
}

static void send_faults(struct bh_chunk *chunk, struct tally *tallies)
{
	const struct bh_fault *faults = (const struct bh_fault *)(chunk + 1);
	char count[24];
	uint64_t i;

	for (;; next_fault = chunk->next) {
		if (read_item(BH_READ_FAULTS, next_fault, chunk) <= 0 || chunk->count == 0)
			break;
		for (i = 0; i < chunk->count; i++)
			add(tallies, &faults[i]);
	}
	for (i = 0; i < BH_MAX_CELLS && tallies[i].count; i++) {
		snprintf(count, sizeof(count), "%llu",
			 (unsigned long long)tallies[i].count);
		send("fault", tallies[i].name, "FAULTS", count);
	}
}

/* Without memory the next round tells it. */
void uevents_send(void)
{
	void *pages = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);

	if (!pages)
		return;
	BUILD_BUG_ON(BH_MAX_CELLS * sizeof(struct tally) > PAGE_SIZE);
	send_states(pages);
	send_faults(pages, pages + PAGE_SIZE);
	free_pages((unsigned long)pages, 1);
}
