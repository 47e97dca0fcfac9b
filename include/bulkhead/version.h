/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The version for people, of hypervisor, driver and tool together. Whether two of them fit each
 * other is told by BH_ABI_VERSION (image.h).
 */
#ifndef BULKHEAD_VERSION_H
#define BULKHEAD_VERSION_H

#define BULKHEAD_VERSION "0.1.0"

#endif
