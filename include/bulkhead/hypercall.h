/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hypercalls: VMCALL with the number in RAX, arguments in RDI, RSI, RDX; the result comes back in
 * RAX, negative numbers are enum bh_hypercall_error. All other registers keep their values. Only
 * code at privilege level 0 may call; elsewhere VMCALL raises #UD. The calls below are root's.
 *
 * A guest finds the hypervisor by CPUID: leaf 1 ECX bit 31, then leaf 0x40000000 with the signature
 * BH_CPUID_SIGNATURE in EBX, ECX, EDX.
 */
#ifndef BULKHEAD_HYPERCALL_H
#define BULKHEAD_HYPERCALL_H

#include <bulkhead/types.h>

#define BH_CPUID_LEAF      0x40000000u
#define BH_CPUID_SIGNATURE "BulkheadCell" /* twelve bytes */

enum bh_hypercall {
	BH_HYPERCALL_VERSION = 0, /* returns BH_ABI_VERSION; does nothing else */
	/* rdi = enum bh_read, rsi = position, rdx = guest-physical page */
	BH_HYPERCALL_READ = 1,
	BH_HYPERCALL_LEAVE = 2,   /* this CPU goes back to bare metal */
	/* rdi = CPU that Linux holds offline: it goes back to bare metal */
	BH_HYPERCALL_EVICT = 3,
	BH_HYPERCALL_PANIC = 4,   /* test builds: a fault inside the hypervisor */
};

enum bh_hypercall_error {
	BH_ERROR_NUMBER = -1,   /* no such call */
	BH_ERROR_ARGUMENT = -2, /* an argument out of its range */
	BH_ERROR_MEMORY = -3,   /* the page is not the caller's, or not writable */
	BH_ERROR_DENIED = -4,   /* not for this cell */
	BH_ERROR_TIMEOUT = -5,  /* the other CPU did not answer */
};

/* What BH_HYPERCALL_READ copies into the page; it returns the number of bytes. */
enum bh_read {
	BH_READ_INFO = 0,   /* struct bh_info; position is 0 */
	BH_READ_LOG = 1,    /* struct bh_chunk and log bytes from position on */
	/* struct bh_chunk and struct bh_fault[] from sequence number position on */
	BH_READ_FAULTS = 2,
	/* struct bh_cpu_info; position is the CPU's index, 0 to info.cpus - 1 */
	BH_READ_CPU = 3,
};

struct bh_info {
	uint32_t abi_version;
	uint32_t cpus;
	uint32_t cells;          /* root included */
	uint32_t on_fault;       /* root's policy */
	uint64_t pages_total;    /* of hypervisor memory */
	uint64_t pages_used;     /* of all kinds */
	uint64_t pool_total;     /* pages of the page pool */
	uint64_t pool_used;
	uint64_t tables_host;    /* pages of the hypervisor's own tables */
	uint64_t tables_root;    /* pages of root's second-level tables */
	uint64_t log_written;
	uint64_t faults_recorded;
	uint64_t faults_counted[16]; /* by enum bh_fault_kind */
	char build[32];
	char board[32];
};

struct bh_chunk {
	/* position of the first item here: later than asked for where the ring moved on */
	uint64_t first;
	uint64_t next;  /* position to ask for next */
	uint64_t count; /* items that follow: bytes of log, or records */
};

/* Why a cell left guest mode, in the words of people; one counter each. */
#define BH_EXIT_REASONS 80
struct bh_cpu_info {
	uint32_t cpu;     /* Linux's number */
	uint32_t apic_id;
	uint32_t cell;
	uint32_t vpid;
	uint32_t stopped; /* 1: stopped for a fault; 2: panicked */
	uint32_t x2apic;
	uint64_t eptp;
	uint64_t exits;   /* all */
	/* by the processor's basic exit reason; SDM vol. 3, appendix C */
	uint64_t by_reason[BH_EXIT_REASONS];
};

#endif
