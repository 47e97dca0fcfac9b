/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads iomem, ioports, cmdline and cpuinfo. See resources.h. */
#include "resources.h"

#include <errno.h>
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

/* `  FIRST-LAST : NAME`, in hexadecimal; more spaces for what lies deeper. */
static bool resource_parse(struct resource *resource, const char *line)
{
	char *end;
	uint64_t first, last;

	resource->depth = (unsigned int)strspn(line, " ") / 2;
	first = strtoull(line, &end, 16);
	if (*end != '-')
		return false;
	last = strtoull(end + 1, &end, 16);
	if (strncmp(end, " : ", 3) != 0)
		return false;
	resource->range = RANGE(first, last - first + 1);
	snprintf(resource->name, sizeof(resource->name), "%.*s", (int)strcspn(end + 3, "\n"),
		 end + 3);
	return true;
}

bool resources_read(struct resources *resources, const char *folder, const char *file)
{
	FILE *lines = open_file(folder, file);
	struct resource resource;
	uint64_t highest = 0;
	char line[256];

	memset(resources, 0, sizeof(*resources));
	if (!lines)
		return false;
	while (fgets(line, sizeof(line), lines)) {
		if (!resource_parse(&resource, line))
			continue;
		*add(resources) = resource;
		if (range_last(resource.range) > highest)
			highest = range_last(resource.range);
	}
	fclose(lines);
	/* Linux shows zeros to whom it does not trust. */
	if (highest == 0) {
		verb_complain(VERB, "%s/%s shows no addresses: run this as root", folder, file);
		resources_free(resources);
	}
	return highest != 0;
}

bool resource_is_ioapic(const struct resource *resource)
{
	return strncmp(resource->name, "IOAPIC", strlen("IOAPIC")) == 0;
}

/* "PCI MMCONFIG 0000 [bus 00-ff]", or "PCI ECAM ..." of newer kernels. */
bool resource_is_mmconfig(const struct resource *resource, uint64_t *first, uint64_t *last)
{
	static const char *const starts[] = { "PCI MMCONFIG 0000 [bus ", "PCI ECAM 0000 [bus " };
	const char *name = resource->name;
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(starts); i++) {
		if (strncmp(name, starts[i], strlen(starts[i])) != 0)
			continue;
		name += strlen(starts[i]);
		return hex_take(&name, 2, '-', first) && hex_take(&name, 2, ']', last) &&
		       *name == '\0' && *first <= *last;
	}
	return false;
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

/* The number behind `NAME :`, if the line has that name. */
static bool line_number(const char *line, const char *name, unsigned int *number)
{
	size_t length = strlen(name);

	if (strncmp(line, name, length) != 0)
		return false;
	line += length + strspn(line + length, " \t");
	if (*line != ':')
		return false;
	*number = (unsigned int)strtoul(line + 1, NULL, 10);
	return true;
}

static void model_read(struct processors *processors, const char *line)
{
	const char *text = strchr(line, ':');

	if (strncmp(line, "model name", strlen("model name")) == 0 && text)
		snprintf(processors->model, sizeof(processors->model), "%.*s",
			 (int)strcspn(text + 2, "\n"), text + 2);
}

/* Processors with SVM; all others that there are have VMX. */
static bool vendor_has_svm(const char *line)
{
	return strncmp(line, "vendor_id", strlen("vendor_id")) == 0 &&
	       (strstr(line, "AuthenticAMD") || strstr(line, "HygonGenuine"));
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
		if (line_number(line, "processor", &cpu) && cpu < BH_MAX_CPUS) {
			processors->cpus[cpu / 64] |= 1ULL << cpu % 64;
			processors->core[cpu] = UINT32_MAX - cpu;
		}
		line_number(line, "physical id", &package);
		if (line_number(line, "core id", &core) && cpu < BH_MAX_CPUS)
			processors->core[cpu] = package << 16 | core;
		line_number(line, "address sizes", &processors->physical_bits);
		model_read(processors, line);
		if (vendor_has_svm(line))
			processors->backend = BH_BACKEND_SVM;
	}
	fclose(file);
	if (cpus_count(processors->cpus) == 0 || processors->physical_bits == 0)
		verb_complain(VERB, "%s/cpuinfo does not tell CPUs and address sizes", folder);
	return cpus_count(processors->cpus) != 0 && processors->physical_bits != 0;
}
