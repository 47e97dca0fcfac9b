/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fixed-width types that every contract uses, for the three worlds that include these headers:
 * freestanding and hosted C11, and the Linux kernel, which has its own spelling of them.
 */
#ifndef BULKHEAD_TYPES_H
#define BULKHEAD_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/limits.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define BH_PAGE_SHIFT 12
#define BH_PAGE_SIZE  4096ULL
#define BH_PAGE_MASK  (BH_PAGE_SIZE - 1)

#define BH_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
