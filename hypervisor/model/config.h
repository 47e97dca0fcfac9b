/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration blob, checked: what the tool compiles, the driver hands on and the hypervisor
 * believes. All three call the same checks. Text files and their lines are tools/config's.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

/* Pointers into a blob. Of the arrays board->*_count and board->root.*_count say the lengths. */
struct config_view {
	const struct bh_config_header *header;
	const struct bh_board *board;
	const struct bh_range *pools;
	const struct bh_ioapic *ioapics;
	const struct bh_device *devices;
	const struct bh_region *regions;
	const struct bh_ports *ports;
	const struct bh_msrs *msrs;
};

/*
 * Looks into a blob, which must be aligned to 8 bytes and stay as it is. Refuses what is malformed,
 * then whatever config_check() finds; the refusal tells the first of it.
 */
bool config_open(struct config_view *view, const void *blob, size_t size,
		 struct bh_refusal *refusal);

/* Pointers into the blob of a cell. */
struct cell_view {
	const struct bh_config_header *header;
	const struct bh_cell *cell;
	const struct bh_region *regions;
	const struct bh_ports *ports;
	const struct bh_msrs *msrs;
	const struct bh_owned *devices;
	const struct bh_irq *irqs;
};

/* The same for a cell, but its form only: what it says is config_check_cell()'s. */
bool cell_view_open(struct cell_view *view, const void *blob, size_t size,
		    struct bh_refusal *refusal);

/* The check sum that the header of a whole blob must hold. */
uint32_t config_checksum(const struct bh_config_header *header);

enum config_part {
	CONFIG_NOTHING = 0,
	CONFIG_BOARD,
	CONFIG_HYPERVISOR,
	CONFIG_CONSOLE,
	CONFIG_TEST,
	CONFIG_POOL,   /* indexed, as are regions, ports and MSRs */
	CONFIG_APIC,   /* not in the blob: the local APIC's range */
	CONFIG_ROOT,
	CONFIG_REGION,
	CONFIG_PORTS,
	CONFIG_MSRS,
	CONFIG_CELL,
	CONFIG_BOARD_PCI,
	CONFIG_MMCONFIG,
	CONFIG_IOAPIC, /* indexed, as are the rest */
	CONFIG_DEVICE, /* of the board, or that the cell has */
	CONFIG_IRQ,    /* that the cell has */
	CONFIG_IOMMU,
	CONFIG_WINDOW,
	CONFIG_HPET_PAGE, /* not indexed */
};

/* What a finding is about, in the words of board files. */
struct config_place {
	const struct cell_view *cell; /* whose region, ports, MSRs; null: the board file's */
	enum config_part part;
	uint32_t index;
	const char *setting; /* the one setting of the part that decides; null: all of it */
};

#define CONFIG_FINDING_TEXT 160

/* Reads as: PLACE: what OTHER detail. */
struct config_finding {
	struct config_place place;
	struct config_place other; /* what it clashes with, or CONFIG_NOTHING */
	char what[CONFIG_FINDING_TEXT];
	char detail[CONFIG_FINDING_TEXT];
};

typedef void (*config_report)(void *context, const struct config_finding *finding);

/*
 * Reports everything in a well-formed view that makes no sense, and returns how many things that
 * are. Counts must be within their bounds and names terminated.
 */
unsigned int config_check(const struct config_view *view, config_report report, void *context);

/*
 * Reports everything that makes no sense in a cell by itself, against its board, and against other
 * cells that passed already; returns how many things that are.
 */
unsigned int config_check_cell(const struct config_view *board, const struct cell_view *cell,
			       const struct cell_view *const *others, uint32_t count,
			       config_report report, void *context);

/* The same with the first finding as refusal. */
bool cell_admit(const struct config_view *board, const struct cell_view *cell,
		const struct cell_view *const *others, uint32_t count, struct bh_refusal *refusal);

/* What a name has beside letters and digits, for complaints that give the character's number. */
#define CONFIG_NAME_RULE \
	"a name has letters, digits and any of \"_-.+\", but character %u is another"

/* The first character that no name has, counted from 1; 0: there is none. */
unsigned int config_name_stranger(const char *name);

/* `root.memory`: of a board, and not CONFIG_NOTHING. */
const char *config_part_name(enum config_part part);

/* Writes `root.memory[2] "vga"` or `board.cpus`; returns the length as text_format() does. */
size_t config_place_name(const struct config_view *view, const struct config_place *place,
			 char *buffer, size_t size);

#endif
