/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver can refuse before a CPU is touched. */
#ifndef DRIVER_CHECKS_H
#define DRIVER_CHECKS_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>

/* Can all online CPUs go into VMX operation, or switch SVM on? */
bool check_processors(struct bh_refusal *refusal);

/* Are the online CPUs those of the root cell? */
bool check_cpu_set(const struct bh_cell *root, struct bh_refusal *refusal);

#endif
