/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between the core and a vendor's backend: everything that the core asks of the
 * processor's virtualisation. Exits do not come this way; a backend serves them with core and
 * model.
 */
#ifndef CORE_BACKEND_H
#define CORE_BACKEND_H

#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "core/cpu.h"

struct backend {
	enum bh_backend kind; /* what else is known of it beforehand: backend_kinds */

	/* Is this the processor's vendor? Asked before anything else. */
	bool (*is_present)(void);

	/* The largest number that tells one virtual CPU's translations from another's. */
	uint32_t (*vpid_max)(void);

	/*
	 * The stretch of code between the last look at cpu->events and the guest, and where to go
	 * on, with RSP at the struct cpu, after an NMI in it: the look is taken again.
	 */
	const uint8_t *critical, *critical_end, *again;

	/* Makes the calling CPU a guest; it returns only, and false, if that is refused. */
	bool (*enter)(struct cpu *cpu, struct bh_refusal *refusal);

	/* The calling CPU goes back to bare metal, where its guest is. */
	__attribute__((noreturn)) void (*leave)(struct cpu *cpu);

	/*
	 * The cell's page at that guest-physical address through a window, or null: not its own,
	 * not writable, or not RAM. The caller closes the window.
	 */
	void *(*open_page)(struct cpu *cpu, gpa_t page);

	/* What identifies the cell's map to the processor. */
	uint64_t (*map_pointer)(const struct cell *cell);

	/*
	 * The calling CPU, of whose guest an exit is being served, stops: its registers are kept in
	 * cpu->registers, it halts until an event. When the handler returns it is halted.
	 */
	void (*park)(struct cpu *cpu);

	/*
	 * An interrupt that has arrived is taken now, and dropped; NMIs are taken too, if they wait
	 * for the hypervisor to be left.
	 */
	void (*take_interrupts)(void);

	/* Drops what the calling CPU's TLB holds of the map of its own cell. */
	void (*invalidate_map)(struct cpu *cpu);
};

/* The one of this processor, from hypervisor_start() on. */
extern const struct backend *backend;

extern const struct backend vmx_backend, svm_backend;

#endif
