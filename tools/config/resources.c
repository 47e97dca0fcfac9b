/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads iomem, ioports, cmdline and cpuinfo. See resources.h. */
#include "resources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/range.h"
#include "numbers.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB "config create"

static FILE *open_file(const char *folder, const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file)
		verb_complain(VERB, "%s: %s", path, strerror(errno));
	return file;
}

static struct resource *add(struct resources *resources)
{
	resources->list = must(reallocarray(resources->list, resources->count + 1,
					    sizeof(*resources->list)));
	memset(&resources->list[resources->count], 0, sizeof(*resources->list));
	return &resources->list[resources->count++];
}

void resources_free(struct resources *resources)
{
	free(resources->list);
	memset(resources, 0, sizeof(*resources));
}

bool resources_read(struct resources *resources, const char *folder, const char *name)
{
	FILE *file = open_file(folder, name);
	uint64_t highest = 0;
	char line[256];

	memset(resources, 0, sizeof(*resources));
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		uint64_t first, last;
		int text = 0;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " : %n", &first, &last, &text) < 2 || !text)
			continue;
		struct resource *resource = add(resources);

		resource->range = RANGE(first, last - first + 1);
		resource->depth = (unsigned int)strspn(line, " ") / 2;
		snprintf(resource->name, sizeof(resource->name), "%.*s",
			 (int)strcspn(line + text, "\n"), line + text);
		if (last > highest)
			highest = last;
	}
	fclose(file);
	/* Linux shows zeros to whom it does not trust. */
	if (highest == 0) {
		verb_complain(VERB, "%s/%s shows no addresses: run this as root", folder, name);
		resources_free(resources);
	}
	return highest != 0;
}

/* One piece of memmap=: SIZE$ADDRESS, which a boot loader may have left a backslash in. */
static void add_reserved(struct resources *reserved, char *text)
{
	char *address = strchr(text, '$');
	uint64_t size, start;

	if (!address)
		return;
	*address++ = '\0';
	text[strcspn(text, "\\")] = '\0';
	if (size_parse(text, &size) && size_parse(address, &start) && size)
		add(reserved)->range = RANGE(start, size);
}

bool reserved_read(struct resources *reserved, const char *folder)
{
	static const char option[] = "memmap=";
	FILE *file = open_file(folder, "cmdline");
	char line[4096];
	char *word, *piece, *words, *pieces;

	memset(reserved, 0, sizeof(*reserved));
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	for (word = strtok_r(line, " \n", &words); word; word = strtok_r(NULL, " \n", &words)) {
		if (strncmp(word, option, strlen(option)) != 0)
			continue;
		for (piece = strtok_r(word + strlen(option), ",", &pieces); piece;
		     piece = strtok_r(NULL, ",", &pieces))
			add_reserved(reserved, piece);
	}
	return true;
}

bool processors_read(struct processors *processors, const char *folder)
{
	FILE *file = open_file(folder, "cpuinfo");
	unsigned int cpu = BH_MAX_CPUS, package = 0, core;
	char line[4096];

	memset(processors, 0, sizeof(*processors));
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "processor : %u", &cpu) == 1 && cpu < BH_MAX_CPUS) {
			processors->cpus[cpu / 64] |= 1ULL << cpu % 64;
			processors->core[cpu] = UINT32_MAX - cpu;
		}
		sscanf(line, "physical id : %u", &package);
		if (sscanf(line, "core id : %u", &core) == 1 && cpu < BH_MAX_CPUS)
			processors->core[cpu] = package << 16 | core;
		sscanf(line, "address sizes : %u bits physical", &processors->physical_bits);
		sscanf(line, "model name : %63[^\n]", processors->model);
	}
	fclose(file);
	if (cpus_count(processors->cpus) == 0 || processors->physical_bits == 0)
		verb_complain(VERB, "%s/cpuinfo does not tell CPUs and address sizes", folder);
	return cpus_count(processors->cpus) != 0 && processors->physical_bits != 0;
}
