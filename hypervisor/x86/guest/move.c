/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU changes its cell, and begins to run one. Both happen on the CPU itself, between an exit and
 * an entry, where its virtual CPU can be changed.
 */
#include "core/cell.h"
#include "vcpu.h"
#include "x86/full_speed.h"
#include "x86/guest/guest.h"
#include "x86/msr.h"
#include "x86/owner.h"

static void forget_counters(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < CPU_EXIT_HANDLERS; i++)
		cpu->exits[i] = 0;
}

void guest_move(struct cpu *cpu)
{
	const struct cell *old_cell = cpu->cell;
	uint32_t old_vpid = cpu->vpid;

	owner_forget(cpu);
	if (cpu->cell == &root_cell)
		full_speed_begin(cpu);
	if (cpu->next_cell == &root_cell)
		full_speed_end(cpu);
	cpu->cell = cpu->next_cell;
	cpu->vpid = cpu->next_vpid;
	forget_counters(cpu);
	vcpu_setup_controls(cpu);
	/* As after power-on; INIT alone would leave it. */
	vcpu_set_pat(cpu, PAT_RESET);
	vcpu_forget_registers(cpu);
	guest_reset(cpu);
	cpu->registers = (struct bh_registers){
		.cpu = cpu->linux_cpu, .cell = cpu->cell->id, .waiting = 1,
	};
	/* Linux brings its CPUs back by INIT and SIPI; a cell's wait for its start. */
	cpu->halt = cpu->cell == &root_cell ? CPU_WAITS : CPU_STOPPED;
	/*
	 * What the TLB holds of the old owner, and of whoever had the new VPID before (I4). Between
	 * the two there is no entry.
	 */
	vcpu_forget_owner(cpu, old_cell, old_vpid);
}

#define RIGHTS_FLAT_CODE 0xc09b
#define RIGHTS_FLAT_DATA 0xc093
#define SELECTOR_CODE    0x08
#define SELECTOR_DATA    0x10

static void set_flat(struct cpu *cpu, enum segment segment, uint16_t selector, uint32_t rights)
{
	const struct bh_segment flat = {
		.limit = 0xffffffff, .rights = rights, .selector = selector,
	};

	vcpu_set_segment(cpu, segment, &flat);
}

/* The state that include/bulkhead/comm.h promises. */
static void begin_at_entry(struct cpu *cpu)
{
	const struct bh_descriptor_table none = { .limit = 0 };
	enum segment segment;

	for (segment = SEG_ES; segment <= SEG_GS; segment++)
		set_flat(cpu, segment, SELECTOR_DATA, RIGHTS_FLAT_DATA);
	set_flat(cpu, SEG_CS, SELECTOR_CODE, RIGHTS_FLAT_CODE);
	vcpu_set_gdtr(cpu, &none);
	vcpu_set_idtr(cpu, &none);
	vcpu_set_cr0(cpu, CR0_PE | CR0_ET | CR0_NE);
	vcpu_set_rip(cpu, cpu->cell->entry);
	cpu->gprs[GPR_RDX] = 0;
	cpu->gprs[GPR_RAX] = BH_BOOT_MAGIC;
	cpu->gprs[GPR_RBX] = cpu->cell->comm_at;
}

void guest_begin(struct cpu *cpu)
{
	if (cpu->halt != CPU_STOPPED)
		return;
	owner_forget(cpu);
	forget_counters(cpu);
	vcpu_setup_controls(cpu);
	/* As after power-on; INIT alone would leave it. */
	vcpu_set_pat(cpu, PAT_RESET);
	vcpu_forget_registers(cpu);
	guest_reset(cpu);
	if (cpu->index != cpu->cell->first_cpu)
		return;
	if (!(cpu->cell->config->flags & BH_CELL_RESET_VECTOR))
		begin_at_entry(cpu);
	vcpu_unpark(cpu);
}
