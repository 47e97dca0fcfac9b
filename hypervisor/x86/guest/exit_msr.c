/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSR accesses that the bitmap does not let through: served as the policy's table says, or denied.
 */
#include "core/cell.h"
#include "core/hypervisor.h"
#include "vcpu.h"
#include "x86/apic.h"
#include "x86/guest/exits.h"
#include "x86/guest/fault.h"
#include "x86/guest/skip.h"
#include "x86/icr.h"
#include "model/msr_policy.h"
#include "model/svm_features.h"
#include "model/vmx_features.h"
#include "x86/msr.h"

static __attribute__((noinline, cold)) void deny(struct cpu *cpu, uint32_t access, uint64_t value)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_MSR, .access = access, .size = 8,
		.place = (uint32_t)cpu->gprs[GPR_RCX],
		.value = value, .has_value = access == BH_ACCESS_WRITE,
	};

	if (fault_raise(cpu, &attempt))
		vcpu_inject_code(cpu, VECTOR_GP, 0);
}

static void return_value(struct cpu *cpu, uint64_t value)
{
	cpu->gprs[GPR_RAX] = (uint32_t)value;
	cpu->gprs[GPR_RDX] = value >> 32;
	vcpu_skip(cpu);
}

/* In the mode that the guest has, whatever the APIC's own one is. */
static uint64_t apic_base(const struct cpu *cpu)
{
	uint64_t base = msr_read(MSR_APIC_BASE);

	return cpu->apic_page == APIC_PAGE_SHADOW ? base & ~APIC_BASE_X2APIC : base;
}

/* One that the permission map has no bit for. */
static void forward_read(struct cpu *cpu)
{
	uint64_t value;

	if (guarded_rdmsr((uint32_t)cpu->gprs[GPR_RCX], &value))
		return_value(cpu, value);
	else
		vcpu_inject_code(cpu, VECTOR_GP, 0);
}

void exit_rdmsr(struct cpu *cpu)
{
	const struct msr_row *row = msr_served_find(&cpu->cell->msrs, (uint32_t)cpu->gprs[GPR_RCX]);

	switch (row ? row->read : MSR_DENY) {
	case MSR_SHOW_FEATURES:
		return_value(cpu, row->first == MSR_VM_CR ? VM_CR_SVMDIS | VM_CR_LOCK :
							    FEATURE_CONTROL_LOCK);
		break;
	case MSR_CHECK_APIC_BASE:
		return_value(cpu, apic_base(cpu));
		break;
	case MSR_FORWARD:
		forward_read(cpu);
		break;
	case MSR_SWITCHED:
		return_value(cpu, vcpu_efer(cpu));
		break;
	case MSR_IGNORE:
		return_value(cpu, 0);
		break;
	default:
		deny(cpu, BH_ACCESS_READ, 0);
		break;
	}
}

/*
 * The APIC stays where it is and stays on; between xAPIC and x2APIC mode the guest may choose, as
 * far as the processor lets it (SDM vol. 3A, 10.12.5).
 */
static __attribute__((noinline, cold)) void write_apic_base(struct cpu *cpu, uint64_t value)
{
	uint64_t mode = APIC_BASE_X2APIC | APIC_BASE_ENABLE;
	uint64_t now = apic_base(cpu);
	const struct attempt attempt = {
		.kind = BH_FAULT_CONTROL, .access = BH_ACCESS_WRITE, .size = 8,
		.place = MSR_APIC_BASE, .value = value, .has_value = true,
	};

	if (!VCPU_EMULATES_APIC && (value & ~now & APIC_BASE_X2APIC) &&
	    (hypervisor.config.board->flags & BH_BOARD_APIC_STAYS)) {
		vcpu_inject_code(cpu, VECTOR_GP, 0);
		return;
	}
	if ((value & ~mode) == (now & ~mode) && (value & APIC_BASE_ENABLE)) {
		if (cpu->apic_page == APIC_PAGE_SHADOW && !(value & APIC_BASE_X2APIC)) {
			vcpu_skip(cpu); /* as it is */
		} else if (guarded_wrmsr(MSR_APIC_BASE, value)) {
			vcpu_end_apic_shadow(cpu);
			apic_look(cpu);
			vcpu_skip(cpu);
		} else {
			vcpu_inject_code(cpu, VECTOR_GP, 0);
		}
		return;
	}
	if (fault_raise(cpu, &attempt))
		vcpu_inject_code(cpu, VECTOR_GP, 0);
}

