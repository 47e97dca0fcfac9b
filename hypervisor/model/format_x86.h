/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's own page tables: x86-64 paging with four levels, supervisor only, no global
 * pages. SDM vol. 3, 4.5. Where the hypervisor maps what is not decided here.
 */
#ifndef MODEL_FORMAT_X86_H
#define MODEL_FORMAT_X86_H

#include "model/pagetable.h"

extern const struct pt_format pt_format_x86;

#endif
