/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What driver and hypervisor hand each other when a CPU steps over the bridge, in either direction.
 *
 * The bridge is one page of the module's text, shared by all CPUs, and one page of data per CPU.
 * Both are mapped at the same linear addresses in Linux's and in the hypervisor's page tables, so
 * the instruction after a load of CR3 is there in both, and an NMI finds descriptor tables and a
 * stack in both.
 */
#ifndef BULKHEAD_HANDOVER_H
#define BULKHEAD_HANDOVER_H

/* Offsets into struct bh_bridge, for assembly on both sides; asserted below. */
#define BH_BRIDGE_HOST_CR3   0x00
#define BH_BRIDGE_ENTRY      0x08
#define BH_BRIDGE_CPU        0x10
#define BH_BRIDGE_LINUX_RSP  0x18
#define BH_BRIDGE_LINUX_CR3  0x20
#define BH_BRIDGE_LINUX_CR4  0x28
#define BH_BRIDGE_LINUX_GDTR 0x30
#define BH_BRIDGE_LINUX_IDTR 0x40
#define BH_BRIDGE_GDTR       0x50
#define BH_BRIDGE_IDTR       0x60
#define BH_BRIDGE_NMIS       0x70
#define BH_BRIDGE_CHECKS     0x74
#define BH_BRIDGE_RESUME     0x78
#define BH_BRIDGE_LEAVE      0x80
#define BH_BRIDGE_HANDOVER   0x88
#define BH_BRIDGE_GPRS       0x90
#define BH_BRIDGE_FRAME      0x108
#define BH_BRIDGE_FS_BASE    0x130
#define BH_BRIDGE_GS_BASE    0x138
#define BH_BRIDGE_DS         0x140
#define BH_BRIDGE_ES         0x142
#define BH_BRIDGE_FS         0x144
#define BH_BRIDGE_GS         0x146
#define BH_BRIDGE_TR         0x148
#define BH_BRIDGE_LDTR       0x14a
#define BH_BRIDGE_RESULT     0x14c
#define BH_BRIDGE_REFUSAL    0x150
#define BH_BRIDGE_GDT        0x240
#define BH_BRIDGE_IDT        0x2c0
#define BH_BRIDGE_STACK_TOP  0x1000

#define BH_BRIDGE_GDT_ENTRIES 16
#define BH_BRIDGE_IDT_ENTRIES 20

#ifndef __ASSEMBLER__

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

