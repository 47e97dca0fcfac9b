/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VMCS: encodings of its fields (SDM vol. 3D, appendix B), bits of its controls (vol. 3C,
 * chapter 24), and the two instructions that reach it.
 */
#ifndef X86_VMX_VMCS_H
#define X86_VMX_VMCS_H

#include <bulkhead/types.h>

enum vmcs_field {
	/* 16-bit */
	VMCS_VPID = 0x0000,
	VMCS_GUEST_ES = 0x0800, /* then CS SS DS FS GS LDTR TR, two apart */
	VMCS_HOST_ES = 0x0c00, VMCS_HOST_CS = 0x0c02, VMCS_HOST_SS = 0x0c04, VMCS_HOST_DS = 0x0c06,
	VMCS_HOST_FS = 0x0c08, VMCS_HOST_GS = 0x0c0a, VMCS_HOST_TR = 0x0c0c,
	/* 64-bit */
	VMCS_IO_BITMAP_A = 0x2000, VMCS_IO_BITMAP_B = 0x2002, VMCS_MSR_BITMAP = 0x2004,
	VMCS_TSC_OFFSET = 0x2010, VMCS_APIC_ACCESS = 0x2014, VMCS_EPTP = 0x201a,
	VMCS_XSS_EXITING = 0x202c,
	VMCS_ENCLS_EXITING = 0x202e,
	VMCS_GUEST_PHYSICAL = 0x2400,
	VMCS_LINK_POINTER = 0x2800, VMCS_GUEST_DEBUGCTL = 0x2802, VMCS_GUEST_PAT = 0x2804,
	VMCS_GUEST_EFER = 0x2806, VMCS_GUEST_PDPTE0 = 0x280a,
	VMCS_HOST_PAT = 0x2c00, VMCS_HOST_EFER = 0x2c02,
	/* 32-bit */
	VMCS_PIN_CONTROLS = 0x4000, VMCS_PROC_CONTROLS = 0x4002, VMCS_EXCEPTION_BITMAP = 0x4004,
	VMCS_PF_MASK = 0x4006, VMCS_PF_MATCH = 0x4008, VMCS_CR3_TARGETS = 0x400a,
	VMCS_EXIT_CONTROLS = 0x400c, VMCS_EXIT_MSR_STORES = 0x400e, VMCS_EXIT_MSR_LOADS = 0x4010,
	VMCS_ENTRY_CONTROLS = 0x4012, VMCS_ENTRY_MSR_LOADS = 0x4014,
	VMCS_ENTRY_EVENT = 0x4016, VMCS_ENTRY_ERROR_CODE = 0x4018, VMCS_ENTRY_LENGTH = 0x401a,
	VMCS_PROC2_CONTROLS = 0x401e,
	VMCS_INSTRUCTION_ERROR = 0x4400, VMCS_EXIT_REASON = 0x4402, VMCS_EXIT_EVENT = 0x4404,
	VMCS_EXIT_ERROR_CODE = 0x4406, VMCS_VECTORING_EVENT = 0x4408,
	VMCS_INSTRUCTION_LENGTH = 0x440c, VMCS_INSTRUCTION_INFO = 0x440e,
	VMCS_GUEST_ES_LIMIT = 0x4800, /* then as the selectors */
	VMCS_GUEST_GDTR_LIMIT = 0x4810, VMCS_GUEST_IDTR_LIMIT = 0x4812,
	VMCS_GUEST_ES_RIGHTS = 0x4814, /* then as the selectors */
	VMCS_GUEST_INTERRUPTIBILITY = 0x4824, VMCS_GUEST_ACTIVITY = 0x4826,
	VMCS_GUEST_SYSENTER_CS = 0x482a,
	VMCS_HOST_SYSENTER_CS = 0x4c00,
	/* natural width */
	VMCS_CR0_MASK = 0x6000, VMCS_CR4_MASK = 0x6002, VMCS_CR0_SHADOW = 0x6004,
	VMCS_CR4_SHADOW = 0x6006,
	VMCS_QUALIFICATION = 0x6400, VMCS_GUEST_LINEAR = 0x640a,
	VMCS_GUEST_CR0 = 0x6800, VMCS_GUEST_CR3 = 0x6802, VMCS_GUEST_CR4 = 0x6804,
	VMCS_GUEST_ES_BASE = 0x6806, /* then as the selectors */
	VMCS_GUEST_GDTR_BASE = 0x6816, VMCS_GUEST_IDTR_BASE = 0x6818, VMCS_GUEST_DR7 = 0x681a,
	VMCS_GUEST_RSP = 0x681c, VMCS_GUEST_RIP = 0x681e, VMCS_GUEST_RFLAGS = 0x6820,
	VMCS_GUEST_PENDING_DEBUG = 0x6822, VMCS_GUEST_SYSENTER_ESP = 0x6824,
	VMCS_GUEST_SYSENTER_EIP = 0x6826,
	VMCS_HOST_CR0 = 0x6c00, VMCS_HOST_CR3 = 0x6c02, VMCS_HOST_CR4 = 0x6c04,
	VMCS_HOST_FS_BASE = 0x6c06, VMCS_HOST_GS_BASE = 0x6c08, VMCS_HOST_TR_BASE = 0x6c0a,
	VMCS_HOST_GDTR_BASE = 0x6c0c, VMCS_HOST_IDTR_BASE = 0x6c0e,
	VMCS_HOST_SYSENTER_ESP = 0x6c10, VMCS_HOST_SYSENTER_EIP = 0x6c12,
	VMCS_HOST_RSP = 0x6c14, VMCS_HOST_RIP = 0x6c16,
};

