/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether an instruction fetch that finds a large and a small page can hang this machine's
 * processor (CVE-2018-12207), as Linux tells by its list of models.
 */
#ifndef TOOLS_CONFIG_MULTIHIT_H
#define TOOLS_CONFIG_MULTIHIT_H

#include "file.h"
#include "model/config.h"

#define MULTIHIT_FILE "/sys/devices/system/cpu/vulnerabilities/itlb_multihit"

enum multihit {
	MULTIHIT_UNKNOWN,
	MULTIHIT_AFFECTED,
	MULTIHIT_NOT_AFFECTED,
};

/* `sysfs` is /sys, or a copy of a part of it. */
enum multihit multihit_read(const char *sysfs);

/* Warns of a board that does not say what keeps its cells from hanging this machine. */
void multihit_judge(struct config_file *file, const struct config_view *board, const char *sysfs);

#endif
