/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The binary form of a configuration ("the blob"), as `bulkhead config compile` writes it and
 * driver and hypervisor read it: versioned, bounded, checksummed, little-endian, without pointers.
 *
 *   a board                                          a cell
 *
 *   struct bh_config_header "BULKHEAD"               struct bh_config_header "BULKCELL"
 *   struct bh_board                                  struct bh_cell
 *   struct bh_range   pools[board.pool_count]
 *   struct bh_ioapic  ioapics[board.ioapic_count]
 *   struct bh_device  devices[board.device_count]
 *   struct bh_region  regions[root.region_count]     struct bh_region regions[cell.region_count]
 *   struct bh_ports   ports[root.port_count]         struct bh_ports  ports[cell.port_count]
 *   struct bh_msrs    msrs[root.msr_count]           struct bh_msrs   msrs[cell.msr_count]
 *   iommu_size bytes on IOMMUs, see iommu.h          struct bh_owned  devices[cell.device_count]
 *                                                    struct bh_irq    irqs[cell.irq_count]
 *
 * in this order, without gaps; header.size is the exact sum. Unused bytes are zero. Pools are the
 * memory set aside for cells; devices are the PCI functions that cells may have; regions, ports and
 * MSRs of a board are its root cell's.
 *
 * What a device has is written out twice, so that whoever goes by regions, ports and interrupts
 * need not know of devices: as the device of the board, and as regions and ports, lent in root and
 * owned in a cell. The tool writes both, and who takes a blob checks that they agree.
 */
#ifndef BULKHEAD_CONFIG_H
#define BULKHEAD_CONFIG_H

#include <bulkhead/types.h>

#define BH_CONFIG_MAGIC    "BULKHEAD" /* eight bytes, no terminator */
#define BH_CELL_MAGIC      "BULKCELL"
#define BH_CONFIG_VERSION  5
#define BH_CONFIG_MAX_SIZE (64 * 1024)
#define BH_NAME_SIZE       32 /* with the terminating zero */
#define BH_CPU_WORDS       4
#define BH_MAX_CPUS        (64 * BH_CPU_WORDS)
#define BH_MAX_POOLS       16
#define BH_MAX_REGIONS     256
#define BH_MAX_PORTS       256
#define BH_MAX_MSRS        64
#define BH_MAX_CELLS       32 /* at a time, root included */
#define BH_MAX_IOAPICS     16
#define BH_MAX_DEVICES     64
#define BH_MAX_IRQS        64 /* of a cell */
#define BH_BARS            6  /* of a function with a header of type 0 */

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
	/* the cell's communication page (comm.h): one page of the hypervisor's; phys is 0 */
	BH_REGION_COMM = 2,
};

/*
 * A shared region has the same name, place and size in every cell that has it, root included, and
 * is marked in each. Root's map holds it only while a cell shares it.
 *
 * A region that root lends is a cell's while that cell has a region of the same place and size:
 * gone from root's map meanwhile.
 */
enum bh_region_flag {
	BH_REGION_SHARED = 1 << 0,
	BH_REGION_LOADABLE = 1 << 1, /* cells: images may be loaded into it */
	BH_REGION_LENT = 1 << 2,     /* root: cells may have it */
	/* RAM: devices of the cell may read it, and write it if the cell may */
	BH_REGION_DMA = 1 << 3,
	BH_REGION_BAR = 1 << 4,      /* memory of a device of the board; lent in root */
	BH_REGION_MSIX = 1 << 5,     /* the pages of such a BAR that hold its MSI-X table */
	BH_REGION_HPET = 1 << 6,     /* cells: board.hpet; mapped to be read, writes are filtered */
};

/*
 * Regions of whole pages are mapped. A device's region may be smaller than a page, or begin or end
 * inside one: it is then not mapped at all, but served by trap and decode. So are the pages of an
 * MSI-X table, whoever has them.
 */
struct bh_region {
	char name[BH_NAME_SIZE];
	uint64_t phys; /* host-physical start */
	uint64_t at;   /* guest-physical start; equal to phys in the root cell */
	uint64_t size;
	uint32_t access; /* bits of enum bh_access */
	uint32_t kind;   /* enum bh_region_kind */
	uint32_t flags;  /* bits of enum bh_region_flag */
	uint32_t reserved;
};

