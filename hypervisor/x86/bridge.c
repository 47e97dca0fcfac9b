/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU arrives with Linux's registers but for CR3, CR4, GDTR, IDTR and RSP, which the bridge
 * saved. What the hypervisor's own tables overwrite is saved here first. Either the CPU becomes a
 * guest of the backend, or it goes back with a refusal as if nothing had been.
 */
#include "x86/bridge.h"

#include "core/backend.h"
#include "core/cell.h"
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/log.h"
#include "core/pci_devices.h"
#include "core/string.h"
#include "x86/apic.h"
#include "x86/control.h"
#include "x86/msr.h"
#include "x86/window.h"

enum { FRAME_RIP, FRAME_CS, FRAME_RFLAGS, FRAME_RSP, FRAME_SS };

static void save_linux(struct bh_bridge *bridge)
{
	bridge->ds = ds_read();
	bridge->es = es_read();
	bridge->fs = fs_read();
	bridge->gs = gs_read();
	bridge->tr = tr_read();
	bridge->ldtr = ldtr_read();
	bridge->frame[FRAME_CS] = cs_read();
	bridge->frame[FRAME_SS] = ss_read();
	bridge->fs_base = msr_read(MSR_FS_BASE);
	bridge->gs_base = msr_read(MSR_GS_BASE);
}

struct cpu *bridge_prepare(struct bh_bridge *bridge)
{
	const struct bh_handover *handover = (const struct bh_handover *)bridge->handover;
	uint32_t index = (uint32_t)bridge->cpu;
	struct cpu *cpu = cpu_at(index);

	save_linux(bridge);
	cpu->self = cpu;
	cpu->index = index;
	cpu->linux_cpu = handover->cpus[index].linux_cpu;
	cpu->bridge = bridge;
	if (index == 0)
		tables_init_idt();
	tables_load(cpu);
	return cpu;
}

static void step_back(struct cpu *cpu)
{
	struct bh_bridge *bridge = cpu->bridge;
	const struct bridge_return linux_state = {
		.rip = bridge->resume, .rsp = bridge->linux_rsp, .rflags = RFLAGS_FIXED,
		.cr3 = bridge->linux_cr3, .cr4 = bridge->linux_cr4,
		.fs_base = bridge->fs_base, .gs_base = bridge->gs_base,
		.gdtr = bridge->linux_gdtr, .idtr = bridge->linux_idtr,
		.cs = (uint16_t)bridge->frame[FRAME_CS], .ss = (uint16_t)bridge->frame[FRAME_SS],
		.ds = bridge->ds, .es = bridge->es, .fs = bridge->fs, .gs = bridge->gs,
		.tr = bridge->tr, .ldtr = bridge->ldtr,
		/*
		 * The bridge's copy of the GDT still has the descriptor, made available by the
		 * driver.
		 */
		.tr_limit = 0,
	};

	bridge->result = 1;
	memset(cpu->gprs, 0, sizeof(cpu->gprs));
	cpu->gprs[GPR_RAX] = 1;
	bridge_return(cpu, &linux_state);
}

/* The first CPU brings up what all share; the driver lets the others go when it is done. */
static bool start(struct cpu *cpu, struct bh_refusal *refusal)
{
	const struct bh_handover *handover = (const struct bh_handover *)cpu->bridge->handover;

	if (cpu->index == 0 && !hypervisor_start(handover, refusal))
		return false;
	cpu->cell = &root_cell;
	cpu->vpid = cpu->index + 1;
	cpu->apic_id = handover->cpus[cpu->index].apic_id;
	cpu->halt = CPU_RUNS;
	apic_look(cpu);
	window_init(cpu);
	return backend->enter(cpu, refusal);
}

_Noreturn void bridge_enter(struct cpu *cpu)
{
	struct bh_refusal *refusal = &cpu->bridge->refusal;
	uint64_t cr0 = cr0_read();

	start(cpu, refusal);
	/* It returns only if it failed. */
	if (cpu->index != 0 || backend)
		log_print("CPU %u steps back: %s\n", cpu->linux_cpu, refusal->text);
	/* Of the others' refusals root is told, and leaves by a hypercall. */
	if (cpu->index == 0)
		pci_devices_close();
	if (cpu->index == 0 && !iommu_stop())
		cpu->bridge->unit_lost = 1;
	cpu->halt = CPU_LEFT;
	cr0_write(cr0);
	step_back(cpu);
	__builtin_unreachable();
}

/* LTR wants a descriptor that is available, and leaves it busy (SDM vol. 2A, "LTR"). */
static void write_tss_descriptor(struct bh_bridge *bridge, const struct bridge_return *s)
{
	uint64_t *entry = &bridge->gdt[(s->tr >> 3) % (BH_BRIDGE_GDT_ENTRIES - 1)];

	entry[0] = (s->tr_limit & 0xffff) | (s->tr_base & 0xffffff) << 16 | 0x89ULL << 40 |
		   (uint64_t)(s->tr_limit >> 16 & 0xf) << 48 | (s->tr_base >> 24 & 0xff) << 56;
	entry[1] = s->tr_base >> 32;
}

/*
 * NMIs and machine checks of Linux that came while the hypervisor ran. From here on they go to the
 * bridge's IDT, whose handlers count them at the same place.
 */
static void hand_over_events(struct cpu *cpu)
{
	uint32_t events;

	control_load_idt(&cpu->bridge->idtr);
	events = __atomic_exchange_n(&cpu->events, 0, __ATOMIC_SEQ_CST);
	if (cpu->nmi_pending || (events & CPU_EVENT_GUEST_NMI) || apic_nmis_but_kicks(cpu) != 0)
		__atomic_add_fetch(&cpu->bridge->nmis, 1, __ATOMIC_SEQ_CST);
	if (events & CPU_EVENT_MACHINE_CHECK)
		__atomic_add_fetch(&cpu->bridge->checks, 1, __ATOMIC_SEQ_CST);
}

_Noreturn void bridge_return(struct cpu *cpu, const struct bridge_return *s)
{
	static const uint8_t order[15] = {
		GPR_RAX, GPR_RBX, GPR_RCX, GPR_RDX, GPR_RSI, GPR_RDI, GPR_RBP, GPR_R8,
		GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
	};
	struct bh_bridge *bridge = cpu->bridge;
	unsigned int i;

	for (i = 0; i < BH_ARRAY_SIZE(order); i++)
		bridge->gprs[i] = cpu->gprs[order[i]];
	bridge->frame[FRAME_RIP] = s->rip;
	bridge->frame[FRAME_CS] = s->cs;
	bridge->frame[FRAME_RFLAGS] = s->rflags;
	bridge->frame[FRAME_RSP] = s->rsp;
	bridge->frame[FRAME_SS] = s->ss;
	bridge->linux_cr3 = s->cr3;
	bridge->linux_cr4 = s->cr4;
	bridge->linux_gdtr = s->gdtr;
	bridge->linux_idtr = s->idtr;
	bridge->fs_base = s->fs_base;
	bridge->gs_base = s->gs_base;
	bridge->ds = s->ds;
	bridge->es = s->es;
	bridge->fs = s->fs;
	bridge->gs = s->gs;
	bridge->tr = s->tr;
	bridge->ldtr = s->ldtr;
	if (s->tr_limit != 0)
		write_tss_descriptor(bridge, s);
	hand_over_events(cpu);
	bridge_depart(bridge);
}
