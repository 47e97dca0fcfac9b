/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How root manages cells: the request that BH_HYPERCALL_MANAGE carries, the life of a cell, and
 * what can be read about one. The driver makes these requests for the tool's ioctls.
 *
 * No request holds the calling CPU for long: where the result is BH_MANAGE_MORE, the request has
 * to be repeated (CREATE and DESTROY: with BH_CELL_CONTINUE) until it is BH_MANAGE_DONE.
 */
#ifndef BULKHEAD_MANAGE_H
#define BULKHEAD_MANAGE_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

/*
 *   (nothing) --CREATE--> SCRUBBING --CONTINUE--> CREATED --START--> RUNNING
 *                                                    ^                |  |  \
 *                            LOAD, ENTRY: here and   |    EXIT, STOP -+  |   fault
 *                            in both end states      |                v  |    v
 *                                                 START again: SHUT_DOWN | FAILED
 *                                                                        |
 *   (nothing) <--CONTINUE-- ENDING <--DESTROY-- any but SCRUBBING and ENDING
 */
enum bh_cell_state {
	BH_CELL_SCRUBBING = 1, /* being created: its memory is being scrubbed */
	BH_CELL_CREATED = 2,
	BH_CELL_RUNNING = 3,
	BH_CELL_SHUT_DOWN = 4, /* ended by itself, or stopped by root */
	/* stopped for a fault; or not created to the end, and then it can only be destroyed */
	BH_CELL_FAILED = 5,
	BH_CELL_ENDING = 6,    /* being destroyed: its memory is being scrubbed */
};

enum bh_operation {
	/*
	 * data = blob; the cell's CPUs are offline in Linux. Out: cell, its id; with a refusal 0,
	 * or that of a cell that stays nevertheless, to be destroyed: a CPU did not answer
	 */
	BH_CELL_CREATE = 1,
	BH_CELL_CONTINUE = 2,
	BH_CELL_LOAD = 3,    /* data goes to `at` of the cell, in loadable regions */
	BH_CELL_ENTRY = 4,   /* at = where START begins */
	BH_CELL_START = 5,
	BH_CELL_ASK = 6,     /* asks by the communication page for its shutdown; value = command */
	BH_CELL_STOP = 7,    /* all its CPUs stop now */
	BH_CELL_DESTROY = 8, /* not while it runs */
	BH_CELL_MEMORY = 9,  /* data is read from `at` of a cell that does not run */
};

enum bh_manage_result {
	BH_MANAGE_DONE = 0,
	BH_MANAGE_MORE = 1,
	/* negative: enum bh_hypercall_error, and the request's refusal says why */
};

#define BH_REQUEST_PAGES 16

struct bh_request {
	uint32_t operation; /* enum bh_operation */
	uint32_t cell;      /* its id */
	uint64_t at;        /* guest-physical address in the cell */
	uint64_t size;      /* bytes of data */
	/* out with BH_MANAGE_MORE: milliseconds before asking again is of use */
	uint64_t value;
	/* the data lies in these pages of root, from the first one's first byte on */
	uint64_t pages[BH_REQUEST_PAGES];
	struct bh_refusal refusal; /* out */
};

struct bh_cell_info {
	uint32_t id;    /* counts up since enable; never used again */
	uint32_t state; /* enum bh_cell_state; root: RUNNING */
	char name[BH_NAME_SIZE];
	uint64_t cpus[BH_CPU_WORDS];
	uint32_t on_fault;
	uint32_t flags;       /* bits of enum bh_cell_flag */
	uint64_t entry;
	uint64_t eptp;
	uint64_t pages;       /* of hypervisor memory that the cell takes, all kinds */
	uint64_t tables;      /* of these: second-level tables */
	uint64_t memory;      /* bytes of its RAM */
	uint64_t config_size; /* bytes of its blob */
	uint64_t exit_code;   /* of BH_HYPERCALL_EXIT */
	uint64_t starts;
	uint64_t comm;        /* guest-physical address of the communication page, 0: none */
	uint64_t heartbeats;  /* from that page, as are the rest */
	uint32_t command;
	uint32_t reply;
	uint32_t message;
	uint32_t reserved;
	uint64_t faults_counted[24]; /* by enum bh_fault_kind */
};

/* A virtual CPU's registers when it stopped. */
struct bh_segment {
	uint64_t base;
	uint32_t limit;
	uint32_t rights; /* as in the VMCS (SDM vol. 3C, 24.4.1) */
	uint64_t selector;
};

struct bh_registers {
	uint64_t gprs[16]; /* rax rcx rdx rbx rsp rbp rsi rdi r8 ... r15 */
	uint64_t rip, rflags;
	uint64_t cr0, cr2, cr3, cr4, efer, dr7;
	struct bh_segment segments[8]; /* es cs ss ds fs gs ldtr tr */
	uint64_t gdtr_base, idtr_base;
	uint32_t gdtr_limit, idtr_limit;
	uint32_t cpu;      /* Linux's number */
	uint32_t cell;
	uint32_t waiting;  /* 1: never started, it waited for SIPI */
	uint32_t reserved;
};

/* A page or large page of a second-level map, as it is in memory. */
struct bh_leaf {
	uint64_t at;    /* guest-physical */
	uint64_t phys;
	uint64_t size;
	uint32_t access; /* bits of enum bh_access */
	uint32_t uncached;
};

/*
 * What an IOMMU goes by for one requester id, as it is in memory: VT-d's context entry (of legacy
 * mode two words), AMD-Vi's entry of the device table; zeros where a table above has none.
 */
struct bh_device_entry {
	uint64_t words[4];
};

/*
 * What a debug build records for each change that a TLB could have cached, and each invalidation:
 * every change must be followed by its invalidation on every CPU that runs the cell, before the
 * management call that caused it returns.
 */
enum bh_invalidation_kind {
	BH_INVALIDATE_CHANGE = 1, /* the map of `cell` lost or changed a mapping */
	BH_INVALIDATE_VPID = 2,   /* `cpu` gets a new owner or a new VPID: `cell` and `vpid` */
	BH_INVALIDATE_EPT = 3,    /* INVEPT done on `cpu` for `eptp` (0: all) */
	BH_INVALIDATE_INVVPID = 4, /* INVVPID done on `cpu` for `vpid` (0: all) */
	BH_INVALIDATE_RETURN = 5, /* a management call that changed something returned */
	BH_INVALIDATE_DEVICE = 6, /* the entry of the device that its unit sees as `vpid` changes */
	BH_INVALIDATE_UNIT = 7,   /* the unit has forgotten the entry of `vpid` and its pages */
	BH_INVALIDATE_UNIT_ALL = 8, /* those of all devices */
	/*
	 * `vpid` pages that a unit reads without looking into caches were written back: those from
	 * `eptp` on, or the tables of the map that begins there.
	 */
	BH_INVALIDATE_WRITTEN = 9,
};

struct bh_invalidation {
	uint64_t sequence;
	uint32_t kind;
	uint32_t cpu; /* Linux's number */
	uint32_t cell;
	uint32_t vpid;
	uint64_t eptp;
};

#endif
