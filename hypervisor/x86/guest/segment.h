/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Segment registers of a virtual CPU, in the order and with the access rights that VMX gives them
 * (SDM vol. 3C, 24.4.1); struct bh_registers shows them so whatever the processor is.
 */
#ifndef X86_GUEST_SEGMENT_H
#define X86_GUEST_SEGMENT_H

#include <bulkhead/manage.h>

enum segment { SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS, SEG_GS, SEG_LDTR, SEG_TR, SEG_COUNT };

#define RIGHTS_TYPE_BUSY_TSS 0xbu
#define RIGHTS_DPL(rights)   ((rights) >> 5 & 3)
#define RIGHTS_LONG          (1u << 13)
#define RIGHTS_BIG           (1u << 14)
#define RIGHTS_UNUSABLE      (1u << 16)

#endif
