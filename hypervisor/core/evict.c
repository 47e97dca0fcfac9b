/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Evicts a CPU at disable. Wherever its guest is, it goes on there on bare metal: in Linux's loop
 * for dead CPUs. A CPU that waits for SIPI has no such place; it gets a real INIT and waits in
 * hardware.
 */
#include "core/evict.h"

#include "core/cell.h"
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "x86/apic.h"

int64_t evict_cpu(struct cpu *caller, uint64_t index)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);
	struct cpu *cpu;

	if (index >= hypervisor.layout.cpu_count || index == caller->index)
		return BH_ERROR_ARGUMENT;
	cpu = cpu_at((uint32_t)index);
	if (cpu->cell != caller->cell)
		return BH_ERROR_DENIED;
	if (cpu->halt == CPU_LEFT)
		return 0;
	cpu_post(cpu, CPU_EVENT_LEAVE);
	apic_kick(cpu);
	while (__atomic_load_n(&cpu->halt, __ATOMIC_ACQUIRE) != CPU_LEFT) {
		if (cpu->halt == CPU_LEFT_WAITING) {
			apic_send_init(cpu);
			return 0;
		}
		if (deadline_is_over(deadline))
			return BH_ERROR_TIMEOUT;
		__builtin_ia32_pause();
	}
	return 0;
}
