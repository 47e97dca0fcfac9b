/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What vcpu_violation() tells of an access that the cell's map does not allow, by the bits of VMX,
 * whose exit qualification has them as they are (SDM vol. 3C, table 27-7).
 */
#ifndef X86_GUEST_VIOLATION_H
#define X86_GUEST_VIOLATION_H

#define VIOLATION_READ    (1ULL << 0)
#define VIOLATION_WRITE   (1ULL << 1)
#define VIOLATION_FETCH   (1ULL << 2)
#define VIOLATION_AT_DATA (1ULL << 8) /* else while the guest's own tables were walked */

#endif
