/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A build without devices of cells: nothing of them is filtered, for nobody has any.
 */
#include "x86/guest/served.h"

const struct served_kind *const served_msix;

const struct served_kind *served_pci_find(const struct cell *cell, struct served *served)
{
	(void)cell;
	(void)served;
	return NULL;
}

bool guest_pci_port(struct cpu *cpu, uint64_t qualification)
{
	(void)cpu;
	(void)qualification;
	return false;
}