/* Ports of a device of the board; root lends them as it lends its memory. */
#define BH_PORTS_BAR (1u << 0)

struct bh_ports {
	uint16_t first;
	uint16_t last;  /* inclusive */
	uint32_t flags; /* BH_PORTS_* */
};

/* MSRs a cell may read and write directly beyond the built-in policy. */
struct bh_msrs {
	uint32_t first;
	uint32_t last; /* inclusive */
};

/* A page of registers of its own; its pins are global system interrupts from `first` on. */
struct bh_ioapic {
	char name[BH_NAME_SIZE];
	uint64_t at;
	uint32_t first;
	uint32_t pins;
};

enum bh_bar_kind {
	BH_BAR_NONE = 0,
	BH_BAR_MEMORY = 1,
	BH_BAR_PORTS = 2,
};

/* A base address register, by the place that firmware or Linux gave it. A cell sees it there. */
struct bh_bar {
	uint64_t at;   /* physical address, or first port */
	uint64_t size; /* a power of two */
	uint32_t kind; /* enum bh_bar_kind */
	uint32_t reserved;
};

/*
 * Where a function is: domain 31:16, bus 15:8, device 7:3, function 2:0. By the lower half an IOMMU
 * knows who made a request; ACPI calls a domain a segment.
 */
#define BH_PCI_ADDRESS(domain, bus, device, function) \
	((uint32_t)(domain) << 16 | (uint32_t)(bus) << 8 | (uint32_t)(device) << 3 | \
	 (uint32_t)(function))
#define BH_PCI_ADDRESS_OF(domain, source) ((uint32_t)(domain) << 16 | (source))
#define BH_PCI_DOMAIN(address)   ((address) >> 16)
#define BH_PCI_BUS(address)      ((address) >> 8 & 0xff)
#define BH_PCI_DEVICE(address)   ((address) >> 3 & 0x1f)
#define BH_PCI_FUNCTION(address) ((address) & 7)

#define BH_NO_PIN 0xffffffffu

/* It is accepted that nothing resets the device between a cell and Linux. */
#define BH_DEVICE_WITHOUT_RESET (1u << 0)

/*
 * A PCI function that cells may have. Those of one group cannot be told apart by an IOMMU, or not
 * be reset apart: one cell has all of them, or root.
 */
struct bh_device {
	char name[BH_NAME_SIZE];
	char group[BH_NAME_SIZE]; /* empty: it is alone */
	uint32_t address;         /* BH_PCI_ADDRESS() */
	uint16_t vendor_id;
	uint16_t device_id;
	uint32_t pin;             /* global system interrupt of its INTx; or BH_NO_PIN */
	uint32_t msix_entries;    /* 0: it has no MSI-X, and the next two are 0 */
	uint32_t msix_bar;        /* index of the BAR that holds the table */
	uint32_t msix_offset;     /* of the table in it */
	uint32_t flags;           /* BH_DEVICE_* */
	uint32_t reserved;
	struct bh_bar bars[BH_BARS];
};

/* A device of the board that a cell has. */
struct bh_owned {
	uint32_t address; /* BH_PCI_ADDRESS() */
	uint32_t reserved;
};

/* A pin that a cell has, those of its devices included. */
struct bh_irq {
	uint32_t gsi; /* global system interrupt */
	uint32_t reserved;
};

enum bh_cell_flag {
	/* while it runs, the cell cannot be stopped without its consent, not even by force */
	BH_CELL_LOCKED = 1 << 0,
	/* starts as a processor does after reset, at the real-mode reset vector; not at an entry */
	BH_CELL_RESET_VECTOR = 1 << 1,
	BH_CELL_HAS_ENTRY = 1 << 2,   /* `entry` is given */
	BH_CELL_LOG_CONSOLE = 1 << 3, /* may write to the hypervisor's log ring by hypercall */
	/* accepts that its devices can reach all memory, and interrupt all CPUs, by DMA */
	BH_CELL_UNPROTECTED_DMA = 1 << 4,
};

