/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's calls on /dev/bulkhead. Each carries a refusal: if it is not empty the call was
 * refused and the text says why; the return value is then -1 with errno set as well. It changed
 * nothing then, but for what Documentation/driver.md says.
 */
#ifndef BULKHEAD_IOCTL_H
#define BULKHEAD_IOCTL_H

#include <bulkhead/hypercall.h>
#include <bulkhead/manage.h>
#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

#define BH_DEVICE "/dev/bulkhead"

struct bh_ioctl_enable {
	uint64_t config; /* user address of the blob */
	uint64_t config_size;
	struct bh_refusal refusal;
};

struct bh_ioctl_disable {
	uint64_t force; /* 1: destroys all cells first, running ones too, unless one is locked */
	struct bh_refusal refusal;
};

/* One chunk of what enum bh_read names, as the hypercall of that name fills a page. */
struct bh_ioctl_read {
	uint32_t what; /* enum bh_read */
	uint32_t size; /* out: bytes of buffer that are valid */
	uint64_t position;
	uint64_t buffer; /* user address of 4096 bytes */
	struct bh_refusal refusal;
};

/*
 * The log ring as it lies in reserved memory while the hypervisor is not enabled: of an earlier
 * enable, or of the time before a warm reset. Where start is 0 it is the memory of this boot's last
 * enable.
 */
struct bh_ioctl_last {
	uint64_t start; /* hypervisor memory, from the board file; or 0 */
	uint64_t size;
	uint64_t position; /* as BH_READ_LOG */
	uint64_t buffer;   /* user address of 4096 bytes: struct bh_chunk and log bytes */
	struct bh_refusal refusal;
};

/*
 * Takes the cell's devices and its CPUs, at full performance, from Linux and creates the cell;
 * where it is refused they go back, but for those that the refusal names.
 */
struct bh_ioctl_cell_create {
	uint64_t config; /* user address of the cell's blob */
	uint64_t config_size;
	uint32_t cell;   /* out: its id */
	uint32_t reserved;
	struct bh_refusal refusal;
};

/* Copies data into the cell; any size, in slices. */
struct bh_ioctl_cell_load {
	uint32_t cell;
	uint32_t has_entry; /* 1: `entry` is where the cell starts */
	uint64_t entry;
	uint64_t at;        /* guest-physical address in the cell */
	uint64_t data;      /* user address */
	uint64_t size;
	struct bh_refusal refusal;
};

/* Copies memory of a cell that does not run to user memory. */
struct bh_ioctl_cell_memory {
	uint32_t cell;
	uint32_t reserved;
	uint64_t at;
	uint64_t data;
	uint64_t size;
	struct bh_refusal refusal;
};

struct bh_ioctl_cell_start {
	uint32_t cell;
	uint32_t reserved;
	struct bh_refusal refusal;
};

/* Asks the cell and waits; where that is in vain it goes on, unless force is 1. */
struct bh_ioctl_cell_shutdown {
	uint32_t cell;
	uint32_t force;      /* 1: stopped without being asked */
	uint64_t timeout_ms; /* 0: 5000 */
	struct bh_refusal refusal;
};

/* A running cell is shut down first, as above; then its CPUs go back to Linux. */
struct bh_ioctl_cell_destroy {
	uint32_t cell;
	uint32_t force;
	uint64_t timeout_ms;
	struct bh_refusal refusal;
};

#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define BH_IOCTL_ENABLE  _IOWR('B', 0, struct bh_ioctl_enable)
#define BH_IOCTL_DISABLE _IOWR('B', 1, struct bh_ioctl_disable)
#define BH_IOCTL_READ    _IOWR('B', 2, struct bh_ioctl_read)
#define BH_IOCTL_LAST    _IOWR('B', 3, struct bh_ioctl_last)
#define BH_IOCTL_CELL_CREATE   _IOWR('B', 4, struct bh_ioctl_cell_create)
#define BH_IOCTL_CELL_LOAD     _IOWR('B', 5, struct bh_ioctl_cell_load)
#define BH_IOCTL_CELL_MEMORY   _IOWR('B', 6, struct bh_ioctl_cell_memory)
#define BH_IOCTL_CELL_START    _IOWR('B', 7, struct bh_ioctl_cell_start)
#define BH_IOCTL_CELL_SHUTDOWN _IOWR('B', 8, struct bh_ioctl_cell_shutdown)
#define BH_IOCTL_CELL_DESTROY  _IOWR('B', 9, struct bh_ioctl_cell_destroy)

/* poll() on the device: readable when there are fault records or state changes not yet read. */

#endif
