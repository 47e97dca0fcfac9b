// SPDX-License-Identifier: GPL-2.0-only
/* `bulkhead cell dump CELL FILE`: a stopped cell's memory and registers as a core file. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell_config.h"
#include "commands.h"
#include "core_file.h"
#include "progress.h"
#include "registers.h"
#include "target.h"
#include "tools/device.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB "cell dump"
#define PAGING (1ULL << 31) /* CR0.PG */

struct options {
	const char *choice;
	const char *path;
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	if (key == ARGP_KEY_ARG && options->choice) {
		if (options->path)
			argp_error(state, "one file, please: what is `%s'?", argument);
		options->path = argument;
		return 0;
	}
	if (key == ARGP_KEY_END && options->choice && !options->path)
		argp_error(state, "which file is it to be written to?");
	return target_parse(&options->choice, key, argument, state);
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "CELL FILE",
	.doc = "Writes memory and registers of a cell that was shut down or has failed as a core "
	       "file, for `gdb PROGRAM FILE'. Each CPU is a thread; the first one is that which "
	       "failed. Addresses are guest-physical.\vCELL is a name or an id.",
};

/* What is read of the cell on the way to the file. */
struct dump {
	const struct cell_target *target;
	struct core_file core;
	struct bh_registers *registers;
	struct core_memory *memory;
	struct progress progress;
};

static bool read_memory(void *context, uint64_t at, void *buffer, size_t size,
			struct bh_refusal *refusal)
{
	struct dump *dump = context;
	struct bh_ioctl_cell_memory call = {
		.cell = dump->target->cell->id, .at = at, .data = (uintptr_t)buffer, .size = size,
	};

	progress_add(&dump->progress, size);
	return device_call(dump->target->device, BH_IOCTL_CELL_MEMORY, &call, &call.refusal,
			   refusal);
}

/* The CPU that the cell was stopped for; -1 if it was not for a fault that is still known. */
static int64_t find_failed(const struct snapshot *snapshot, uint32_t cell)
{
	size_t i = snapshot->fault_count;

	while (i-- > 0)
		if (snapshot->faults[i].cell == cell &&
		    (snapshot->faults[i].flags & BH_FAULT_STOPPED))
			return snapshot->faults[i].cpu;
	return -1;
}

static void put_first(struct bh_registers *registers, size_t count, int64_t cpu)
{
	size_t i;

	for (i = 1; i < count; i++) {
		if (registers[i].cpu == cpu) {
			struct bh_registers first = registers[i];

			registers[i] = registers[0];
			registers[0] = first;
			return;
		}
	}
}

static void list_memory(struct dump *dump, const struct cell_config *config)
{
	uint32_t i;

	dump->memory = must(calloc(config->cell->region_count + 1U, sizeof(*dump->memory)));
	for (i = 0; i < config->cell->region_count; i++) {
		const struct bh_region *region = &config->regions[i];

		if (region->kind == BH_REGION_RAM)
			dump->memory[dump->core.memory_count++] = (struct core_memory){
				region->at, region->size, region->access };
	}
	dump->core.memory = dump->memory;
}

static bool collect(struct dump *dump, struct cell_target *target, struct bh_refusal *refusal)
{
	struct cell_config config;

	if (!cell_registers_read(&dump->registers, &dump->core.cpus, &target->snapshot,
				 target->cell, target->device, refusal) ||
	    !snapshot_take_faults(&target->snapshot, target->device, 1, refusal) ||
	    !cell_config_read(&config, target->device, target->cell->id, refusal))
		return false;
	list_memory(dump, &config);
	cell_config_free(&config);
	put_first(dump->registers, dump->core.cpus, find_failed(&target->snapshot,
								target->cell->id));
	dump->core.registers = dump->registers;
	dump->core.name = target->cell->name;
	dump->core.signal = target->cell->state == BH_CELL_FAILED ? SIGSEGV : 0;
	dump->core.read = read_memory;
	dump->core.context = dump;
	return true;
}

/* Nobody but its owner may read it: it is another system's memory. */
static bool write_file(struct dump *dump, const char *path, struct bh_refusal *refusal)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	bool done;

	if (!file) {
		snprintf(refusal->text, sizeof(refusal->text), "%.100s: %s", path, strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
		return false;
	}
	progress_begin(&dump->progress, core_memory_size(&dump->core));
	done = core_write(file, &dump->core, refusal);
	progress_end(&dump->progress);
	if (fclose(file) != 0 && done) {
		snprintf(refusal->text, sizeof(refusal->text), "%.100s: %s", path, strerror(errno));
		done = false;
	}
	if (!done)
		unlink(path);
	return done;
}

static void print_result(const struct dump *dump, const char *path)
{
	size_t i;

	printf("%s: cell %u \"%s\", %zu CPU%s, %" PRIu64 " KiB of memory\n", path,
	       dump->target->cell->id, dump->target->cell->name, dump->core.cpus,
	       dump->core.cpus == 1 ? "" : "s", core_memory_size(&dump->core) / 1024);
	for (i = 0; i < dump->core.cpus; i++)
		if (dump->registers[i].cr0 & PAGING)
			printf("CPU %u has paging on: addresses in the file are guest-physical, "
			       "which is the same for a program that maps each page to itself, as "
			       "those of inmates/lib do\n", dump->registers[i].cpu);
}

int cell_dump(int argc, char **argv)
{
	struct options options = { 0 };
	struct cell_target target;
	struct dump dump = { .target = &target };
	struct bh_refusal refusal;
	int status;

	verb_parse(&argp, VERB, argc, argv, &options);
	status = target_open_managed(&target, VERB, options.choice);
	if (status != VERB_DONE)
		return status;
	if (collect(&dump, &target, &refusal) && write_file(&dump, options.path, &refusal)) {
		print_result(&dump, options.path);
	} else {
		verb_complain(VERB, "%s", refusal.text);
		status = VERB_REFUSED;
	}
	free(dump.registers);
	free(dump.memory);
	target_close(&target);
	return status;
}
