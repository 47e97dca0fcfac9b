// SPDX-License-Identifier: GPL-2.0-only
/*
 * `bulkhead cell load CELL IMAGE...`: reads images, checks where all of them go, and has them
 * copied. What a file means is elf_image.c's, where it may go load_plan.c's.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell_config.h"
#include "commands.h"
#include "load_plan.h"
#include "progress.h"
#include "target.h"
#include "tools/config/numbers.h"
#include "tools/device.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB  "cell load"
#define SLICE (1U << 20) /* bytes from one step of the progress bar to the next */

struct options {
	const char *choice;
	struct load_piece *pieces;
	size_t count;
};

static const struct argp_option option_rows[] = {
	{ .name = "address", .key = 'a', .arg = "ADDRESS",
	  .doc = "Where in the cell the image or string before this goes; \"1M\" will do. A raw "
		 "image without one goes to 0" },
	{ .name = "string", .key = 's', .arg = "STRING",
	  .doc = "Load these bytes and a zero: a command line, for example" },
	{ 0 },
};

static void add_piece(struct options *options, const char *name, bool is_string)
{
	struct load_piece piece = { .name = name, .is_string = is_string };

	if (is_string) {
		piece.data = name;
		piece.size = strlen(name) + 1;
	}
	options->pieces = must(reallocarray(options->pieces, options->count + 1, sizeof(piece)));
	options->pieces[options->count++] = piece;
}

static void set_address(struct options *options, const char *text, const struct argp_state *state)
{
	struct load_piece *piece;

	if (options->count == 0)
		argp_error(state, "--address %s: what goes there? The image comes first", text);
	piece = &options->pieces[options->count - 1];
	if (piece->has_address)
		argp_error(state, "--address %s: `%s' has an address already", text, piece->name);
	if (!size_parse(text, &piece->address))
		argp_error(state, "--address %s: that is no address", text);
	piece->has_address = true;
}

/* A string hardly ever goes to 0, where an image without an address does. */
static void check_strings(const struct options *options, const struct argp_state *state)
{
	size_t i;

	for (i = 0; i < options->count; i++)
		if (options->pieces[i].is_string && !options->pieces[i].has_address)
			argp_error(state, "--string \"%s\": where does it go? Add --address "
				   "ADDRESS behind it", options->pieces[i].name);
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'a':
		set_address(options, argument, state);
		return 0;
	case 's':
		add_piece(options, argument, true);
		return 0;
	case ARGP_KEY_ARG:
		if (options->choice)
			add_piece(options, argument, false);
		else
			options->choice = argument;
		return 0;
	case ARGP_KEY_END:
		if (!options->choice)
			argp_error(state, "which cell? `bulkhead cell list' shows them");
		if (options->count == 0)
			argp_error(state, "which image?");
		check_strings(options, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = option_rows,
	.parser = parse_option,
	.args_doc = "CELL { IMAGE | -s STRING } [-a ADDRESS]...",
	.doc = "Copies images into the loadable regions of a cell that does not run, one after the "
	       "other. An ELF file says itself where it goes and where the cell begins; anything "
	       "else is copied as it is.\vCELL is a name or an id. Where one image does not fit, "
	       "none is copied.",
};

/* A file's bytes stay mapped until the end of the program. */
static bool map_file(struct load_piece *piece)
{
	int file = open(piece->name, O_RDONLY | O_CLOEXEC);
	bool done = false;
	struct stat about;

	if (file < 0 || fstat(file, &about) != 0) {
		verb_complain(VERB, "%s: %s", piece->name, strerror(errno));
	} else if (!S_ISREG(about.st_mode)) {
		verb_complain(VERB, "%s: this is no regular file", piece->name);
	} else if (about.st_size == 0) {
		verb_complain(VERB, "%s is empty", piece->name);
	} else {
		void *data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);

		done = data != MAP_FAILED;
		if (!done)
			verb_complain(VERB, "%s: %s", piece->name, strerror(errno));
		piece->data = data;
		piece->size = (size_t)about.st_size;
	}
	if (file >= 0)
		close(file);
	return done;
}

static bool map_files(const struct options *options)
{
	size_t i;

	for (i = 0; i < options->count; i++)
		if (!options->pieces[i].is_string && !map_file(&options->pieces[i]))
			return false;
	return true;
}

/* A plan on its way into the cell. */
struct copy {
	const struct cell_target *target;
	const struct cell_config *config;
	const struct load_plan *plan;
	struct progress progress;
};

static bool copy_step(struct copy *copy, const struct load_step *step, bool is_last,
		      struct bh_refusal *refusal)
{
	static const unsigned char zeros[SLICE];
	uint64_t done = 0;

	while (done < step->size) {
		uint64_t left = step->size - done;
		struct bh_ioctl_cell_load call = {
			.cell = copy->target->cell->id, .at = step->at + done,
			.data = (uintptr_t)(step->data ? step->data + done : zeros),
		};

		call.size = load_plan_part(copy->config->regions,
					   copy->config->cell->region_count, call.at,
					   left < SLICE ? left : SLICE);
		/* The entry last: a load that was cut off does not begin to look whole. */
		if (is_last && call.size == left && copy->plan->has_entry) {
			call.has_entry = 1;
			call.entry = copy->plan->entry;
		}
		if (!device_call(copy->target->device, BH_IOCTL_CELL_LOAD, &call, &call.refusal,
				 refusal))
			return false;
		done += call.size;
		progress_add(&copy->progress, call.size);
	}
	return true;
}

static bool copy_all(struct copy *copy, struct bh_refusal *refusal)
{
	const struct load_plan *plan = copy->plan;
	bool done = true;
	size_t i;

	progress_begin(&copy->progress, plan->bytes);
	for (i = 0; i < plan->count && done; i++)
		done = copy_step(copy, &plan->steps[i], i == plan->count - 1, refusal);
	progress_end(&copy->progress);
	return done;
}

static bool load(const struct cell_target *target, const struct load_plan *plan,
		 struct bh_refusal *refusal)
{
	struct cell_config config;
	struct copy copy = { .target = target, .config = &config, .plan = plan };
	bool done;

	if (!cell_config_read(&config, target->device, target->cell->id, refusal))
		return false;
	done = load_plan_check(plan, config.regions, config.cell->region_count, refusal) &&
	       copy_all(&copy, refusal);
	cell_config_free(&config);
	return done;
}

static int load_into(const struct options *options, const struct load_plan *plan)
{
	struct cell_target target;
	struct bh_refusal refusal;
	int status = target_open_managed(&target, VERB, options->choice);

	if (status != VERB_DONE)
		return status;
	if (load(&target, plan, &refusal)) {
		printf("loaded into cell %u \"%s\": %" PRIu64 " bytes", target.cell->id,
		       target.cell->name, plan->bytes);
		if (plan->has_entry)
			printf(", entry 0x%" PRIx64, plan->entry);
		putchar('\n');
	} else {
		verb_complain(VERB, "%s", refusal.text);
		status = VERB_REFUSED;
	}
	target_close(&target);
	return status;
}

int cell_load_images(int argc, char **argv)
{
	struct options options = { 0 };
	struct bh_refusal refusal;
	struct load_plan plan;
	int status = VERB_REFUSED;

	verb_parse_in_order(&argp, VERB, argc, argv, &options);
	if (map_files(&options)) {
		if (load_plan_make(&plan, options.pieces, options.count, &refusal)) {
			status = load_into(&options, &plan);
			load_plan_free(&plan);
		} else {
			verb_complain(VERB, "%s", refusal.text);
		}
	}
	free(options.pieces);
	return status;
}
