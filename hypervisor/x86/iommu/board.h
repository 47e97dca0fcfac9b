/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of the common part: all units, and the devices behind them.
 */
#ifndef X86_IOMMU_BOARD_H
#define X86_IOMMU_BOARD_H

#include "x86/iommu/unit.h"

struct iommu_board {
	struct iommus list; /* as the configuration has them */
	struct iommu_assignable assignable;
	struct iommu_strays strays;
	struct iommu_unit units[BH_MAX_IOMMUS];
	bool is_running;
};
extern struct iommu_board iommu_board;

/* iommu_devices.c: no cell has a device. */
void iommu_devices_open(void);

/* iommu_linux.c: Linux's entries, after devices have changed hands. */
bool iommu_judge_again(struct iommu_unit *unit, struct bh_refusal *refusal);

/*
 * The next record of a unit, and who has the device: nobody is given it in between. If that stops
 * the cell its device is blocked by then; what becomes of the cell is the caller's.
 */
struct iommu_case {
	struct iommu_fault fault;
	struct cell *cell;
	bool stops;
};
bool iommu_case_next(struct iommu_unit *unit, struct iommu_case *next);

/* iommu_faults.c: reports all that the unit has recorded until now. */
void iommu_drain(struct iommu_unit *unit);

#endif
