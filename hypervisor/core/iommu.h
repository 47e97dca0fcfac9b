/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between the core and the drivers of IOMMUs (x86/iommu): which cell a device's DMA
 * and interrupts belong to. Devices are told by BH_PCI_ADDRESS(). A hypervisor built without
 * drivers has the same functions: it refuses boards with IOMMUs, and devices for cells.
 *
 * Every device is root's in the beginning, and reaches root's memory only; ids around those that
 * cells may have are nobody's (model/iommu_strays.h). One that a cell is to have is blocked while
 * it changes hands:
 *
 *   root ── iommu_block() ── scrub, reset ── iommu_give(cell) ── iommu_block() ── iommu_give(root)
 *
 * Tables that devices go by never change while one does: a cell's are complete before it is given
 * any, root's before its units are started. So units forget what they know of a device only where
 * it changes hands, and where one does not look into caches they are written back once, when they
 * are built.
 */
#ifndef CORE_IOMMU_H
#define CORE_IOMMU_H

#include <bulkhead/iommu.h>
#include <bulkhead/manage.h>
#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "model/interrupt_target.h"
#include "model/msi_message.h"

/*
 * Takes the units of the board: from then on no device reaches memory that is not root's. Once,
 * when root's map is built. Refuses, with nothing changed, what is not there, what cannot do what
 * the board says, and what Linux uses in another way than the board says.
 */
bool iommu_start(struct bh_refusal *refusal);

/*
 * Gives them back as Linux had them. May be called when nothing was started. False if one did not
 * do as it was told, which the log tells more of: it may go by tables of the hypervisor's for ever.
 */
bool iommu_stop(void);

/*
 * The tables for a cell's devices, from that memory, exactly as predicted; none if shared. The map
 * of the cell is complete, and does not change any more.
 */
bool iommu_build(struct cell *cell, const struct pt_memory *memory, struct bh_refusal *refusal);

/*
 * Holds the tables that the cell's devices go by, root's too, against what they may reach (I1).
 * Where a cell has its processor's map for them, that is audited as such.
 */
bool iommu_audit(const struct cell *cell, struct bh_refusal *refusal);

/* Is the device behind a unit at all? What is not cannot be kept from anything. */
bool iommu_has(uint32_t address);

/* Is the function a unit itself, which the hypervisor alone writes to? */
bool iommu_is_unit(uint32_t address);

/* The device reaches nothing and interrupts nobody, when this returns. */
bool iommu_block(uint32_t address, struct bh_refusal *refusal);

/*
 * The device is the cell's, or root's. Its interrupts reach nobody until they have routes. One that
 * made its cell stop is blocked, and has to be given again before that cell's next start.
 */
bool iommu_give(uint32_t address, struct cell *cell, struct bh_refusal *refusal);

/*
 * Interrupt `index`, below IOMMU_ROUTES, of a device that a cell has becomes that one, of null
 * none; the caller has seen to it that the target is the cell's. Refuses for units that do not
 * remap.
 */
bool iommu_route(uint32_t address, uint32_t index, const struct interrupt_target *target,
		 struct msi_message *message, struct bh_refusal *refusal);

/*
 * The rest of what follows is of boards whose units Linux remaps its interrupts by: so many entries
 * of a unit's table are Linux's own, 0 on other boards.
 */
uint32_t iommu_linux_entries(void);

/* After CPUs have changed hands: refuses if one of these reaches one that root lost. */
bool iommu_judge_root(struct bh_refusal *refusal);

/* A register of such a unit, for an access of root's: 4 or 8 bytes, aligned; and the access. */
bool iommu_register_find(uint64_t at, uint32_t size, uint32_t *number);
uint64_t iommu_register_read(uint32_t number, uint64_t at, uint32_t size);
void iommu_register_write(uint32_t number, uint64_t at, uint32_t size, uint64_t value);

/* IOAPICs of the board by their numbers there; once each. Refuses one that no unit names. */
bool iommu_pins_open(uint32_t ioapic, uint32_t id, struct bh_refusal *refusal);

/*
 * A pin that a cell has interrupts as told, of null not at all, as soon as its IOAPIC holds that
 * value, unmasked; false if the unit does not answer. Only where iommu_linux_entries() is not 0.
 */
struct iommu_line {
	struct interrupt_target target;
	bool is_low; /* what it interrupts at */
};
bool iommu_pin_route(uint32_t ioapic, uint32_t pin, const struct iommu_line *line,
		     uint64_t *value);

/*
 * Reads what units have recorded, into the fault log. Whoever looks at the log calls it first: not
 * all units can tell by themselves.
 */
void iommu_poll(void);

/*
 * The same when Linux's CPU 0, to which units send their NMIs, was sent one: true if it was theirs.
 * Where devices cause too many, units are silent until somebody calls iommu_poll().
 */
bool iommu_interrupted(void);

/*
 * For debug builds: what the first unit finds in its tables for a requester id, and behind the last
 * id its control register, if it is AMD-Vi's; false if there is no unit, or no such id.
 */
bool iommu_debug_entry(uint64_t source, struct bh_device_entry *entry);

/*
 * For tests: a table of the first unit, which is sealed. 0 is that of root's memory, 1 the one that
 * says which devices of cells are in which domain, 2 the interrupts', 3 a part of the one of all
 * devices that no cell's is in; at 0 where there is none.
 */
hpa_t iommu_test_table(uint64_t number);

#endif
