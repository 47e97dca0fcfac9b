/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fault record: what a cell tried beyond its walls. The first fault of each kind and place is
 * recorded, and each that stops the cell; further ones are counted.
 */
#ifndef BULKHEAD_FAULT_H
#define BULKHEAD_FAULT_H

#include <bulkhead/config.h>
#include <bulkhead/types.h>

enum bh_fault_kind {
	BH_FAULT_NONE = 0,
	BH_FAULT_MEMORY = 1,       /* second-level violation: place = guest-physical address */
	/* second-level table misconfigured: place = guest-physical address */
	BH_FAULT_MISCONFIG = 2,
	BH_FAULT_PORT = 3,         /* place = port */
	BH_FAULT_MSR = 4,          /* place = MSR number */
	BH_FAULT_INSTRUCTION = 5,  /* place = exit reason */
	BH_FAULT_CONTROL = 6,      /* control register bit or APIC base: place = register number */
	BH_FAULT_INTERRUPT = 7,    /* IPI to a CPU of another cell: place = destination APIC id */
	BH_FAULT_APIC = 8,         /* misuse of the local APIC's registers: place = offset */
	BH_FAULT_TRIPLE = 9,       /* triple fault: place = RIP */
	/*
	 * a fault while an event was delivered: place = guest-physical address, or of an exception
	 * (access = 0) RIP
	 */
	BH_FAULT_DELIVERY = 10,
	BH_FAULT_HYPERCALL = 11,   /* misuse of a hypercall: place = its number */
	BH_FAULT_EXIT = 12,        /* an exit nobody expects: place = exit reason */
	/*
	 * PCI: place = BH_PCI_PLACE(): a write to configuration space that no policy allows, or an
	 * MSI that would leave the cell, in configuration space or in an MSI-X table
	 */
	BH_FAULT_PCI = 13,
	/* IOAPIC: place = global system interrupt: a pin or entry that is not the cell's */
	BH_FAULT_PIN = 14,
	/*
	 * a device's request that its IOMMU stopped: place = address that the device used, or 0 of
	 * an interrupt (access = 0); qualification = the device (iommu.h); exit_reason = the
	 * unit's, which is of the kind `backend`
	 */
	BH_FAULT_DMA = 15,
	/*
	 * an error of the machine that this CPU cannot go on from: place = the bank that tells of
	 * it, value = its status; or BH_CHECK_NO_BANK
	 */
	BH_FAULT_CHECK = 16,
	BH_FAULT_KINDS
};

/* A register of a function; in an MSI-X table BH_PCI_IN_MSIX is set beside its offset there. */
#define BH_PCI_PLACE(function, offset) ((uint64_t)(function) << 16 | (offset))
#define BH_PCI_IN_MSIX                 0x8000u

#define BH_CHECK_NO_BANK 0xffu

#define BH_FAULT_HAS_LINEAR  (1u << 0) /* linear is valid */
#define BH_FAULT_HAS_VALUE   (1u << 1) /* value is valid (writes) */
#define BH_FAULT_HAS_REGION  (1u << 2) /* region is valid */
#define BH_FAULT_STOPPED     (1u << 3) /* the cell (or this CPU) was stopped for it */
#define BH_FAULT_REGION_RAM  (1u << 4) /* the region is RAM */
#define BH_FAULT_REGION_DMA  (1u << 5) /* devices of the cell reach the region */

struct bh_fault {
	uint64_t sequence; /* counts from 1 since enable */
	uint64_t tsc;
	uint32_t kind;     /* enum bh_fault_kind */
	uint32_t cell;     /* 0 is root */
	uint32_t cpu;      /* Linux's number */
	uint32_t flags;    /* BH_FAULT_* */
	uint32_t access;   /* bits of enum bh_access: what was tried */
	uint32_t size;     /* bytes of the access, 0 unknown */
	uint64_t place;    /* see the kind */
	uint64_t linear;
	uint64_t value;
	uint64_t qualification; /* the processor's exit qualification or EXITINFO1, as it is */
	uint64_t rip;
	uint64_t cr3;
	uint32_t mode;          /* code width in bits: 16, 32 or 64 */
	uint32_t cpl;
	uint8_t bytes[15];      /* of the instruction, where it could be read */
	uint8_t byte_count;
	uint32_t exit_reason;   /* basic exit reason or exit code */
	uint32_t region;        /* index of the nearest region of the cell */
	uint64_t distance;      /* bytes from that region to the place */
	/* A record outlives its cell, so it carries what a reader would look up. */
	uint64_t region_at;
	uint64_t region_size;
	uint32_t region_access;
	/* enum bh_backend, of a device's enum bh_iommu_kind: whose exit reason it is */
	uint32_t backend;
	char region_name[BH_NAME_SIZE];
	char cell_name[BH_NAME_SIZE];
};

#endif
