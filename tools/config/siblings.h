/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs are threads of one core, and the warning where cells divide a core: they share its
 * caches and its execution units, so one cell slows the other down and can watch it.
 */
#ifndef TOOLS_CONFIG_SIBLINGS_H
#define TOOLS_CONFIG_SIBLINGS_H

#include <bulkhead/config.h>

struct siblings {
	uint64_t cores[BH_MAX_CPUS][BH_CPU_WORDS]; /* CPUs of each core that has several */
	uint32_t count;
};

/* As Linux tells them for the machine that this runs on; false after a message. */
bool siblings_read_live(struct siblings *siblings);

#endif
