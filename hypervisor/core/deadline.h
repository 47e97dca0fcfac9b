/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long hardware, and another CPU, may take. A deadline is a value of the TSC; how fast that
 * counts Linux has told at enable, before anything here waits.
 */
#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include <bulkhead/types.h>

/*
 * For an answer: far more than a CPU needs to answer an NMI, even one that an emulator runs as a
 * thread among others, and more than an IOMMU takes with a command of translation; far less than
 * Linux's watchdogs allow.
 */
#define ANSWER_MS 1000u

uint64_t deadline_in_ms(uint32_t ms);

bool deadline_is_over(uint64_t deadline);

#endif
