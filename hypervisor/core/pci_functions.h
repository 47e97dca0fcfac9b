/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of PCI functions: whose each is, and accesses of cells to their configuration space.
 * What may be written is model/pci_policy.h's. Devices of the board are in it from the beginning,
 * in the board's order; others, which remain root's, from the first time that root writes to them:
 * until then nobody has changed them, so their header is still as it was.
 */
#ifndef CORE_PCI_FUNCTIONS_H
#define CORE_PCI_FUNCTIONS_H

#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "core/spinlock.h"
#include "model/msi_routes.h"
#include "model/pci_acs.h"
#include "model/pci_hotplug.h"
#include "model/pci_path.h"
#include "model/pci_policy.h"

/* How far a device's reset has come, see pci_reset.c. */
enum pci_reset {
	PCI_RESET_DONE = 0,
	PCI_RESET_DUE,    /* it is quiet, and the reset to be begun */
	PCI_RESET_BUS,    /* the bus that it is on is held in reset */
	PCI_RESET_POWER,  /* its power is off, as far as it goes */
	PCI_RESET_SETTLES, /* it is not to be asked yet */
	PCI_RESET_MASKS,  /* it is itself again, but for its MSI-X table */
	PCI_RESET_WAKES,  /* none: before a further run it is on its way out of D3hot */
};

struct pci_slot {
	struct spinlock lock; /* held from the look at a register until the write is carried out */
	enum pci_reset reset;
	uint64_t reset_until; /* deadlines: core/deadline.h */
	uint64_t reset_end;   /* then it is given up */
	uint32_t express;     /* its device control before the reset */
	uint32_t bridge;      /* that leads to it */
	bool has_bridge;      /* a device of the board's has; else it is on a root bus */
	bool failed;          /* after its last reset it was not what it should be */
	uint32_t msix_open;   /* so many entries of its MSI-X table, from 0 on, may not be masked */
	bool is_routed;       /* its messages are the IOMMU's: pci_messages.h */
	const struct cell *owner; /* null: root */
	struct pci_function function;
	struct pci_acs acs;   /* of a port above a device of the board; without a control: none */
	struct pci_hotplug hotplug; /* of a port whose bus is being reset */
	struct msi_kept kept;
};

_Static_assert(sizeof(struct pci_slot) <= PCI_SLOT_SIZE, "room for a function as predicted");

/* Takes the table's pages and opens the board's devices; refuses one that is another. */
bool pci_functions_open(struct bh_refusal *refusal);

/* All of them; those of the board's devices first. */
uint32_t pci_slot_count(void);
struct pci_slot *pci_slot_at(uint32_t number);

/* The slot of the cell's own device at its place in the list; those of a cell alone. */
struct pci_slot *pci_slot_of_cell(const struct cell *cell, uint32_t index);

/* Null if the function is not in the table. */
struct pci_slot *pci_slot_find(uint32_t function);

/* The same, which takes it in; null if it is not there, or has no room, so that root has it not. */
struct pci_slot *pci_slot_open(uint32_t function);

/*
 * Is it the cell's to use? To be asked with the slot's lock held, and nothing done without it. When
 * the cell's run has ended its devices stay quiet.
 */
bool pci_is_own(const struct cell *cell, const struct pci_slot *slot);

/* All functions, as hardware has them. */
extern const struct pci_machine pci_machine;

/* How the function's registers are read, for the policy. */
struct pci_reader pci_reader_of(uint32_t *function);

/* What the cell reads; all ones of what is not its own. */
uint32_t pci_read(const struct cell *cell, const struct pci_register *reg, uint32_t width);

/* False: it wanted something that it may not, which is a fault. What it may is carried out. */
bool pci_write(const struct cell *cell, const struct pci_register *reg, uint32_t width,
	       uint32_t value);

/*
 * pci_judge.c: refuses if a message of root's in force goes to a CPU that root has lost to the new
 * cell. A slice of it; `*done` when that was the last one.
 */
bool pci_judge_root(struct cell *cell, bool *done, struct bh_refusal *refusal);

#endif
