/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constants that assembly needs from C; the build turns them into "x86/svm/offsets.h".
 */
#include "x86/define_offset.h"
#include "x86/svm/vcpu.h"

void offsets(void)
{
	DEFINE(CPU_TO_VMCB, CPU_VMCB);
	DEFINE(VMCB_RAX, offsetof(struct vmcb, rax));
	DEFINE(VMCB_OWN_PHYS, offsetof(struct vmcb, own_phys));
	DEFINE(VMCB_HOST_PHYS, offsetof(struct vmcb, host_phys));
	DEFINE(VMCB_LAUNCH_RSP, offsetof(struct vmcb, launch_rsp));
	DEFINE(VMCB_TLB_CONTROL, offsetof(struct vmcb, tlb_control));
	DEFINE(VMCB_ENTRY_EVENT, offsetof(struct vmcb, entry_event));
	DEFINE(VMCB_EXIT_CODE, offsetof(struct vmcb, exit_code));
	DEFINE(EXIT_SVM_FIRST, BH_EXIT_SVM_FIRST);
	DEFINE(EXIT_SVM_OTHER, BH_EXIT_SVM_OTHER);
}
