/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that a cell may not have its device send, in the device all the same: for tests of what
 * the IOMMU makes of them. On a CPU that the board's test setting does not name, and in a build
 * without test devices, these do nothing. The slot's lock is held by who calls them.
 */
#ifndef CORE_TEST_MESSAGES_H
#define CORE_TEST_MESSAGES_H

#include "core/pci_functions.h"

struct cpu;

/* After a denied write to the MSI capability; the words were written while it was switched off. */
void test_message(const struct pci_slot *slot, const struct pci_access *access);

/* After one to an entry of the MSI-X table, which would be as told now. */
void test_msix_message(struct cpu *cpu, const struct pci_slot *slot, hpa_t at,
		       const struct msix_entry *entry);

#endif
