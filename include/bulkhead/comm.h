/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The communication page: one page that a cell and the hypervisor share, where a region of kind
 * "comm" puts it, and the state in which a cell's first CPU starts. The hypervisor fills the page
 * anew at every start and never trusts what it reads from it.
 *
 * Start of the first CPU, unless the cell asks for the reset vector: 32-bit protected mode, paging
 * off, interrupts off; CS, SS, DS, ES, FS, GS flat (base 0, limit 4 GiB), GDTR and IDTR with limit
 * 0; EIP = entry, EFLAGS = 2, EAX = BH_BOOT_MAGIC, EBX = guest-physical address of this page or 0,
 * all other registers 0. Its other CPUs wait for INIT and SIPI from the first one. Every local APIC
 * is as after reset, in xAPIC mode.
 *
 * Shutdown: root sets `command` to BH_COMM_SHUTDOWN; the cell answers in `reply`. After
 * BH_COMM_ACCEPTED it ends itself with BH_HYPERCALL_EXIT when it is ready; after BH_COMM_REFUSED it
 * goes on, and `command` goes back to 0. For a cell without this page, or that does not answer, the
 * request runs out of time.
 */
#ifndef BULKHEAD_COMM_H
#define BULKHEAD_COMM_H

#include <bulkhead/config.h>
#include <bulkhead/types.h>

#define BH_BOOT_MAGIC 0x6c6c6562u
#define BH_COMM_MAGIC "BULKCOMM" /* eight bytes, no terminator */

enum bh_comm_command {
	BH_COMM_NONE = 0,
	BH_COMM_SHUTDOWN = 1,
};

enum bh_comm_reply {
	BH_COMM_NO_REPLY = 0,
	BH_COMM_ACCEPTED = 1,
	BH_COMM_REFUSED = 2,
};

struct bh_comm {
	/* Written by the hypervisor before the cell starts. */
	uint8_t magic[8];
	uint32_t abi_version;
	uint32_t cell;               /* its id */
	char name[BH_NAME_SIZE];
	uint32_t tsc_khz;            /* 0: unknown */
	uint32_t cpu_count;
	uint32_t apic_ids[64];       /* the first CPU's, then the others' */
	struct bh_console console;   /* the UART of the cell's own, if it has one */
	uint32_t flags;              /* bits of enum bh_cell_flag */
	uint32_t starts;             /* how often the cell was started before */
	/* Written by the hypervisor while the cell runs. */
	uint32_t command;            /* enum bh_comm_command */
	/* Written by the cell. */
	uint32_t reply;              /* enum bh_comm_reply */
	uint32_t message;            /* state for people and programs, a number of the cell's own */
	uint32_t reserved;
	uint64_t heartbeats;         /* shown by `cell show`; counted up by the cell if it likes */
	/* Written by the hypervisor before the cell starts: enum bh_backend; see call.h. */
	uint32_t backend;
	uint32_t reserved2;
};

_Static_assert(sizeof(struct bh_comm) <= BH_PAGE_SIZE, "one page");

#endif
