/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls: VMCALL, on processors with SVM VMMCALL, with the number in RAX, arguments in RDI,
 * RSI, RDX; the result comes back in RAX, negative numbers are enum bh_hypercall_error. All other
 * registers keep their values. Only code at privilege level 0 may call; elsewhere the instruction
 * raises #UD. Code of 32 bits uses EAX, EDI, ESI and EDX the same way.
 *
 * A guest finds the hypervisor by CPUID: leaf 1 ECX bit 31, then leaf 0x40000000 with the signature
 * BH_CPUID_SIGNATURE in EBX, ECX, EDX.
 *
 * A call that is not the caller's to make returns BH_ERROR_DENIED; in a cell it is a fault too.
 */
#ifndef BULKHEAD_HYPERCALL_H
#define BULKHEAD_HYPERCALL_H

#include <bulkhead/types.h>

#define BH_CPUID_LEAF      0x40000000u
#define BH_CPUID_SIGNATURE "BulkheadCell" /* twelve bytes */

enum bh_hypercall {
	/* Everybody's. Returns BH_ABI_VERSION; does nothing else. */
	BH_HYPERCALL_VERSION = 0,

	/* Root's. */
	/* rdi = enum bh_read, rsi = position, rdx = guest-physical page */
	BH_HYPERCALL_READ = 1,
	BH_HYPERCALL_LEAVE = 2,   /* this CPU goes back to bare metal */
	/* rdi = CPU that Linux holds offline: it goes back to bare metal */
	BH_HYPERCALL_EVICT = 3,
	BH_HYPERCALL_PANIC = 4,   /* test builds: a fault inside the hypervisor */
	/* rdi = guest-physical page with a struct bh_request; returns enum bh_manage_result */
	BH_HYPERCALL_MANAGE = 5,
	/* returns and clears the bits of enum bh_event that came up; see there */
	BH_HYPERCALL_EVENTS = 6,

	/* Of cells other than root. */
	/* with BH_CELL_LOG_CONSOLE: rdi, rsi = text, first byte lowest, rdx = its 1 to 16 bytes */
	BH_HYPERCALL_CONSOLE = 7,
	/* rdi = exit code: the cell ends, all its CPUs stop; does not return */
	BH_HYPERCALL_EXIT = 8,
	/* rdi = enum bh_cell_item; returns its value */
	BH_HYPERCALL_INFO = 9,
};

enum bh_cell_item {
	BH_CELL_ITEM_ID = 0,
	BH_CELL_ITEM_CPUS = 1,    /* how many CPUs the cell has */
	BH_CELL_ITEM_COMM = 2,    /* guest-physical address of the communication page, 0: none */
	BH_CELL_ITEM_TSC_KHZ = 3, /* 0: unknown */
	BH_CELL_ITEM_EXITS = 4,   /* VM exits of the calling CPU since the cell's start */
	BH_CELL_ITEMS
};

/*
 * What root is told by an NMI to Linux's CPU 0, whose handler asks with BH_HYPERCALL_EVENTS; 0 says
 * that the NMI was another's.
 */
enum bh_event {
	BH_EVENT_FAULT = 1 << 0,   /* a new fault record */
	BH_EVENT_STATE = 1 << 1,   /* a cell changed its state by itself: failed, ended */
	BH_EVENT_NMI = 1 << 2,     /* no news, but it may have been one of the hypervisor's own */
};

enum bh_hypercall_error {
	BH_ERROR_NUMBER = -1,   /* no such call */
	BH_ERROR_ARGUMENT = -2, /* an argument out of its range */
	BH_ERROR_MEMORY = -3,   /* the page is not the caller's, or not writable */
	BH_ERROR_DENIED = -4,   /* not for this cell */
	BH_ERROR_TIMEOUT = -5,  /* the other CPU did not answer */
	BH_ERROR_REFUSED = -6,  /* MANAGE: the request's refusal says why */
};

/* What BH_HYPERCALL_READ copies into the page; it returns the number of bytes. */
enum bh_read {
	BH_READ_INFO = 0,   /* struct bh_info; position is 0 */
	BH_READ_LOG = 1,    /* struct bh_chunk and log bytes from position on */
	/* struct bh_chunk and struct bh_fault[] from sequence number position on */
	BH_READ_FAULTS = 2,
	/* struct bh_cpu_info; position is the CPU's index, 0 to info.cpus - 1 */
	BH_READ_CPU = 3,
	/* struct bh_cell_info of the cell with the lowest id from position on */
	BH_READ_CELL = 4,
	/* struct bh_chunk and bytes of a cell's blob; position is BH_READ_AT(id, first byte) */
	BH_READ_CONFIG = 5,
	/* struct bh_registers; position is the CPU's index; only while it is stopped */
	BH_READ_REGISTERS = 6,
	/*
	 * debug builds: struct bh_chunk and struct bh_leaf[] of a cell's second-level map as it is
	 * in memory; position is BH_READ_AT(id, first leaf)
	 */
	BH_READ_MAP = 7,
	/* debug builds: struct bh_chunk and struct bh_invalidation[] from position on */
	BH_READ_INVALIDATIONS = 8,
	/*
	 * debug builds: struct bh_chunk and struct bh_device_entry[], what the board's first IOMMU
	 * finds for the requester id `position` and for those behind it; behind the last id the
	 * first word is the control register of a unit of AMD-Vi
	 */
	BH_READ_DEVICE_ENTRIES = 9,
};

#define BH_READ_AT(id, first) ((uint64_t)(id) << 32 | (uint32_t)(first))

struct bh_info {
	uint32_t abi_version;
	uint32_t cpus;
	uint32_t cells;          /* root included */
	uint32_t on_fault;       /* root's policy */
	uint32_t backend;        /* enum bh_backend */
	uint32_t reserved;
	uint64_t pages_total;    /* of hypervisor memory */
	uint64_t pages_used;     /* of all kinds */
	uint64_t pool_total;     /* pages of the page pool */
	uint64_t pool_used;
	uint64_t tables_host;    /* pages of the hypervisor's own tables */
	uint64_t tables_root;    /* pages of root's second-level tables */
	uint64_t log_written;
	uint64_t faults_recorded;
	uint64_t faults_counted[24]; /* by enum bh_fault_kind */
	char build[32];
	char board[32];
};

struct bh_chunk {
	/* position of the first item here: later than asked for where the ring moved on */
	uint64_t first;
	uint64_t next;  /* position to ask for next */
	uint64_t count; /* items that follow: bytes of log, or records */
};

/*
 * Why a CPU left guest mode; one counter each. Of VMX, by basic exit reason (SDM vol. 3, appendix
 * C). Of SVM, by exit code less BH_EXIT_SVM_FIRST (APM vol. 2, appendix C); what is below that or
 * too far above it, nested page faults with it, is counted by the last one.
 */
#define BH_EXIT_REASONS   128
#define BH_EXIT_SVM_FIRST 0x40
#define BH_EXIT_SVM_OTHER (BH_EXIT_REASONS - 1)
struct bh_cpu_info {
	uint32_t cpu;     /* Linux's number */
	uint32_t apic_id;
	uint32_t cell;
	uint32_t vpid;    /* or ASID */
	/* 1: stopped for a fault; 2: panicked; 3: its APIC cannot go back to bare metal */
	uint32_t stopped;
	uint32_t x2apic;
	uint64_t eptp;    /* or nCR3 */
	uint64_t exits;   /* all */
	uint64_t by_reason[BH_EXIT_REASONS];
};

#endif
