/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machine checks: what the banks of a CPU that got one say, and whether it can go on (SDM vol. 3B,
 * 15.3 and 15.9; APM vol. 2, 9.3). Most are another CPU's: Intel's processors tell all of them.
 */
#ifndef MODEL_MACHINE_CHECK_H
#define MODEL_MACHINE_CHECK_H

#include "model/features.h"

#define MSR_MCG_CAP    0x179
#define MSR_MCG_STATUS 0x17a
#define MSR_MC_STATUS(bank) (0x401 + 4 * (bank))

#define MCG_CAP_BANKS(value) ((value) & 0xff)
#define MCG_CAP_SER          (1ULL << 24) /* software can recover from errors */

#define MCG_STATUS_RIPV (1ULL << 0) /* the program can go on where it was */
#define MCG_STATUS_EIPV (1ULL << 1) /* the error is of the instruction there */
#define MCG_STATUS_MCIP (1ULL << 2) /* in progress: the next one is a shutdown */

#define MC_STATUS_VALID       (1ULL << 63)
#define MC_STATUS_UNCORRECTED (1ULL << 61)
#define MC_STATUS_ENABLED     (1ULL << 60) /* else it is no reason for an exception */
#define MC_STATUS_CORRUPT     (1ULL << 57) /* PCC: what the processor works with */
#define MC_STATUS_ACTION      (1ULL << 55) /* with SER: who runs here cannot do without */

struct machine_check {
	bool in_progress;
	bool can_go_on; /* nothing of it is this CPU's own */
	uint32_t bank;  /* where the error is that ends it, or BH_CHECK_NO_BANK */
	uint64_t bank_status;
};

/* That of the CPU which the reader reads. */
struct machine_check machine_check_look(const struct feature_reader *reader);

#endif
