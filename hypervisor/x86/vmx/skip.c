/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rare parts of a step past an instruction: see vcpu_skip_bytes(). A guest that stands wrong
 * after it could not be entered (SDM vol. 3C, 26.3.1.4 and 26.3.1.5).
 */
#include "x86/vmx/vcpu.h"

/* Outside 64-bit mode execution goes on at 0 behind the last byte of 4 GiB. */
uint64_t vmx_wrapped(uint64_t rip)
{
	return vmcs_read(VMCS_RIGHTS(SEG_CS)) & RIGHTS_LONG ? rip : (uint32_t)rip;
}

/* The instruction that is stepped over was no branch, which is all that BTF asks for. */
void vmx_trap_step(void)
{
	if (!(vmcs_read(VMCS_GUEST_DEBUGCTL) & DEBUGCTL_BTF))
		vmcs_write(VMCS_GUEST_PENDING_DEBUG, PENDING_DEBUG_STEP);
}
