/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs are threads of one core. Cells that divide a core share its caches and execution
 * units: one slows the other down and can watch it. That is worth a warning, as set.h has it.
 */
#ifndef TOOLS_CONFIG_SIBLINGS_H
#define TOOLS_CONFIG_SIBLINGS_H

#include <bulkhead/config.h>

struct siblings {
	uint64_t cores[BH_MAX_CPUS][BH_CPU_WORDS]; /* the CPUs of each core that has several */
	uint32_t count;
};

/* As Linux tells them in /sys, or in a copy of it. */
void siblings_read_live(struct siblings *siblings, const char *sysfs);

struct config_file;
struct config_view;

/* Complains about cores that make no sense in a board file. */
void siblings_check(struct config_file *file, const struct siblings *siblings,
		    const struct config_view *board);

#endif
