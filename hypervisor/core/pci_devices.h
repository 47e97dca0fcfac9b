/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices and interrupts of a cell through its life. A build without them refuses boards that have
 * any.
 */
#ifndef CORE_PCI_DEVICES_H
#define CORE_PCI_DEVICES_H

#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "model/iommu_strays.h"

/* What IOMMUs are to let nobody do, around devices that cells may have. */
void pci_devices_strays(struct iommu_strays *strays);

/* Takes up what the board has, all of it root's. */
bool pci_devices_open(struct bh_refusal *refusal);

/* What was changed of root's bridges is as before. May be called when nothing was taken up. */
void pci_devices_close(void);

/* By no IOMMU do they reach anything any more. A refusal leaves them root's. */
bool pci_devices_block(struct cell *cell, struct bh_refusal *refusal);

/* They become the cell's, and their resets begin; root reaches nothing of them from then on. */
void pci_devices_take(struct cell *cell);

/*
 * The same of a cell that failed and is only to be destroyed: until then its devices are nobody's,
 * as far as their units answer.
 */
void pci_devices_hold(struct cell *cell);

/* The cell's CPUs have stopped for good: the resets begin that lead back to root. */
void pci_devices_release(struct cell *cell);

/* Looks after resets that were begun; true when all are over. */
bool pci_devices_settle(struct cell *cell);

/* After that: are they what the board file says? */
bool pci_devices_check(const struct cell *cell, struct bh_refusal *refusal);

/*
 * Before each run: messages that an earlier one has set up are off and masked. If not `*done`, ask
 * again; refuses where a device does not let that be done.
 */
bool pci_devices_rest(struct cell *cell, bool *done, struct bh_refusal *refusal);

/*
 * Before each run: they reach the cell's memory by DMA, and interrupt nobody until the cell sets
 * them up. A refusal leaves them blocked.
 */
bool pci_devices_give(struct cell *cell, struct bh_refusal *refusal);

/* Root has them again. */
void pci_devices_return(struct cell *cell);

/* Neither DMA nor interrupts any more, until the cell starts again. */
void pci_devices_silence(struct cell *cell);

#endif