struct bh_descriptor_table {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

struct bh_bridge {
	/* Written by the driver, read by its assembly on the way in. */
	uint64_t host_cr3;  /* the hypervisor's page tables */
	uint64_t entry;     /* the hypervisor's entry; it finds this page's linear address in RDI */
	uint64_t cpu;       /* index into bh_handover.cpus */
	/* Written by the assembly on the way in; Linux's registers that the bridge changes. */
	uint64_t linux_rsp; /* with what the bridge pushed; valid at `resume` */
	uint64_t linux_cr3; /* also read on the way back: written by the hypervisor before */
	uint64_t linux_cr4;
	struct bh_descriptor_table linux_gdtr;
	uint8_t pad0[6];
	struct bh_descriptor_table linux_idtr;
	uint8_t pad1[6];
	/* The bridge's own tables, written by the driver. The GDT is a copy of Linux's. */
	struct bh_descriptor_table gdtr;
	uint8_t pad2[6];
	struct bh_descriptor_table idtr;
	uint8_t pad3[6];
	uint32_t nmis;   /* that came while the bridge's IDT was loaded: to be given to Linux */
	uint32_t checks; /* machine checks, the same way */
	/* linear address where Linux continues, RSP = linux_rsp, RAX = 0 or 1 = refused */
	uint64_t resume;
	/* linear address of the way back, RDI = this page, hypervisor's CR3 loaded */
	uint64_t leave;
	uint64_t handover; /* address of struct bh_handover in the hypervisor's map */
	/* The way back: written by the hypervisor; popped and IRETQed by the bridge. */
	uint64_t gprs[15]; /* rax rbx rcx rdx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15 */
	uint64_t frame[5]; /* rip cs rflags rsp ss */
	uint64_t fs_base;
	uint64_t gs_base;
	uint16_t ds, es, fs, gs;
	/* tr's descriptor in the bridge's GDT is made available (not busy) before */
	uint16_t tr, ldtr;
	uint32_t result;   /* 0 done, 1 refused, see refusal */
	struct bh_refusal refusal;
	uint64_t gdt[BH_BRIDGE_GDT_ENTRIES];
	uint64_t idt[2 * BH_BRIDGE_IDT_ENTRIES];
	uint32_t unit_lost; /* 1: an IOMMU did not become Linux's again, and goes by our tables */
	uint8_t stack[0x1000 - 0x404];
};

#define BH_BRIDGE_ASSERT(member, offset) \
	_Static_assert(offsetof(struct bh_bridge, member) == (offset), #member)
BH_BRIDGE_ASSERT(host_cr3, BH_BRIDGE_HOST_CR3);
BH_BRIDGE_ASSERT(entry, BH_BRIDGE_ENTRY);
BH_BRIDGE_ASSERT(cpu, BH_BRIDGE_CPU);
BH_BRIDGE_ASSERT(linux_rsp, BH_BRIDGE_LINUX_RSP);
BH_BRIDGE_ASSERT(linux_cr3, BH_BRIDGE_LINUX_CR3);
BH_BRIDGE_ASSERT(linux_cr4, BH_BRIDGE_LINUX_CR4);
BH_BRIDGE_ASSERT(linux_gdtr, BH_BRIDGE_LINUX_GDTR);
BH_BRIDGE_ASSERT(linux_idtr, BH_BRIDGE_LINUX_IDTR);
BH_BRIDGE_ASSERT(gdtr, BH_BRIDGE_GDTR);
BH_BRIDGE_ASSERT(idtr, BH_BRIDGE_IDTR);
BH_BRIDGE_ASSERT(nmis, BH_BRIDGE_NMIS);
BH_BRIDGE_ASSERT(checks, BH_BRIDGE_CHECKS);
BH_BRIDGE_ASSERT(resume, BH_BRIDGE_RESUME);
BH_BRIDGE_ASSERT(leave, BH_BRIDGE_LEAVE);
BH_BRIDGE_ASSERT(handover, BH_BRIDGE_HANDOVER);
BH_BRIDGE_ASSERT(gprs, BH_BRIDGE_GPRS);
BH_BRIDGE_ASSERT(frame, BH_BRIDGE_FRAME);
BH_BRIDGE_ASSERT(fs_base, BH_BRIDGE_FS_BASE);
BH_BRIDGE_ASSERT(gs_base, BH_BRIDGE_GS_BASE);
BH_BRIDGE_ASSERT(ds, BH_BRIDGE_DS);
BH_BRIDGE_ASSERT(tr, BH_BRIDGE_TR);
BH_BRIDGE_ASSERT(ldtr, BH_BRIDGE_LDTR);
BH_BRIDGE_ASSERT(result, BH_BRIDGE_RESULT);
BH_BRIDGE_ASSERT(refusal, BH_BRIDGE_REFUSAL);
BH_BRIDGE_ASSERT(gdt, BH_BRIDGE_GDT);
BH_BRIDGE_ASSERT(idt, BH_BRIDGE_IDT);
_Static_assert(sizeof(struct bh_bridge) == 0x1000, "one page");

struct bh_handover_cpu {
	uint32_t linux_cpu; /* Linux's number */
	uint32_t apic_id;
	uint64_t bridge;    /* linear address of its struct bh_bridge */
};

/* Written by the driver into hypervisor memory before the first CPU steps over. */
struct bh_handover {
	uint64_t tables;     /* host-physical root of the hypervisor's page tables */
	uint64_t pool_used;  /* pages of the pool that those tables took */
	uint64_t bridge_text; /* linear address of the bridge's text page */
	uint32_t config_size;
	uint32_t cpu_count;
	uint32_t tsc_khz;     /* as Linux knows it; 0: it does not */
	uint32_t reserved;
	struct bh_handover_cpu cpus[];
};

#endif /* __ASSEMBLER__ */
#endif
