// SPDX-License-Identifier: GPL-2.0-only
/* Makes and checks plans: see load_plan.h. */
#include "load_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elf_image.h"
#include "model/range.h"
#include "model/refuse.h"
#include "tools/output.h"

#define STEP_NAME    96
#define REGIONS_TEXT 120

static void add_step(struct load_plan *plan, const struct load_step *step)
{
	if (step->size == 0)
		return;
	plan->steps = must(reallocarray(plan->steps, plan->count + 1, sizeof(*plan->steps)));
	plan->steps[plan->count++] = *step;
	plan->bytes += step->size;
}

static void add_segment(struct load_plan *plan, const struct load_piece *piece,
			const struct elf_segment *segment)
{
	struct load_step step = {
		.at = segment->at, .size = segment->file_size, .piece = piece,
		.data = (const unsigned char *)piece->data + segment->offset,
		.segment = segment->index, .is_segment = true,
	};

	add_step(plan, &step);
	step.at += segment->file_size;
	step.size = segment->memory_size - segment->file_size;
	step.data = NULL;
	add_step(plan, &step);
}

static bool add_elf(struct load_plan *plan, const struct load_piece *piece,
		    struct bh_refusal *refusal)
{
	struct elf_image image;
	struct bh_refusal why;
	uint32_t i;

	if (piece->has_address)
		return refuse(refusal, "%s: an ELF file says itself where it goes: leave --address "
			      "out", piece->name);
	if (!elf_parse(&image, piece->data, piece->size, &why))
		return refuse(refusal, "%s: %s", piece->name, why.text);
	for (i = 0; i < image.count; i++)
		add_segment(plan, piece, &image.segments[i]);
	if (!plan->has_entry) {
		plan->has_entry = true;
		plan->entry = image.entry;
		plan->entry_of = piece->name;
	}
	return true;
}

static bool add_raw(struct load_plan *plan, const struct load_piece *piece,
		    struct bh_refusal *refusal)
{
	const struct load_step step = {
		.at = piece->address, .size = piece->size, .data = piece->data, .piece = piece,
	};

	if (piece->size == 0)
		return refuse(refusal, "%s is empty", piece->name);
	if (piece->size - 1 > UINT64_MAX - piece->address)
		return refuse(refusal, "%s at 0x%llx runs past the end of all addresses",
			      piece->name, (unsigned long long)piece->address);
	add_step(plan, &step);
	return true;
}

bool load_plan_make(struct load_plan *plan, const struct load_piece *pieces, size_t count,
		    struct bh_refusal *refusal)
{
	size_t i;

	*plan = (struct load_plan){ 0 };
	for (i = 0; i < count; i++) {
		const struct load_piece *piece = &pieces[i];
		bool is_elf = !piece->is_string && elf_claimed(piece->data, piece->size);

		if (!(is_elf ? add_elf(plan, piece, refusal) : add_raw(plan, piece, refusal))) {
			load_plan_free(plan);
			return false;
		}
	}
	return true;
}

void load_plan_free(struct load_plan *plan)
{
	free(plan->steps);
	*plan = (struct load_plan){ 0 };
}

static const struct bh_region *region_at(const struct bh_region *regions, size_t count,
					 uint64_t at)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (range_has(RANGE(regions[i].at, regions[i].size), at))
			return &regions[i];
	return NULL;
}

uint64_t load_plan_part(const struct bh_region *regions, size_t count, uint64_t at, uint64_t size)
{
	const struct bh_region *region = region_at(regions, count, at);
	uint64_t left = region ? region->size - (at - region->at) : size;

	return left < size ? left : size;
}

static void step_name(const struct load_step *step, char name[STEP_NAME])
{
	if (step->is_segment)
		snprintf(name, STEP_NAME, "segment %u of %.60s%s", step->segment, step->piece->name,
			 step->data ? "" : " (zeros)");
	else if (step->piece->is_string)
		snprintf(name, STEP_NAME, "the string \"%.60s\"", step->piece->name);
	else
		snprintf(name, STEP_NAME, "%.80s", step->piece->name);
}

/* Where it could go instead, as far as there is room to say so. */
static void loadable_name(const struct bh_region *regions, size_t count, char text[REGIONS_TEXT])
{
	size_t used = 0;
	size_t i;

	snprintf(text, REGIONS_TEXT, "nothing");
	for (i = 0; i < count && used < REGIONS_TEXT; i++) {
		struct bh_range range = RANGE(regions[i].at, regions[i].size);

		if (regions[i].flags & BH_REGION_LOADABLE)
			used += (size_t)snprintf(text + used, REGIONS_TEXT - used,
						 "%s\"%s\" 0x%llx-0x%llx", used ? ", " : "",
						 regions[i].name, (unsigned long long)range.start,
						 (unsigned long long)range_last(range));
	}
}

static bool refuse_step(const struct load_step *step, uint64_t at, const struct bh_region *regions,
			size_t count, struct bh_refusal *refusal)
{
	unsigned long long first = step->at, last = step->at + step->size - 1;
	const struct bh_region *region = region_at(regions, count, at);
	char name[STEP_NAME], loadable[REGIONS_TEXT];

	step_name(step, name);
	loadable_name(regions, count, loadable);
	if (region)
		return refuse(refusal, "%s, 0x%llx-0x%llx, would go to region \"%s\", "
			      "0x%llx-0x%llx, which is not loadable; loadable: %s", name, first,
			      last, region->name, (unsigned long long)region->at,
			      (unsigned long long)(region->at + region->size - 1), loadable);
	return refuse(refusal, "%s, 0x%llx-0x%llx, does not fit: 0x%llx is in no region of the "
		      "cell; loadable: %s", name, first, last, (unsigned long long)at, loadable);
}

static bool step_check(const struct load_step *step, const struct bh_region *regions, size_t count,
		       struct bh_refusal *refusal)
{
	uint64_t done = 0;

	while (done < step->size) {
		uint64_t at = step->at + done;
		const struct bh_region *region = region_at(regions, count, at);

		if (!region || !(region->flags & BH_REGION_LOADABLE))
			return refuse_step(step, at, regions, count, refusal);
		done += load_plan_part(regions, count, at, step->size - done);
	}
	return true;
}

bool load_plan_check(const struct load_plan *plan, const struct bh_region *regions, size_t count,
		     struct bh_refusal *refusal)
{
	const struct bh_region *region;
	size_t i;

	for (i = 0; i < plan->count; i++)
		if (!step_check(&plan->steps[i], regions, count, refusal))
			return false;
	if (!plan->has_entry)
		return true;
	/* Its segment passed above, so there is a region. */
	region = region_at(regions, count, plan->entry);
	if (!region || !(region->access & BH_ACCESS_EXECUTE))
		return refuse(refusal, "the entry of %.60s, 0x%llx, is in region \"%s\", where no "
			      "code may run", plan->entry_of, (unsigned long long)plan->entry,
			      region ? region->name : "");
	return true;
}