/* The guest's segment registers in the order of enum segment, each two apart. */
#define VMCS_SELECTOR(segment) (VMCS_GUEST_ES + 2 * (segment))
#define VMCS_LIMIT(segment)    (VMCS_GUEST_ES_LIMIT + 2 * (segment))
#define VMCS_RIGHTS(segment)   (VMCS_GUEST_ES_RIGHTS + 2 * (segment))
#define VMCS_BASE(segment)     (VMCS_GUEST_ES_BASE + 2 * (segment))

/* Pin-based controls */
#define PIN_INTERRUPT_EXITING (1u << 0)
#define PIN_NMI_EXITING  (1u << 3)
#define PIN_VIRTUAL_NMIS (1u << 5)
/* Primary processor-based controls */
#define PROC_IO_BITMAPS   (1u << 25)
#define PROC_NMI_WINDOW   (1u << 22)
#define PROC_MSR_BITMAPS  (1u << 28)
#define PROC_SECONDARY    (1u << 31)
/* Secondary processor-based controls */
#define PROC2_APIC_ACCESS   (1u << 0)
#define PROC2_EPT           (1u << 1)
#define PROC2_RDTSCP        (1u << 3)
#define PROC2_VPID          (1u << 5)
#define PROC2_WBINVD        (1u << 6)
#define PROC2_UNRESTRICTED  (1u << 7)
#define PROC2_INVPCID       (1u << 12)
#define PROC2_ENCLS_EXITING (1u << 15)
#define PROC2_XSAVES        (1u << 20)
#define PROC2_USER_WAIT     (1u << 26)
/* VM-exit controls */
#define EXIT_SAVE_DEBUG (1u << 2)
#define EXIT_HOST_LONG  (1u << 9)
#define EXIT_ACKNOWLEDGE (1u << 15)
#define EXIT_SAVE_PAT   (1u << 18)
#define EXIT_LOAD_PAT   (1u << 19)
#define EXIT_SAVE_EFER  (1u << 20)
#define EXIT_LOAD_EFER  (1u << 21)
/* VM-entry controls */
#define ENTRY_LOAD_DEBUG (1u << 2)
#define ENTRY_GUEST_LONG (1u << 9)
#define ENTRY_LOAD_PAT   (1u << 14)
#define ENTRY_LOAD_EFER  (1u << 15)

/* Event information (24.8.3, 24.9.2) */
#define EVENT_VALID      (1u << 31)
#define EVENT_ERROR_CODE (1u << 11)
#define EVENT_TYPE(info) ((info) >> 8 & 7)
#define EVENT_TYPE_NMI   2u
#define EVENT_TYPE_HARDWARE_EXCEPTION 3u

/* Interruptibility state (24.4.2) */
#define BLOCKED_BY_STI    (1u << 0)
#define BLOCKED_BY_MOV_SS (1u << 1)
#define BLOCKED_BY_NMI    (1u << 3)

#define PENDING_DEBUG_STEP (1u << 14)

enum vmcs_activity { ACTIVITY_ACTIVE = 0, ACTIVITY_HLT = 1 };

/* Basic exit reasons (appendix C) that have a handler of their own. */
enum exit_reason {
	EXIT_EXCEPTION_OR_NMI = 0, EXIT_INTERRUPT = 1, EXIT_TRIPLE_FAULT = 2, EXIT_INIT = 3,
	EXIT_SIPI = 4,
	EXIT_NMI_WINDOW = 8, EXIT_TASK_SWITCH = 9, EXIT_CPUID = 10, EXIT_GETSEC = 11,
	EXIT_INVD = 13, EXIT_RSM = 17, EXIT_VMCALL = 18, EXIT_VMCLEAR = 19, EXIT_VMLAUNCH = 20,
	EXIT_VMPTRLD = 21, EXIT_VMPTRST = 22, EXIT_VMREAD = 23, EXIT_VMRESUME = 24,
	EXIT_VMWRITE = 25, EXIT_VMXOFF = 26, EXIT_VMXON = 27, EXIT_CONTROL_REGISTER = 28,
	EXIT_PORT = 30, EXIT_RDMSR = 31, EXIT_WRMSR = 32, EXIT_INVALID_GUEST = 33,
	EXIT_ENTRY_CHECK = 41,
	EXIT_APIC_ACCESS = 44, EXIT_EPT_VIOLATION = 48, EXIT_EPT_MISCONFIG = 49,
	EXIT_INVEPT = 50, EXIT_INVVPID = 53,
	EXIT_WBINVD = 54, EXIT_XSETBV = 55, EXIT_VMFUNC = 59, EXIT_ENCLS = 60,
	EXIT_XSAVES = 63, EXIT_XRSTORS = 64,
};

static inline uint64_t vmcs_read(uint64_t field)
{
	uint64_t value;

	__asm__ volatile("vmread %1, %0" : "=r"(value) : "r"(field) : "cc");
	return value;
}

/* A field that does not exist is a defect here; VMWRITE then fails and says so in RFLAGS. */
static inline void vmcs_write(uint64_t field, uint64_t value)
{
	__asm__ volatile("vmwrite %0, %1" : : "r"(value), "r"(field) : "cc");
}

#endif
