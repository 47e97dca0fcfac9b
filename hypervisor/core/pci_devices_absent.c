/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A build without devices of cells: PCI and IOAPICs are root's as they are, and a board that says
 * more of them is refused. So no cell has anything that the rest would be asked for.
 */
#include "core/hypervisor.h"
#include "core/ioapic.h"
#include "core/pci_devices.h"
#include "core/pci_functions.h"
#include "model/refuse.h"

void pci_devices_strays(struct iommu_strays *strays)
{
	*strays = (struct iommu_strays){ 0 };
}

bool pci_devices_open(struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;

	if (!(board->flags & BH_BOARD_PCI) && board->ioapic_count == 0)
		return true;
	return refuse(refusal, "this hypervisor was built without CONFIG_PCI_FILTER: leave pci and "
		      "ioapics out of the file of board %s", board->name);
}

void pci_devices_close(void)
{
}

bool pci_devices_block(struct cell *cell, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	return true;
}

bool pci_devices_give(struct cell *cell, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	return true;
}

void pci_devices_take(struct cell *cell)
{
	(void)cell;
}

void pci_devices_hold(struct cell *cell)
{
	(void)cell;
}

void pci_devices_release(struct cell *cell)
{
	(void)cell;
}

bool pci_devices_settle(struct cell *cell)
{
	(void)cell;
	return true;
}

bool pci_devices_rest(struct cell *cell, bool *done, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	*done = true;
	return true;
}

bool pci_devices_check(const struct cell *cell, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	return true;
}

void pci_devices_return(struct cell *cell)
{
	(void)cell;
}

void pci_devices_silence(struct cell *cell)
{
	(void)cell;
}

bool ioapic_judge_root(struct bh_refusal *refusal)
{
	(void)refusal;
	return true;
}

bool pci_judge_root(struct cell *cell, bool *done, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	*done = true;
	return true;
}
