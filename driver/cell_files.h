/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of each cell in sysfs, under the device: cells/ID/. */
#ifndef DRIVER_CELL_FILES_H
#define DRIVER_CELL_FILES_H

#include <linux/device.h>

#include "cells.h"

/* The folder for all of them, while the device is there. */
int cell_files_open(struct device *device);
void cell_files_close(void);

void cell_files_add(struct cell *cell);
void cell_files_remove(struct cell *cell);

#endif
