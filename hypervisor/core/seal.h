/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing: pages of the pool that hold maps and bitmaps are read-only in the hypervisor's own page
 * tables (I2). Root's are opened inside the management call that changes them, a cell's when it is
 * destroyed.
 */
#ifndef CORE_SEAL_H
#define CORE_SEAL_H

#include "model/address.h"

/* Looks up the hypervisor's own tables; once. */
void seal_open(void);

void seal_pages(hpa_t first, uint64_t pages);
void unseal_pages(hpa_t first, uint64_t pages);

#endif
