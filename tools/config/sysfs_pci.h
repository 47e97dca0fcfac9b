/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A PCI function as Linux shows it in sysfs: /sys, or a copy of a part of it that was taken on
 * another machine.
 */
#ifndef TOOLS_CONFIG_SYSFS_PCI_H
#define TOOLS_CONFIG_SYSFS_PCI_H

#include "model/pci.h"

/* Where all of them are, in such a folder. */
#define SYSFS_PCI "bus/pci/devices"

struct sysfs_function {
	char path[300];
	uint8_t config[PCI_EXTENDED_SIZE];
	uint32_t size; /* so much of it can be read: 64 bytes without root's rights */
};

/* The folder of a function in that of all, whether or not it is there. */
void sysfs_function_name(struct sysfs_function *function, const char *devices, uint32_t address);

/* A number in one of its files; 0 where there is none. */
unsigned long sysfs_number(const struct sysfs_function *function, const char *name);
/* Has it a folder of that name, and anything in it? */
bool sysfs_has_any(const struct sysfs_function *function, const char *name);

/* Its configuration space; and what a reader of the model's calls then, the function as context. */
void sysfs_read_config(struct sysfs_function *function);
uint32_t sysfs_word(void *context, uint32_t offset);

/* Place, size and kind of its base addresses; of none where Linux shows none. */
void sysfs_bars(const struct sysfs_function *function, struct bh_bar bars[BH_BARS]);

#endif
