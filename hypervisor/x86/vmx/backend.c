/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VMX backend as the core sees it.
 */
#include "core/backend.h"

#include "core/test_devices.h"
#include "model/refuse.h"
#include "x86/guest/guest.h"
#include "x86/guest/memory.h"
#include "x86/vmx/vmx.h"

/* CPUID leaf 1, ECX bit 5 (SDM vol. 3C, 23.6). */
static bool vmx_is_present(void)
{
	return cpuid(1, 0).ecx >> 5 & 1;
}

static bool vmx_enter(struct cpu *cpu, struct bh_refusal *refusal)
{
	if (!vmx_check_features(cpu, refusal) || !vmx_on(cpu, refusal))
		return false;
	vmx_setup(cpu);
	if (!test_fails(cpu, BH_TEST_ENTRY)) {
		/* What has come since the bridge would wait for the first exit. */
		if (cpu->events)
			guest_take_events(cpu);
		vmx_launch(cpu);
	}
	refuse(refusal, "VM entry failed with instruction error %llu",
	       (unsigned long long)vmcs_read(VMCS_INSTRUCTION_ERROR));
	vcpu_off(cpu);
	return false;
}

extern const uint8_t guest_enter[], guest_enter_critical[], guest_enter_critical_end[];

/* All of VPID's 16 bits (SDM vol. 3C, 28.1). */
static uint32_t vmx_vpid_max(void)
{
	return 0xffff;
}

const struct backend vmx_backend = {
	.kind = BH_BACKEND_VMX,
	.is_present = vmx_is_present,
	.vpid_max = vmx_vpid_max,
	.critical = guest_enter_critical,
	.critical_end = guest_enter_critical_end,
	.again = guest_enter,
	.enter = vmx_enter,
	.leave = guest_leave,
	.open_page = guest_open_page,
	.map_pointer = vmx_eptp,
	.park = guest_stop,
	.take_interrupts = tables_drop_interrupt,
	.invalidate_map = vcpu_invalidate_map,
};
