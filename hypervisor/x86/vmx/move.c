/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU changes its cell, and begins to run one. Both happen on the CPU itself, between an exit and
 * an entry, with its VMCS loaded.
 */
#include "core/cell.h"
#include "core/invalidation.h"
#include "x86/full_speed.h"
#include "x86/msr.h"
#include "x86/owner.h"
#include "x86/vmx/vmx.h"

/*
 * What the TLB holds of the old owner, and of whoever had the new VPID before (I4). Between the two
 * there is no entry.
 */
static void invalidate(const struct cpu *cpu, uint32_t old_vpid, uint64_t old_eptp)
{
	uint64_t eptp = vmx_eptp(cpu->cell);

	vmx_invalidate_vpid(cpu, old_vpid);
	vmx_invalidate_vpid(cpu, cpu->vpid);
	vmx_invalidate_ept(cpu, old_eptp);
	vmx_invalidate_ept(cpu, eptp);
}

/* A new owner finds the register as after power-on; INIT alone would leave it. */
static void forget_memory_types(void)
{
	vmcs_write(VMCS_GUEST_PAT, PAT_RESET);
}

static void forget_counters(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < CPU_EXIT_HANDLERS; i++)
		cpu->exits[i] = 0;
}

void vmx_move(struct cpu *cpu)
{
	uint64_t old_eptp = vmx_eptp(cpu->cell);
	uint32_t old_vpid = cpu->vpid;

	owner_forget(cpu);
	if (cpu->cell == &root_cell)
		full_speed_begin(cpu);
	if (cpu->next_cell == &root_cell)
		full_speed_end(cpu);
	cpu->cell = cpu->next_cell;
	cpu->vpid = cpu->next_vpid;
	forget_counters(cpu);
	vmx_setup_controls(cpu);
	forget_memory_types();
	vmx_reset(cpu);
	cpu->registers = (struct bh_registers){
		.cpu = cpu->linux_cpu, .cell = cpu->cell->id, .waiting = 1,
	};
	/* Linux brings its CPUs back by INIT and SIPI; a cell's wait for its start. */
	cpu->halt = cpu->cell == &root_cell ? CPU_WAITS : CPU_STOPPED;
	invalidate(cpu, old_vpid, old_eptp);
}

#define RIGHTS_FLAT_CODE 0xc09b
#define RIGHTS_FLAT_DATA 0xc093
#define SELECTOR_CODE    0x08
#define SELECTOR_DATA    0x10

static void set_flat(enum vmcs_segment segment, uint64_t selector, uint64_t rights)
{
	vmcs_write(VMCS_SELECTOR(segment), selector);
	vmcs_write(VMCS_BASE(segment), 0);
	vmcs_write(VMCS_LIMIT(segment), 0xffffffff);
	vmcs_write(VMCS_RIGHTS(segment), rights);
}

/* The state that include/bulkhead/comm.h promises. */
static void begin_at_entry(struct cpu *cpu)
{
	enum vmcs_segment segment;

	for (segment = SEG_ES; segment <= SEG_GS; segment++)
		set_flat(segment, SELECTOR_DATA, RIGHTS_FLAT_DATA);
	set_flat(SEG_CS, SELECTOR_CODE, RIGHTS_FLAT_CODE);
	vmcs_write(VMCS_GUEST_GDTR_LIMIT, 0);
	vmcs_write(VMCS_GUEST_IDTR_LIMIT, 0);
	vmcs_write(VMCS_CR0_SHADOW, CR0_PE | CR0_ET | CR0_NE);
	vmcs_write(VMCS_GUEST_CR0, CR0_PE | CR0_ET | CR0_NE);
	vmcs_write(VMCS_GUEST_RIP, cpu->cell->entry);
	cpu->gprs[GPR_RDX] = 0;
	cpu->gprs[GPR_RAX] = BH_BOOT_MAGIC;
	cpu->gprs[GPR_RBX] = cpu->cell->comm_at;
}

void vmx_begin(struct cpu *cpu)
{
	if (cpu->halt != CPU_STOPPED)
		return;
	owner_forget(cpu);
	forget_counters(cpu);
	vmx_setup_controls(cpu);
	forget_memory_types();
	vmx_reset(cpu);
	if (cpu->index != cpu->cell->first_cpu)
		return;
	if (!(cpu->cell->config->flags & BH_CELL_RESET_VECTOR))
		begin_at_entry(cpu);
	vmx_unpark(cpu);
}
