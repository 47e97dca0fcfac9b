/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that were denied, left out: nobody sends any.
 */
#include "core/test_messages.h"

void test_message(const struct pci_slot *slot, const struct pci_access *access)
{
	(void)slot;
	(void)access;
}

void test_msix_message(struct cpu *cpu, const struct pci_slot *slot, hpa_t at,
		       const struct msix_entry *entry)
{
	(void)cpu;
	(void)slot;
	(void)at;
	(void)entry;
}