/* What one cell consists of. Root has no flags, entry and console. */
struct bh_cell {
	char name[BH_NAME_SIZE];
	uint64_t cpus[BH_CPU_WORDS]; /* by Linux's numbers; root: all CPUs of the board */
	uint32_t on_fault;           /* enum bh_fault_policy */
	uint32_t flags;              /* bits of enum bh_cell_flag */
	uint64_t entry;              /* guest-physical; below 4 GiB. An ELF file's own one wins. */
	struct bh_console console;   /* a UART of the cell's own, told by its communication page */
	uint32_t region_count;
	uint32_t port_count;
	uint32_t msr_count;
	uint32_t device_count;       /* root: 0, as the next; it has what no cell has */
	uint32_t irq_count;
	uint32_t reserved;
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
	BH_TEST_DEAF = 5,     /* it answers too late when it is to change its cell */
	BH_TEST_BLOCK = 6,    /* no IOMMU blocks a device for it, as if the unit did not answer */
	BH_TEST_GIVE = 7,     /* nor gives a device to anybody */
	BH_TEST_RETURN = 8,   /* nor becomes Linux's again, as far as that CPU can tell */
	/* What its cell may not write as a message, a device behind an IOMMU gets all the same. */
	BH_TEST_MESSAGES = 9,
	BH_TEST_STRAND = 10,  /* its cell's creation fails, and once it is too late to go back */
	BH_TEST_BEGIN = 11,   /* cells that it starts begin to run, but it is not told so */
	BH_TEST_ASLEEP = 12,  /* for it no device wakes up for a further run */
	BH_TEST_RESTLESS = 13, /* nor is a device ever at rest before a run */
	BH_TEST_OVERTAKEN = 14, /* an NMI that kicks it is sent when another has come first */
};

struct bh_test {
	uint32_t stage; /* enum bh_test_stage */
	uint32_t cpu;   /* Linux's number */
};

/* What drives the processor's virtualisation. Exit reasons and qualifications are its own ones. */
enum bh_backend {
	BH_BACKEND_VMX = 0,
	BH_BACKEND_SVM = 1,
	BH_BACKENDS
};

#define BH_BOARD_PAGES_1G (1u << 0) /* the processor has second-level pages of 1 GiB */
/* a local APIC cannot be disabled and enabled again, nor leave x2APIC mode: some emulators' */
#define BH_BOARD_APIC_STAYS (1u << 1)
#define BH_BOARD_SVM (1u << 2) /* the processor is for BH_BACKEND_SVM; else BH_BACKEND_VMX */
/* the configuration space of PCI is trapped and filtered; without, it is root's as it is */
#define BH_BOARD_PCI (1u << 3)
/*
 * An instruction fetch that finds a large and a small page can hang the processor (CVE-2018-12207),
 * or cannot; the board may say neither.
 */
#define BH_BOARD_MULTIHIT    (1u << 4)
#define BH_BOARD_NO_MULTIHIT (1u << 5)

/* Configuration space in memory (PCI Express base specification, 7.2.2): a MiB for each bus. */
struct bh_mmconfig {
	uint64_t at;        /* where bus 0 would be, as ACPI's MCFG has it; 0: there is none */
	uint32_t first_bus;
	uint32_t last_bus;  /* inclusive */
};

struct bh_board {
	char name[BH_NAME_SIZE];
	struct bh_range hypervisor; /* memory reserved for the hypervisor; start 2 MiB aligned */
	struct bh_console console;
	uint32_t physical_bits; /* physical-address width of the processor, 32 to 48 */
	uint32_t flags;         /* BH_BOARD_* */
	struct bh_test test;
	struct bh_mmconfig mmconfig;
	uint64_t hpet;          /* the page of an HPET's registers; 0: there is none for cells */
	uint32_t pool_count;
	uint32_t ioapic_count;
	uint32_t device_count;
	uint32_t iommu_size;    /* bytes of the part on IOMMUs, see iommu.h */
	struct bh_cell root;
};

/*
 * Where the local APIC has its page in xAPIC mode, and how far that reaches by which interrupts are
 * sent as writes (SDM vol. 3A, 10.11.1); it belongs to the hypervisor on every board.
 */
#define BH_APIC_BASE  0xfee00000ULL
#define BH_APIC_RANGE 0x100000ULL

#endif
