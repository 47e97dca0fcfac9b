/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IOMMUs of a board: the last part of its configuration (config.h), as the tools write it from
 * ACPI's tables DMAR or IVRS. board.iommu_size tells its bytes; 0 is a board without.
 *
 *   struct bh_iommus
 *   struct bh_iommu        iommus[iommu_count]
 *   struct bh_iommu_scope  scopes[scope_count]    in the order of their units
 *   struct bh_iommu_window windows[window_count]
 *
 * The machine's ACPI tables are not looked at again: what is not here no unit covers.
 */
#ifndef BULKHEAD_IOMMU_H
#define BULKHEAD_IOMMU_H

#include <bulkhead/config.h>

#define BH_MAX_IOMMUS        8
#define BH_MAX_IOMMU_SCOPES  128
#define BH_MAX_IOMMU_WINDOWS 32

struct bh_iommus {
	uint32_t iommu_count;
	uint32_t scope_count;
	uint32_t window_count;
	uint32_t reserved;
};

enum bh_iommu_kind {
	BH_IOMMU_VTD = 1,
	BH_IOMMU_AMDVI = 2,
	BH_IOMMU_KINDS
};

#define BH_IOMMU_ALL      (1u << 0) /* covers what no scope of another unit of its segment has */
#define BH_IOMMU_REMAPS   (1u << 1) /* interrupts are remapped by it */
#define BH_IOMMU_SCALABLE (1u << 2) /* VT-d: it has scalable mode only */
#define BH_IOMMU_PAGES_2M (1u << 3) /* sizes of pages that it knows beside 4 KiB */
#define BH_IOMMU_PAGES_1G (1u << 4)
#define BH_IOMMU_LINUX_REMAPS (1u << 5) /* VT-d: Linux remaps its interrupts by it already */
/* AMD-Vi: what its control register is to hold of how it sends, as IVRS says */
#define BH_IOMMU_TUNNEL      (1u << 6) /* HtTunEn: the tunnel's traffic is translated, too */
#define BH_IOMMU_PASS_PW     (1u << 7) /* PassPW */
#define BH_IOMMU_RES_PASS_PW (1u << 8) /* ResPassPW */
#define BH_IOMMU_ISOC        (1u << 9) /* Isoc */
#define BH_IOMMU_SENDS       0x3c0u
#define BH_IOMMU_FLAGS       0x3ffu

struct bh_iommu {
	char name[BH_NAME_SIZE];
	uint64_t registers; /* physical address of its first register */
	uint32_t kind;      /* enum bh_iommu_kind */
	uint32_t flags;     /* BH_IOMMU_* */
	uint32_t segment;
	uint32_t levels;    /* of its tables: 3 translate 39 bits, 4 translate 48 */
	uint32_t last_bus;  /* AMD-Vi: the device table ends with it */
	uint32_t scope_count;
};

enum bh_iommu_scope_kind {
	BH_IOMMU_FUNCTION = 1, /* one function */
	BH_IOMMU_RANGE = 2,    /* all functions from `source` to `id` */
	BH_IOMMU_BRIDGE = 3,   /* a bridge, and what is behind it: buses id 15:8 to id 7:0 */
	BH_IOMMU_IOAPIC = 4,   /* the IOAPIC with that id, as the source of its interrupts */
	BH_IOMMU_HPET = 5,     /* the HPET block with that number, the same */
	BH_IOMMU_ALIAS = 6,    /* the unit sees what the function does as done by `id` */
	BH_IOMMU_UNIT = 7,     /* AMD-Vi: the unit itself; its own interrupts are that function's */
	BH_IOMMU_SCOPE_KINDS
};

/*
 * What else than memory and interrupts IVRS has software let a device reach (AMD IOMMU
 * specification, 5.2.2: DTE setting): INITPass 0, EIntPass 1, NMIPass 2, SysMgt 5:4, Lint0Pass 6
 * and Lint1Pass 7.
 */
#define BH_IOMMU_PASS            0xf7u
#define BH_IOMMU_PASS_TRANSLATED 0x30u /* SysMgt 3: that range is like memory; no message passes */

struct bh_iommu_scope {
	uint16_t kind;   /* enum bh_iommu_scope_kind */
	uint16_t source; /* bus << 8 | device << 3 | function */
	uint16_t id;     /* see the kind */
	uint16_t pass;   /* AMD-Vi: BH_IOMMU_PASS, of `source`, or all that the scope has */
};

/*
 * Memory that firmware has devices use behind the operating system's back (DMAR: RMRR; IVRS:
 * IVMD). Root's, at its own address: such devices cannot be a cell's.
 */
struct bh_iommu_window {
	uint64_t start;
	uint64_t size;
	uint32_t address; /* BH_PCI_ADDRESS() of the device */
	uint32_t last;    /* all from that one to this one use it; 0: that one alone */
};

#endif
