/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU of the machine and the one virtual CPU it carries. The structure lies in a page of its own
 * on top of the CPU's main stack, so that an exit finds it at its stack pointer.
 */
#ifndef CORE_CPU_H
#define CORE_CPU_H

#include <bulkhead/handover.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/manage.h>
#include <bulkhead/types.h>

#include "model/apic_policy.h"
#include "model/layout.h"
#include "x86/tables.h"

/* The hardware's numbers of general-purpose registers. */
enum gpr {
	GPR_RAX, GPR_RCX, GPR_RDX, GPR_RBX, GPR_RSP, GPR_RBP, GPR_RSI, GPR_RDI,
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
	GPR_COUNT
};

/* What others ask of a CPU; it looks when it has been kicked, before it enters the guest again. */
enum cpu_event {
	/* an NMI arrived while the hypervisor ran, or ended the guest's run: cpu_post_nmi() */
	CPU_EVENT_NMI = 1 << 0,
	CPU_EVENT_GUEST_NMI = 1 << 1, /* the guest is to get one: an IPI of its cell, or news */
	CPU_EVENT_INIT = 1 << 2,
	CPU_EVENT_SIPI = 1 << 3,      /* with startup_vector */
	CPU_EVENT_STOP = 1 << 4,      /* stop, and keep the registers for inspection */
	CPU_EVENT_LEAVE = 1 << 5,     /* back to bare metal */
	/* become a virtual CPU of next_cell with next_vpid: all state new, stopped */
	CPU_EVENT_MOVE = 1 << 6,
	/* of a stopped CPU: the cell's first one begins at its entry, others wait for SIPI */
	CPU_EVENT_START = 1 << 7,
	CPU_EVENT_INVALIDATE = 1 << 8, /* what the TLB holds of the cell's map */
	CPU_EVENT_NMI_AGAIN = 1 << 9,  /* the guest may take the NMI that waits for it */
	CPU_EVENT_MACHINE_CHECK = 1 << 10, /* posted by the CPU that got it */
};

/* Why a CPU does not run its guest. */
enum cpu_halt {
	CPU_RUNS = 0,
	CPU_STOPPED = 1,  /* its cell does not run, or (root) for a fault */
	CPU_PANICKED = 2, /* for a fault of the hypervisor */
	CPU_WAITS = 3,    /* for SIPI */
	CPU_LEFT = 4,     /* on bare metal again */
	CPU_LEFT_WAITING = 5, /* the same, halted and to be sent an INIT */
};

/* What is at the guest's page of local APIC registers. */
enum apic_page {
	APIC_PAGE_REAL = 0,
	/*
	 * The APIC stays in x2APIC mode (BH_BOARD_APIC_STAYS), but the guest was promised xAPIC
	 * mode: the page is emulated.
	 */
	APIC_PAGE_SHADOW,
	APIC_PAGE_NONE, /* the guest is in x2APIC mode: there is no such page */
};

/* A power of two that no basic exit reason of VMX reaches; of SVM see BH_EXIT_SVM_FIRST. */
#define CPU_EXIT_HANDLERS 128

/* What root had asked of the processor's power management before a cell got the CPU. */
struct cpu_speed {
	uint64_t request; /* IA32_HWP_REQUEST */
	uint64_t bias;    /* IA32_ENERGY_PERF_BIAS */
	bool has_request;
	bool has_bias;
};

struct cell;

struct cpu {
	uint64_t gprs[GPR_COUNT]; /* the guest's; RSP's slot is filled where someone needs it */
	struct cpu *self;         /* GS:0x80 */
	uint32_t events;          /* enum cpu_event; set by any CPU, taken by this one */
	uint32_t kicked;          /* an NMI is on its way that is not the guest's */
	uint32_t nmis;            /* so many arrived since it last looked */
	uint32_t asked;           /* those events that somebody waits for; cleared when done */
	uint32_t index;
	uint32_t linux_cpu;
	uint32_t apic_id;
	uint32_t vpid;
	uint32_t halt;            /* enum cpu_halt */
	uint32_t startup_vector;
	uint32_t nmi_pending;     /* an NMI waits for the guest to take it */
	uint32_t windows_used;
	uint32_t next_vpid;       /* for CPU_EVENT_MOVE */
	struct cell *cell;
	struct cell *next_cell;
	uint64_t tsc_adjust;      /* IA32_TSC_ADJUST as root had it */
	struct apic_target apic;  /* its local APIC as its guest and interrupts find it */
	uint32_t apic_page;       /* enum apic_page */
	uint32_t icr_high;        /* upper half of the ICR of an emulated page */
	struct bh_bridge *bridge;
	uint64_t *window_entries; /* page-table entries of the windows */
	uint64_t exits[CPU_EXIT_HANDLERS]; /* as by_reason of struct bh_cpu_info */
	struct cpu_speed speed;
	struct bh_registers registers; /* as they were when it stopped */
	struct x86_tables tables;
};

_Static_assert(CPU_EXIT_HANDLERS == BH_EXIT_REASONS, "all counters are told");
_Static_assert(sizeof(struct cpu) <= BH_PAGE_SIZE, "struct cpu has one page");

/* All that counters of exits have counted, of a CPU or of a copy of its counters. */
static inline uint64_t exits_sum(const uint64_t exits[CPU_EXIT_HANDLERS])
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < CPU_EXIT_HANDLERS; i++)
		sum += exits[i];
	return sum;
}

static inline struct cpu *cpu_at(uint32_t index)
{
	return (struct cpu *)(layout_cpu_area(index) + CPU_STRUCT_PAGE * BH_PAGE_SIZE);
}

static inline struct cpu *cpu_this(void)
{
	struct cpu *cpu;

	__asm__("mov %%gs:0x80, %0" : "=r"(cpu));
	return cpu;
}

static inline void cpu_post(struct cpu *cpu, uint32_t events)
{
	__atomic_or_fetch(&cpu->events, events, __ATOMIC_SEQ_CST);
}

/* On the CPU itself, where an NMI has just arrived. */
static inline void cpu_post_nmi(struct cpu *cpu)
{
	__atomic_add_fetch(&cpu->nmis, 1, __ATOMIC_SEQ_CST);
	cpu_post(cpu, CPU_EVENT_NMI);
}

#endif
