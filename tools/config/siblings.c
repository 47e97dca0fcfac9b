/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads of one core, from the board file or from Linux, and who has them. See siblings.h. */
#include "siblings.h"

#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "set.h"
#include "settings.h"

#define CPUS_FOLDER "devices/system/cpu"

static bool has_cpu(const uint64_t cpus[BH_CPU_WORDS], uint32_t cpu)
{
	return cpus[cpu / 64] >> cpu % 64 & 1;
}

/* The set in a file of one line such as "1,5"; false where there is none. */
static bool read_cpus(const char *path, uint64_t cpus[BH_CPU_WORDS])
{
	FILE *file = fopen(path, "re");
	char text[CPUS_TEXT] = "";
	uint64_t cpu;

	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return cpus_parse(text, cpus, &cpu) == CPUS_GOOD;
}

void siblings_read_live(struct siblings *siblings, const char *sysfs)
{
	uint64_t cpus[BH_CPU_WORDS];
	char path[256];
	uint32_t cpu;

	siblings->count = 0;
	for (cpu = 0; cpu < BH_MAX_CPUS; cpu++) {
		snprintf(path, sizeof(path),
			 "%s/" CPUS_FOLDER "/cpu%u/topology/thread_siblings_list", sysfs, cpu);
		/* Each core is taken from the first of its threads. */
		if (!read_cpus(path, cpus) || cpus_count(cpus) < 2 || cpus_first(cpus) != cpu)
			continue;
		memcpy(siblings->cores[siblings->count++], cpus, sizeof(cpus));
	}
}

void siblings_check(struct config_file *file, const struct siblings *siblings,
		    const struct config_view *board)
{
	config_setting_t *list = config_lookup(&file->source, "board.siblings");
	uint64_t seen[BH_CPU_WORDS] = { 0 };
	uint32_t core, cpu;

	for (core = 0; core < siblings->count; core++) {
		config_setting_t *setting = config_setting_get_elem(list, core);
		const uint64_t *cpus = siblings->cores[core];

		if (cpus_count(cpus) < 2)
			setting_complain(&file->complaints, setting,
					 "one thread has no sibling: leave it out");
		for (cpu = 0; cpu < BH_MAX_CPUS; cpu++) {
			if (!has_cpu(cpus, cpu))
				continue;
			if (!has_cpu(board->board->root.cpus, cpu))
				setting_complain(&file->complaints, setting,
						 "CPU %u is none of board.cpus", cpu);
			if (has_cpu(seen, cpu))
				setting_complain(&file->complaints, setting,
						 "CPU %u is in a core before as well", cpu);
			seen[cpu / 64] |= 1ULL << cpu % 64;
		}
	}
}

/* The cell that has a CPU, or their count: then it is root's. */
static uint32_t cpu_owner(const struct config_set *set, uint32_t cpu)
{
	uint32_t i;

	for (i = 0; i < set->count; i++)
		if (set->cells[i].blob.data &&
		    has_cpu(set->cells[i].blob.view.cell->cpus, cpu))
			return i;
	return set->count;
}

static void warn_divided(struct config_set *set, uint32_t cpu, uint32_t other, uint32_t owner)
{
	struct set_cell *cell = &set->cells[cpu_owner(set, cpu)];
	const config_setting_t *setting = config_lookup(&cell->file->source, "cell.cpus");
	char whose[BH_NAME_SIZE + 16] = "which Linux keeps";

	if (owner < set->count)
		snprintf(whose, sizeof(whose), "of cell %s",
			 set->cells[owner].blob.view.cell->name);
	warn_of(&cell->file->complaints, setting ? config_setting_source_line(setting) : 0,
		"cell.cpus: CPU %u and CPU %u, %s, are threads of one core: each slows the other "
		"down and can watch it",
		cpu, other, whose);
}

/* Each pair of owners once: told of the later one, since root comes first. */
static void judge_core(struct config_set *set, const uint64_t core[BH_CPU_WORDS])
{
	bool is_told[BH_MAX_CELLS + 1][BH_MAX_CELLS + 1] = { { false } };
	uint32_t cpu, other;

	for (cpu = 0; cpu < BH_MAX_CPUS; cpu++) {
		uint32_t owner = has_cpu(core, cpu) ? cpu_owner(set, cpu) : set->count;

		for (other = 0; other < BH_MAX_CPUS && owner < set->count; other++) {
			uint32_t with = has_cpu(core, other) ? cpu_owner(set, other) : owner;

			if ((with >= owner && with < set->count) || is_told[owner][with])
				continue;
			is_told[owner][with] = true;
			warn_divided(set, cpu, other, with);
		}
	}
}

void siblings_judge(struct config_set *set, const struct siblings *siblings)
{
	uint32_t i;

	for (i = 0; i < siblings->count; i++)
		judge_core(set, siblings->cores[i]);
}
