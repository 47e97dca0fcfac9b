/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SVM backend as the core sees it.
 */
#include "core/backend.h"

#include "core/test_devices.h"
#include "model/refuse.h"
#include "model/svm_features.h"
#include "x86/guest/guest.h"
#include "x86/guest/memory.h"
#include "x86/svm/svm.h"

/* CPUID leaf 8000_0001, ECX bit 2 (APM vol. 2, 15.4). */
static bool svm_is_present(void)
{
	return cpuid(0x80000000, 0).eax >= CPUID_SVM && (cpuid(0x80000001, 0).ecx >> 2 & 1);
}

static bool svm_enter(struct cpu *cpu, struct bh_refusal *refusal)
{
	if (!svm_check_features(cpu, refusal) || !svm_on(cpu, refusal))
		return false;
	svm_setup(cpu);
	if (!test_fails(cpu, BH_TEST_ENTRY))
		svm_launch(cpu);
	refuse(refusal, "VM entry failed: the processor refuses the VMCB");
	vcpu_off(cpu);
	return false;
}

static uint64_t svm_map_pointer(const struct cell *cell)
{
	return cell->map.root.v;
}

static void svm_take_interrupts(void)
{
	__asm__ volatile("stgi" : : : "memory");
	tables_drop_interrupt();
	__asm__ volatile("clgi" : : : "memory");
}

/* ASIDs that there are, less 0, which is the hypervisor's (15.16). */
static uint32_t svm_vpid_max(void)
{
	return cpuid(CPUID_SVM, 0).ebx - 1;
}

extern const uint8_t svm_idle[], svm_idle_end[], svm_idle_again[];

const struct backend svm_backend = {
	.kind = BH_BACKEND_SVM,
	.is_present = svm_is_present,
	.vpid_max = svm_vpid_max,
	.critical = svm_idle,
	.critical_end = svm_idle_end,
	.again = svm_idle_again,
	.enter = svm_enter,
	.leave = guest_leave,
	.open_page = guest_open_page,
	.map_pointer = svm_map_pointer,
	.park = guest_stop,
	.take_interrupts = svm_take_interrupts,
	.invalidate_map = vcpu_invalidate_map,
};
