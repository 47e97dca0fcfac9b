/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tells the processor about a cell's second-level map, and makes it forget what it knew. The
 * map itself is built by the core.
 */
#include "x86/vmx/vmx.h"

/*
 * EPTP: write-back tables (6), a walk of four levels, no accessed and dirty flags (SDM vol. 3C,
 * 24.6.11).
 */
#define EPTP_FORMAT (6 | (4 - 1) << 3)

uint64_t vmx_eptp(const struct cell *cell)
{
	return cell->map.root.v | EPTP_FORMAT;
}
