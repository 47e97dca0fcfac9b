/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tells the processor about a cell's second-level map, and makes it forget what it knew. The
 * map itself is built by the core.
 */
#include "core/invalidation.h"
#include "x86/vmx/vmx.h"

/*
 * EPTP: write-back tables (6), a walk of four levels, no accessed and dirty flags (SDM vol. 3C,
 * 24.6.11).
 */
#define EPTP_FORMAT (6 | (4 - 1) << 3)

uint64_t vmx_eptp(const struct cell *cell)
{
	return cell->map.root.v | EPTP_FORMAT;
}

/* Of one context each; SDM vol. 3C, 30.3, "INVEPT" and "INVVPID". */
#define SINGLE_CONTEXT 1ULL

static void invalidate_ept(const struct cpu *cpu, uint64_t eptp)
{
	const struct { uint64_t eptp, zero; } operand = { eptp, 0 };

	__asm__ volatile("invept %0, %1" : : "m"(operand), "r"(SINGLE_CONTEXT) : "cc", "memory");
	invalidation_record(BH_INVALIDATE_EPT, cpu->linux_cpu, cpu->cell->id, 0, eptp);
}

static void invalidate_vpid(const struct cpu *cpu, uint32_t vpid)
{
	const struct { uint64_t vpid, address; } operand = { vpid, 0 };

	__asm__ volatile("invvpid %0, %1" : : "m"(operand), "r"(SINGLE_CONTEXT) : "cc", "memory");
	invalidation_record(BH_INVALIDATE_INVVPID, cpu->linux_cpu, cpu->cell->id, vpid, 0);
}

void vcpu_invalidate_map(struct cpu *cpu)
{
	invalidate_ept(cpu, vmx_eptp(cpu->cell));
}

void vcpu_forget_owner(struct cpu *cpu, const struct cell *old_cell, uint32_t old_vpid)
{
	invalidate_vpid(cpu, old_vpid);
	invalidate_vpid(cpu, cpu->vpid);
	invalidate_ept(cpu, vmx_eptp(old_cell));
	invalidate_ept(cpu, vmx_eptp(cpu->cell));
}
