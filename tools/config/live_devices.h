/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Holds the devices of a board against the PCI functions that Linux has: what `enable` would refuse
 * of them, told beforehand, with its line.
 */
#ifndef TOOLS_CONFIG_LIVE_DEVICES_H
#define TOOLS_CONFIG_LIVE_DEVICES_H

#include "file.h"
#include "model/config.h"

/* `sysfs` is /sys, or a copy of a part of it. */
void live_devices_judge(struct config_file *file, const struct config_view *board,
			const char *sysfs);

#endif
