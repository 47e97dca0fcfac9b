/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The binary form of a board's configuration ("the blob"), as `bulkhead config compile` writes it
 * and driver and hypervisor read it: versioned, bounded, checksummed, little-endian, without
 * pointers.
 *
 *   struct bh_config_header
 *   struct bh_board
 *   struct bh_range    pools[board.pool_count]       memory set aside for cells
 *   struct bh_region   regions[root.region_count]    root's memory
 *   struct bh_ports    ports[root.port_count]
 *   struct bh_msrs     msrs[root.msr_count]
 *
 * in this order, without gaps; header.size is the exact sum. Unused bytes are zero.
 */
#ifndef BULKHEAD_CONFIG_H
#define BULKHEAD_CONFIG_H

#include <bulkhead/types.h>

#define BH_CONFIG_MAGIC    "BULKHEAD" /* eight bytes, no terminator */
#define BH_CONFIG_VERSION  1
#define BH_CONFIG_MAX_SIZE (64 * 1024)
#define BH_NAME_SIZE       32 /* with the terminating zero */
#define BH_CPU_WORDS       4
#define BH_MAX_CPUS        (64 * BH_CPU_WORDS)
#define BH_MAX_POOLS       16
#define BH_MAX_REGIONS     256
#define BH_MAX_PORTS       256
#define BH_MAX_MSRS        64

struct bh_config_header {
	uint8_t magic[8];
	uint32_t version;
	uint32_t size;  /* of the whole blob in bytes */
	uint32_t crc32; /* IEEE CRC-32 of the whole blob with this field zero */
	uint32_t reserved;
};

struct bh_range {
	uint64_t start;
	uint64_t size;
};

enum bh_console_type {
	BH_CONSOLE_NONE = 0,
	BH_CONSOLE_8250_PORT = 1,
	BH_CONSOLE_8250_MMIO = 2,
};

struct bh_console {
	uint32_t type;    /* enum bh_console_type */
	uint32_t stride;  /* bytes from one register to the next: 1 or 4 */
	uint64_t address; /* first port, or physical address */
	uint32_t divisor; /* of the 115200 baud clock; 0 leaves the UART's setting alone */
	uint32_t reserved;
};

enum bh_fault_policy {
	BH_ON_FAULT_REPORT = 0, /* reads give all ones, writes are dropped, the cell goes on */
	BH_ON_FAULT_STOP = 1,   /* the cell's CPUs stop at the first fault */
};

enum bh_access {
	BH_ACCESS_READ = 1 << 0,
	BH_ACCESS_WRITE = 1 << 1,
	BH_ACCESS_EXECUTE = 1 << 2,
};

enum bh_region_kind {
	BH_REGION_RAM = 0,    /* write-back */
	BH_REGION_DEVICE = 1, /* uncached */
};

struct bh_region {
	char name[BH_NAME_SIZE];
	uint64_t phys; /* host-physical start */
	uint64_t at;   /* guest-physical start; equal to phys in the root cell */
	uint64_t size;
	uint32_t access; /* bits of enum bh_access */
	uint32_t kind;   /* enum bh_region_kind */
};

struct bh_ports {
	uint16_t first;
	uint16_t last; /* inclusive */
	uint32_t reserved;
};

/* MSRs a cell may read and write directly beyond the built-in policy. */
struct bh_msrs {
	uint32_t first;
	uint32_t last; /* inclusive */
};

/* What one cell consists of; its arrays follow the board's. */
struct bh_cell {
	char name[BH_NAME_SIZE];
	uint64_t cpus[BH_CPU_WORDS]; /* by Linux's numbers; root: all CPUs of the board */
	uint32_t on_fault;           /* enum bh_fault_policy */
	uint32_t region_count;
	uint32_t port_count;
	uint32_t msr_count;
};

/*
 * Failures that a hypervisor built with test devices brings about on request (0 everywhere: none).
 */
enum bh_test_stage {
	BH_TEST_NONE = 0,
	BH_TEST_FEATURES = 1, /* the feature check of that CPU fails */
	BH_TEST_VMXON = 2,    /* VMXON fails there */
	BH_TEST_ENTRY = 3,    /* its first VM entry fails */
	BH_TEST_PANIC = 4,    /* a fault inside the hypervisor, at the first "panic" hypercall */
};

struct bh_test {
	uint32_t stage; /* enum bh_test_stage */
	uint32_t cpu;   /* Linux's number */
};

#define BH_BOARD_PAGES_1G (1u << 0) /* the board's processor has 1 GiB EPT pages */

struct bh_board {
	char name[BH_NAME_SIZE];
	struct bh_range hypervisor; /* memory reserved for the hypervisor; start 2 MiB aligned */
	struct bh_console console;
	uint32_t physical_bits; /* physical-address width of the processor, 32 to 52 */
	uint32_t flags;         /* BH_BOARD_* */
	struct bh_test test;
	uint32_t pool_count;
	uint32_t reserved;
	struct bh_cell root;
};

/* The page of the local APIC in xAPIC mode; it belongs to the hypervisor on every board. */
#define BH_APIC_BASE 0xfee00000ULL

#endif