/* What does not go out as it is. A denied one is answered here, by the cell's policy. */
static __attribute__((noinline, cold)) enum icr_verdict filter_icr(struct cpu *cpu, uint64_t value)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_INTERRUPT, .access = BH_ACCESS_WRITE, .size = 8,
		.place = value >> 32, .value = value, .has_value = true,
	};
	enum icr_verdict verdict = icr_filter(cpu, true, (uint32_t)value, (uint32_t)(value >> 32));

	if (verdict == ICR_DENIED && fault_raise(cpu, &attempt))
		vcpu_skip(cpu);
	return verdict;
}

static void write_icr(struct cpu *cpu, uint64_t value)
{
	enum icr_verdict verdict = ICR_WRITE;

	if (!icr_stays_inside(&cpu->cell->icr, true, (uint32_t)value, (uint32_t)(value >> 32)))
		verdict = filter_icr(cpu, value);
	if (verdict == ICR_DENIED)
		return;
	if (verdict == ICR_WRITE && !guarded_wrmsr(MSR_X2APIC_ICR, value))
		vcpu_inject_code(cpu, VECTOR_GP, 0);
	else
		vcpu_skip(cpu);
}

/* A local vector, told by its offset as in xAPIC mode. */
static __attribute__((noinline, cold)) void write_local(struct cpu *cpu, uint32_t msr,
							uint64_t value)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_APIC, .access = BH_ACCESS_WRITE, .size = 8,
		.place = (uint64_t)(msr - apic_msr(0)) * 16, .value = value, .has_value = true,
	};

	if (!apic_local_is_own((uint32_t)attempt.place, (uint32_t)value)) {
		if (fault_raise(cpu, &attempt))
			vcpu_skip(cpu);
	} else if (guarded_wrmsr(msr, value)) {
		vcpu_skip(cpu);
	} else {
		vcpu_inject_code(cpu, VECTOR_GP, 0);
	}
}

/*
 * Where a bit of it is the hypervisor's. The processor itself is asked whether it takes the value,
 * with the bits of the hypervisor's own mode as they are; it keeps LMA, and LME while there is
 * paging (APM vol. 2, 3.1.7).
 */
static __attribute__((noinline, cold)) void write_efer(struct cpu *cpu, uint64_t value)
{
	const uint64_t ours = EFER_LME | EFER_LMA | EFER_NXE | EFER_SVME;
	uint64_t before, own;
	bool paging;

	if (!VCPU_EFER_EXITS || (value & EFER_SVME)) {
		deny(cpu, BH_ACCESS_WRITE, value);
		return;
	}
	before = vcpu_efer(cpu);
	own = msr_read(MSR_EFER);
	paging = vcpu_cr0(cpu) & CR0_PG;
	if ((paging && ((value ^ before) & EFER_LME)) ||
	    !guarded_wrmsr(MSR_EFER, (value & ~ours) | (own & ours))) {
		vcpu_inject_code(cpu, VECTOR_GP, 0);
		return;
	}
	msr_write(MSR_EFER, own);
	vcpu_set_efer(cpu, (value & ~EFER_LMA) | (before & EFER_LMA));
	vcpu_skip(cpu);
}

void exit_wrmsr(struct cpu *cpu)
{
	uint32_t msr = (uint32_t)cpu->gprs[GPR_RCX];
	uint64_t value = (uint32_t)cpu->gprs[GPR_RAX] | cpu->gprs[GPR_RDX] << 32;
	const struct msr_row *row;

	/* Before the search in the table: the one that is written all the time. */
	if (msr == MSR_X2APIC_ICR && cpu->apic.x2apic) {
		write_icr(cpu, value);
		return;
	}
	row = msr_served_find(&cpu->cell->msrs, msr);
	switch (row ? row->write : MSR_DENY) {
	case MSR_CHECK_APIC_BASE:
		write_apic_base(cpu, value);
		break;
	case MSR_FORWARD:
		if (guarded_wrmsr(msr, value))
			vcpu_skip(cpu);
		else
			vcpu_inject_code(cpu, VECTOR_GP, 0);
		break;
	case MSR_SWITCHED:
		write_efer(cpu, value);
		break;
	case MSR_IGNORE:
		vcpu_skip(cpu);
		break;
	case MSR_CHECK_LOCAL:
		write_local(cpu, msr, value);
		break;
	case MSR_FILTER_ICR: /* in xAPIC mode the register is not there */
		vcpu_inject_code(cpu, VECTOR_GP, 0);
		break;
	default:
		deny(cpu, BH_ACCESS_WRITE, value);
		break;
	}
}
