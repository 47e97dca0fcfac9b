/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VMCB: its fields and their bits (APM vol. 2, appendix B and 15.5 to 15.20), and the numbers
 * of exits (appendix C).
 */
#ifndef X86_SVM_VMCB_H
#define X86_SVM_VMCB_H

#include <bulkhead/types.h>

struct vmcb_segment {
	uint16_t selector;
	uint16_t attributes; /* bits 7:0 and 11:8 are bits 7:0 and 15:12 of VMX's access rights */
	uint32_t limit;
	uint64_t base;
};

struct vmcb {
	/* control area */
	uint16_t intercept_cr_reads, intercept_cr_writes;
	uint16_t intercept_dr_reads, intercept_dr_writes;
	uint32_t intercept_exceptions;
	uint32_t intercept1, intercept2, intercept3;
	uint8_t unused0[0x03c - 0x018];
	uint16_t pause_threshold, pause_count;
	uint64_t iopm, msrpm;
	uint64_t tsc_offset;
	uint32_t asid;
	uint8_t tlb_control;
	uint8_t unused1[3];
	uint64_t virtual_interrupt;
	uint64_t interrupt_state;
	uint64_t exit_code, exit_info1, exit_info2;
	uint64_t exit_event;
	uint64_t nested_paging;
	uint8_t unused2[0x0a8 - 0x098];
	uint64_t entry_event;
	uint64_t nested_cr3;
	uint64_t lbr_virtualisation;
	uint64_t clean;
	uint64_t next_rip;
	uint8_t unused3[0x3e0 - 0x0d0];
	/* 32 bytes are left to the hypervisor. */
	uint64_t own_phys;   /* where this VMCB is */
	uint64_t host_phys;  /* and that of VMLOAD for the hypervisor's own state */
	uint64_t launch_rsp; /* of svm_launch(), for the entry that fails */
	uint8_t nmi_masked;  /* the guest serves an NMI: its IRET exits */
	uint8_t nmi_step;    /* enum nmi_step: a trap of ours is set behind an instruction */
	uint8_t stepped_tf;  /* the guest's own trap flag then */
	uint8_t skipped;     /* bytes of the last step past an instruction */
	uint8_t unused4[4];
	/* state-save area */
	struct vmcb_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	uint8_t unused5[0x4cb - 0x4a0];
	uint8_t cpl;
	uint32_t unused6;
	uint64_t efer;
	uint8_t unused7[0x548 - 0x4d8];
	uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip;
	uint8_t unused8[0x5d8 - 0x580];
	uint64_t rsp;
	uint64_t s_cet, ssp, isst;
	uint64_t rax;
	uint64_t star, lstar, cstar, sfmask, kernel_gs_base;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
	uint64_t cr2;
	uint8_t unused10[0x668 - 0x648];
	uint64_t pat;
	uint8_t unused11[0x6e0 - 0x670];
	uint64_t spec_ctrl; /* where the processor has a virtual one */
	uint8_t unused12[0x1000 - 0x6e8];
};

/* Over what the guest is stepped, since it can take an NMI only behind that. */
enum nmi_step { STEP_NONE, STEP_IRET, STEP_SHADOW };

_Static_assert(sizeof(struct vmcb) == BH_PAGE_SIZE, "the VMCB is a page");
_Static_assert(offsetof(struct vmcb, es) == 0x400, "state-save area");
_Static_assert(offsetof(struct vmcb, efer) == 0x4d0, "EFER in the state-save area");
_Static_assert(offsetof(struct vmcb, pat) == 0x668, "PAT in the state-save area");
_Static_assert(offsetof(struct vmcb, rax) == 0x5f8, "RAX in the state-save area");
_Static_assert(offsetof(struct vmcb, spec_ctrl) == 0x6e0, "IA32_SPEC_CTRL there");

/* Intercepts: intercept1 is at offset 0xc, intercept2 at 0x10 */
#define INTERCEPT1_NMI       (1u << 1)
#define INTERCEPT1_INIT      (1u << 3)
#define INTERCEPT1_RDPMC     (1u << 15)
#define INTERCEPT1_CPUID     (1u << 18)
#define INTERCEPT1_RSM       (1u << 19)
#define INTERCEPT1_IRET      (1u << 20)
#define INTERCEPT1_INVD      (1u << 22)
#define INTERCEPT1_HLT       (1u << 24)
#define INTERCEPT1_INVLPGA   (1u << 26)
#define INTERCEPT1_PORTS     (1u << 27)
#define INTERCEPT1_MSRS      (1u << 28)
#define INTERCEPT1_TASK      (1u << 29)
#define INTERCEPT1_FREEZE    (1u << 30) /* by an FPU error as of old */
#define INTERCEPT1_SHUTDOWN  (1u << 31)
#define INTERCEPT2_VMRUN     (1u << 0)
#define INTERCEPT2_VMMCALL   (1u << 1)
#define INTERCEPT2_VMLOAD    (1u << 2)
#define INTERCEPT2_VMSAVE    (1u << 3)
#define INTERCEPT2_STGI      (1u << 4)
#define INTERCEPT2_CLGI      (1u << 5)
#define INTERCEPT2_SKINIT    (1u << 6)
#define INTERCEPT2_WBINVD    (1u << 9)
#define INTERCEPT3_INVLPGB   (3u << 0) /* the second bit: with operands that it does not take */
#define INTERCEPT3_TLBSYNC   (1u << 4)

#define TLB_FLUSH_ALL  1
#define TLB_FLUSH_ASID 3

#define STATE_SHADOW (1ULL << 0) /* of STI or MOV SS */

#define NESTED_PAGING (1ULL << 0)

/* Events (15.20) */
#define EVENT_VALID          (1ULL << 31)
#define EVENT_ERROR_CODE     (1ULL << 11)
#define EVENT_TYPE           (7ULL << 8)
#define EVENT_TYPE_NMI       (2ULL << 8)
#define EVENT_TYPE_EXCEPTION (3ULL << 8)
#define EVENT_TYPE_SOFTWARE  (4ULL << 8)
#define EVENT_VECTOR         0xffULL

/* Segment attributes */
#define ATTRIBUTE_PRESENT (1u << 7)
#define ATTRIBUTE_LONG    (1u << 9)
#define ATTRIBUTE_BIG     (1u << 10)

/* EXITINFO1 of a nested page fault (15.25.6) */
#define NPF_WRITE (1ULL << 1)
#define NPF_FETCH (1ULL << 4)
#define NPF_FINAL (1ULL << 32) /* else while the guest's own tables were walked */

/* APM vol. 2, appendix C */
#define EXIT_CODE_DB          0x41
#define EXIT_CODE_AC          0x51
#define EXIT_CODE_MC          0x52
#define EXIT_CODE_NMI         0x61
#define EXIT_CODE_INIT        0x63
#define EXIT_CODE_RDPMC       0x6f
#define EXIT_CODE_CPUID       0x72
#define EXIT_CODE_IRET        0x74
#define EXIT_CODE_INVD        0x76
#define EXIT_CODE_HLT         0x78
#define EXIT_CODE_PORT        0x7b
#define EXIT_CODE_MSR         0x7c
#define EXIT_CODE_TASK_SWITCH 0x7d
#define EXIT_CODE_SHUTDOWN    0x7f
#define EXIT_CODE_VMMCALL     0x81
#define EXIT_CODE_WBINVD      0x89
#define EXIT_CODE_NPF         0x400
#define EXIT_CODE_INVALID     (~0ULL)

#endif
