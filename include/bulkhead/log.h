/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log ring at the very start of hypervisor memory. It survives a warm reset and is found again
 * by its signature, so that the last words of a machine that died silently can be read. `written`
 * counts all bytes ever put in; byte n lies at data[n % data_size].
 */
#ifndef BULKHEAD_LOG_H
#define BULKHEAD_LOG_H

#include <bulkhead/types.h>

#define BH_LOG_MAGIC "BULKLOG" /* with its terminating zero: eight bytes */

struct bh_log {
	uint8_t magic[8];
	uint32_t data_size;
	uint32_t boots;   /* how many times this ring was (re)opened by an enable */
	uint64_t written;
	uint64_t started; /* value of `written` when the newest enable began */
	uint8_t reserved[32];
	char data[];
};

#endif
