/* SPDX-License-Identifier: GPL-2.0-only */
/* PCI functions that Linux hands to cells and takes back. */
#ifndef DRIVER_CELL_DEVICES_H
#define DRIVER_CELL_DEVICES_H

#include <linux/pci.h>

#include <bulkhead/refusal.h>

#include "model/config.h"

/* Of a module's name Linux has less. */
#define DRIVER_NAME_SIZE 64

/* A function as it was before a cell got it. */
struct cell_device {
	uint32_t address;
	struct pci_dev *pci;           /* null: none is there */
	uint16_t vendor;
	uint16_t model;
	const char *lost;              /* why it cannot go back; null: it can */
	char *override;                /* of its driver; null: there was none */
	char driver[DRIVER_NAME_SIZE]; /* that had it; empty: none */
};

struct cell_devices {
	uint32_t count; /* that were taken */
	struct cell_device list[BH_MAX_DEVICES];
};

/* The driver that Linux has for them meanwhile, for the life of the module. */
int cell_devices_open(void);
void cell_devices_close(void);

/*
 * Takes all of them from their drivers. Where one is not let go, the others go back. 0, or a
 * negative errno with a refusal.
 */
int cell_devices_take(struct cell_devices *devices, const struct cell_view *cell,
		      struct bh_refusal *refusal);

/* Gives them to the drivers that had them; false, with words added, if one has not its own. */
bool cell_devices_return(struct cell_devices *devices, struct bh_refusal *refusal);

#endif
