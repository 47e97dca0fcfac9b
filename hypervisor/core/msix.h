/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSI-X tables of functions, filtered: what pci_messages.h says of messages goes for these as well.
 * The slot's lock is held by who calls these.
 */
#ifndef CORE_MSIX_H
#define CORE_MSIX_H

#include "core/pci_functions.h"

struct cpu;

/* As a call has room for: some tens of microseconds. */
#define MSIX_SLICE 64u

/* A part of an MSI-X table, of 1 to 8 bytes, as its owner reads it. */
uint64_t msix_read(struct cpu *cpu, const struct pci_slot *slot, hpa_t table, uint64_t offset,
		   uint32_t size);

/* A word of it; false if that may not be there. */
bool msix_write(struct cpu *cpu, struct pci_slot *slot, hpa_t table, uint64_t offset,
		uint32_t value);

/*
 * Masks all entries that may not be: those that were written since the last time, all after a
 * reset. At most `*left` are, which is counted down; true when nothing remains to be done.
 */
bool msix_mask(struct pci_slot *slot, const struct bh_device *device, uint32_t *left);

#endif
