/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the reasons for which a CPU leaves guest mode, as the backend's manual has them. */
#ifndef TOOLS_EXIT_REASONS_H
#define TOOLS_EXIT_REASONS_H

#include <bulkhead/config.h>
#include <bulkhead/hypercall.h>

#define EXIT_REASON_NAME_MAX 48

/* The exit code of SVM that is far away from all others. */
#define EXIT_SVM_NPF 0x400

/* Writes the manual's name of a basic exit reason or exit code, or "reason N". */
void exit_reason_name(uint32_t backend, uint32_t reason, char name[EXIT_REASON_NAME_MAX]);

/* The same of a counter: an index of by_reason in struct bh_cpu_info. */
void exit_counter_name(uint32_t backend, uint32_t counter, char name[EXIT_REASON_NAME_MAX]);

#endif
