/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Segments and tables of the VMCB in the form that the rest of the hypervisor knows, and what the
 * processor keeps in memory.
 */
#include "model/svm_features.h"
#include "x86/guest/memory.h"
#include "x86/svm/svm.h"
#include "x86/window.h"

static struct vmcb_segment *segment_of(const struct cpu *cpu, enum segment segment)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	switch (segment) {
	case SEG_ES:
		return &vmcb->es;
	case SEG_CS:
		return &vmcb->cs;
	case SEG_SS:
		return &vmcb->ss;
	case SEG_DS:
		return &vmcb->ds;
	case SEG_FS:
		return &vmcb->fs;
	case SEG_GS:
		return &vmcb->gs;
	case SEG_LDTR:
		return &vmcb->ldtr;
	default:
		return &vmcb->tr;
	}
}

struct bh_segment vcpu_segment(const struct cpu *cpu, enum segment segment)
{
	const struct vmcb_segment *s = segment_of(cpu, segment);
	uint32_t attributes = s->attributes;

	return (struct bh_segment){
		.base = s->base, .limit = s->limit, .selector = s->selector,
		.rights = attributes & ATTRIBUTE_PRESENT ?
				  (attributes & 0xff) | (attributes & 0xf00) << 4 :
				  RIGHTS_UNUSABLE,
	};
}

void vcpu_set_segment(struct cpu *cpu, enum segment segment, const struct bh_segment *state)
{
	uint32_t rights = state->rights & RIGHTS_UNUSABLE ? 0 : state->rights;

	*segment_of(cpu, segment) = (struct vmcb_segment){
		.base = state->base, .limit = state->limit,
		.selector = (uint16_t)state->selector,
		.attributes = (uint16_t)((rights & 0xff) | (rights >> 4 & 0xf00)),
	};
	/* A field of its own here; in VMX it is the DPL of SS. */
	if (segment == SEG_SS)
		vmcb_of(cpu)->cpl = (uint8_t)RIGHTS_DPL(rights);
}

uint64_t vcpu_base(const struct cpu *cpu, enum segment segment)
{
	return segment_of(cpu, segment)->base;
}

struct bh_descriptor_table vcpu_gdtr(const struct cpu *cpu)
{
	const struct vmcb_segment *table = &vmcb_of(cpu)->gdtr;

	return (struct bh_descriptor_table){ .base = table->base, .limit = (uint16_t)table->limit };
}

struct bh_descriptor_table vcpu_idtr(const struct cpu *cpu)
{
	const struct vmcb_segment *table = &vmcb_of(cpu)->idtr;

	return (struct bh_descriptor_table){ .base = table->base, .limit = (uint16_t)table->limit };
}

void vcpu_set_gdtr(struct cpu *cpu, const struct bh_descriptor_table *table)
{
	vmcb_of(cpu)->gdtr.base = table->base;
	vmcb_of(cpu)->gdtr.limit = table->limit;
}

void vcpu_set_idtr(struct cpu *cpu, const struct bh_descriptor_table *table)
{
	vmcb_of(cpu)->idtr.base = table->base;
	vmcb_of(cpu)->idtr.limit = table->limit;
}

void vcpu_read_pdptes(struct cpu *cpu, uint64_t pdptes[4])
{
	const uint64_t *table = NULL;
	unsigned int i;
	hpa_t phys;

	if (guest_translate(cpu, GPA((uint32_t)vcpu_cr3(cpu) & ~31u), &phys))
		table = window_open(cpu, phys);
	for (i = 0; i < 4; i++)
		pdptes[i] = table ? table[i] : 0;
	window_close(cpu);
}

/* What VMLOAD brings in, and what VMRUN switches besides what guest_reset() sets. */
void vcpu_forget_registers(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	vmcb->star = 0;
	vmcb->lstar = 0;
	vmcb->cstar = 0;
	vmcb->sfmask = 0;
	vmcb->kernel_gs_base = 0;
	vmcb->s_cet = 0;
	vmcb->ssp = 0;
	vmcb->isst = 0;
	vmcb->spec_ctrl = 0;
	vmcb->cr2 = 0;
	vmcb->dr6 = DR6_RESET;
}

static bool has_virtual_spec_ctrl(void)
{
	return cpuid(CPUID_SVM, 0).edx & SVM_SPEC_CTRL;
}

/* Registers that VMRUN switches where the processor has them: as Linux has them. */
void svm_fill_guarded(struct vmcb *vmcb)
{
	if (!guarded_rdmsr(MSR_S_CET, &vmcb->s_cet))
		vmcb->s_cet = 0;
	if (!guarded_rdmsr(MSR_ISST, &vmcb->isst))
		vmcb->isst = 0;
	if (!has_virtual_spec_ctrl() || !guarded_rdmsr(MSR_SPEC_CTRL, &vmcb->spec_ctrl))
		vmcb->spec_ctrl = 0;
}

/* And back, as root has changed them since. */
void svm_load_guarded(const struct vmcb *vmcb)
{
	if (has_virtual_spec_ctrl())
		guarded_wrmsr(MSR_SPEC_CTRL, vmcb->spec_ctrl);
}
