/* SPDX-License-Identifier: GPL-2.0-only */
/* What Linux tells in /proc about the machine that it runs on, or a copy of these files. */
#ifndef TOOLS_CONFIG_RESOURCES_H
#define TOOLS_CONFIG_RESOURCES_H

#include <bulkhead/config.h>
#include <stddef.h>

/* A line of iomem or ioports; those that lie inside it follow, one deeper. */
struct resource {
	struct bh_range range;
	unsigned int depth;
	char name[64];
};

struct resources {
	struct resource *list;
	size_t count;
};

/* An IOAPIC's registers? */
bool resource_is_ioapic(const struct resource *resource);
/* Configuration space of domain 0, and of which of its buses? */
bool resource_is_mmconfig(const struct resource *resource, uint64_t *first, uint64_t *last);

/* False after a message. */
bool resources_read(struct resources *resources, const char *folder, const char *file);

/* Memory that the command line keeps Linux off: memmap=SIZE$ADDRESS. All false after a message. */
bool reserved_read(struct resources *reserved, const char *folder);
void resources_free(struct resources *resources);

struct processors {
	uint64_t cpus[BH_CPU_WORDS];
	uint32_t core[BH_MAX_CPUS];    /* by CPU: some number that is the same for threads of it */
	unsigned int physical_bits;
	enum bh_backend backend;       /* by the vendor that CPUID tells */
	char model[64];
};

bool processors_read(struct processors *processors, const char *folder);

#endif
