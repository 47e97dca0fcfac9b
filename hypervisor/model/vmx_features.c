// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers that tell of VMX features, and the questions that the table of features answers.
 * The order of vmx_registers is the order of reading: whether one exists is told by registers
 * above it.
 */
#include "model/vmx_features.h"
#include "model/refuse.h"
#include "model/text.h"

#define OFFSET(member) ((uint16_t)offsetof(struct vmx_capabilities, member))

#define CPUID(member, label, leaf, sub, out) \
	{ .name = label, .kind = VMX_REGISTER_CPUID, .offset = OFFSET(member), .number = leaf, \
	  .subleaf = sub, .output = out }
#define MSR(member, label, index, true_index) \
	{ .name = label, .kind = VMX_REGISTER_MSR, .offset = OFFSET(member), .number = index, \
	  .true_number = true_index }

const struct vmx_register vmx_registers[] = {
	CPUID(cpuid_0_eax,        "CPUID.0:EAX",           0x0, 0, CPUID_EAX),
	CPUID(cpuid_1_ecx,        "CPUID.1:ECX",           0x1, 0, CPUID_ECX),
	CPUID(cpuid_1_edx,        "CPUID.1:EDX",           0x1, 0, CPUID_EDX),
	CPUID(cpuid_7_ebx,        "CPUID.7.0:EBX",         0x7, 0, CPUID_EBX),
	CPUID(cpuid_7_ecx,        "CPUID.7.0:ECX",         0x7, 0, CPUID_ECX),
	CPUID(cpuid_7_edx,        "CPUID.7.0:EDX",         0x7, 0, CPUID_EDX),
	CPUID(cpuid_d_1_eax,      "CPUID.0DH.1:EAX",       0xd, 1, CPUID_EAX),
	CPUID(cpuid_80000000_eax, "CPUID.80000000H:EAX",   0x80000000, 0, CPUID_EAX),
	CPUID(cpuid_80000001_edx, "CPUID.80000001H:EDX",   0x80000001, 0, CPUID_EDX),
	CPUID(cpuid_80000007_edx, "CPUID.80000007H:EDX",   0x80000007, 0, CPUID_EDX),
	CPUID(cpuid_80000008_eax, "CPUID.80000008H:EAX",   0x80000008, 0, CPUID_EAX),
	MSR(feature_control,      "IA32_FEATURE_CONTROL",    0x03a, 0),
	MSR(basic,                "IA32_VMX_BASIC",          0x480, 0),
	MSR(pinbased,             "IA32_VMX_PINBASED_CTLS",  0x481, 0x48d),
	MSR(procbased,            "IA32_VMX_PROCBASED_CTLS", 0x482, 0x48e),
	MSR(exit,                 "IA32_VMX_EXIT_CTLS",      0x483, 0x48f),
	MSR(entry,                "IA32_VMX_ENTRY_CTLS",     0x484, 0x490),
	MSR(misc,                 "IA32_VMX_MISC",           0x485, 0),
	MSR(cr0_fixed0,           "IA32_VMX_CR0_FIXED0",     0x486, 0),
	MSR(cr0_fixed1,           "IA32_VMX_CR0_FIXED1",     0x487, 0),
	MSR(cr4_fixed0,           "IA32_VMX_CR4_FIXED0",     0x488, 0),
	MSR(cr4_fixed1,           "IA32_VMX_CR4_FIXED1",     0x489, 0),
	MSR(procbased2,           "IA32_VMX_PROCBASED_CTLS2", 0x48b, 0),
	MSR(ept_vpid,             "IA32_VMX_EPT_VPID_CAP",   0x48c, 0),
	MSR(arch_capabilities,    "IA32_ARCH_CAPABILITIES",  0x10a, 0),
};

const unsigned int vmx_register_count = BH_ARRAY_SIZE(vmx_registers);

_Static_assert(BH_ARRAY_SIZE(vmx_registers) <= 64, "one bit each in vmx_capabilities.unreadable");

#define ROW(needed, how, member, number, shown, shown_number, label, without) \
	{ .name = label, .need = needed, .check = how, .bit = number, .shown_bit = shown_number, \
	  .register_offset = OFFSET(member), .shown_offset = OFFSET(shown) },

const struct vmx_feature vmx_features[] = {
#include "model/vmx_features_table.h"
};

const unsigned int vmx_feature_count = BH_ARRAY_SIZE(vmx_features);

#define VMX_SHOWN             (1ULL << 5)  /* of cpuid_1_ecx */
#define ARCH_SHOWN            (1ULL << 29) /* of cpuid_7_edx */
#define TRUE_CONTROLS         (1ULL << 55) /* of basic */
#define SECONDARY_CONTROLS    (1ULL << 63) /* of procbased */
#define EPT_OR_VPID           (1ULL << 33 | 1ULL << 37) /* of procbased2 */

static uint64_t value_at(const struct vmx_capabilities *capabilities, uint16_t offset)
{
	return *(const uint64_t *)((const char *)capabilities + offset);
}

static bool register_exists(const struct vmx_register *reg, const struct vmx_capabilities *c)
{
	if (reg->kind == VMX_REGISTER_CPUID) {
		if (reg->number == 0 || reg->number == 0x80000000)
			return true;
		return reg->number <= (reg->number < 0x80000000 ? c->cpuid_0_eax :
								    c->cpuid_80000000_eax);
	}
	if (!(c->cpuid_1_ecx & VMX_SHOWN))
		return false;
	if (reg->offset == OFFSET(procbased2))
		return c->procbased & SECONDARY_CONTROLS;
	if (reg->offset == OFFSET(ept_vpid))
		return c->procbased2 & EPT_OR_VPID;
	if (reg->offset == OFFSET(arch_capabilities))
		return c->cpuid_7_edx & ARCH_SHOWN;
	return true;
}

static bool register_read(const struct vmx_register *reg, const struct vmx_capabilities *c,
			  const struct feature_reader *reader, uint64_t *value)
{
	uint32_t output[4] = { 0 };
	uint32_t number = reg->number;

	if (reg->kind == VMX_REGISTER_CPUID) {
		if (!reader->read_cpuid(reader->context, reg->number, reg->subleaf, output))
			return false;
		*value = output[reg->output];
		return true;
	}
	if (reg->true_number && c->basic & TRUE_CONTROLS)
		number = reg->true_number;
	return reader->read_msr(reader->context, number, value);
}

void vmx_capabilities_read(struct vmx_capabilities *capabilities,
			   const struct feature_reader *reader)
{
	unsigned int i;

	*capabilities = (struct vmx_capabilities){ 0 };
	for (i = 0; i < vmx_register_count; i++) {
		const struct vmx_register *reg = &vmx_registers[i];
		uint64_t value = 0;

		if (!register_exists(reg, capabilities))
			continue;
		if (!register_read(reg, capabilities, reader, &value)) {
			capabilities->unreadable |= 1ULL << i;
			value = 0;
		}
		*(uint64_t *)((char *)capabilities + reg->offset) = value;
	}
}

/* Every offset in the table is one of a register: the unit test walks them all. */
static unsigned int register_index(uint16_t offset)
{
	unsigned int i;

	for (i = 0; i < vmx_register_count - 1; i++)
		if (vmx_registers[i].offset == offset)
			break;
	return i;
}

const struct vmx_register *vmx_feature_register(const struct vmx_feature *feature)
{
	return &vmx_registers[register_index(feature->register_offset)];
}

bool vmx_feature_present(const struct vmx_feature *feature,
			 const struct vmx_capabilities *capabilities)
{
	uint64_t value = value_at(capabilities, feature->register_offset);

	if (!vmx_feature_known(feature, capabilities) ||
	    !register_exists(vmx_feature_register(feature), capabilities))
		return false;
	switch (feature->check) {
	case VMX_CHECK_CONTROL:
		return value >> (32 + feature->bit) & 1;
	case VMX_CHECK_FEATURE_CONTROL:
		return !(value & FEATURE_CONTROL_LOCK) || value & FEATURE_CONTROL_VMX;
	case VMX_CHECK_WIDTH:
		return (value & 0xff) >= feature->bit;
	default:
		return value >> feature->bit & 1;
	}
}

/* Where secondary controls or EPT could not be read, it is not known whether the rest exists. */
bool vmx_feature_known(const struct vmx_feature *feature,
		       const struct vmx_capabilities *capabilities)
{
	uint64_t needed = 1ULL << register_index(feature->register_offset);

	if (feature->register_offset == OFFSET(ept_vpid))
		needed |= 1ULL << register_index(OFFSET(procbased2));
	if (feature->register_offset == OFFSET(ept_vpid) ||
	    feature->register_offset == OFFSET(procbased2))
		needed |= 1ULL << register_index(OFFSET(procbased));
	return !(capabilities->unreadable & needed);
}

bool vmx_feature_required(const struct vmx_feature *feature,
			  const struct vmx_capabilities *capabilities)
{
	if (feature->need == FEATURE_REQUIRED_IF_SHOWN)
		return value_at(capabilities, feature->shown_offset) >> feature->shown_bit & 1;
	return feature->need == FEATURE_REQUIRED;
}

/* Missing for its own sake: an MSR that does not exist is the fault of a feature above it. */
static bool feature_missing(const struct vmx_feature *feature, const struct vmx_capabilities *c)
{
	const struct vmx_register *reg = vmx_feature_register(feature);

	return vmx_feature_required(feature, c) && vmx_feature_known(feature, c) &&
	       !vmx_feature_present(feature, c) &&
	       (reg->kind == VMX_REGISTER_CPUID || register_exists(reg, c));
}

size_t vmx_feature_place(const struct vmx_feature *feature, char *text, size_t size)
{
	const char *reg = vmx_feature_register(feature)->name;

	if (feature->check == VMX_CHECK_WIDTH)
		return text_format(text, size, "%s bits 7:0", reg);
	return text_format(text, size, "%s bit %u", reg,
			   feature->check == VMX_CHECK_CONTROL ? feature->bit + 32u :
								 (unsigned int)feature->bit);
}

static bool is_named(const struct feature_list *list, unsigned int row)
{
	return vmx_features[row].check != VMX_CHECK_FEATURE_CONTROL &&
	       feature_missing(&vmx_features[row], list->capabilities);
}

static size_t name_feature(unsigned int row, bool with_place, char *text, size_t size)
{
	const struct vmx_feature *feature = &vmx_features[row];
	char place[48];

	if (!with_place)
		return text_format(text, size, "%s", feature->name);
	vmx_feature_place(feature, place, sizeof(place));
	return text_format(text, size, "%s (%s)", feature->name, place);
}

unsigned int vmx_features_missing(const struct vmx_capabilities *capabilities,
				  struct bh_refusal *refusal)
{
	const struct feature_list list = {
		.is_missing = is_named, .name = name_feature, .capabilities = capabilities,
		.count = vmx_feature_count,
	};
	const char *lead = "this processor lacks ";
	unsigned int missing = 0;
	size_t length = 0;
	unsigned int i;

	for (i = 0; i < vmx_feature_count; i++) {
		if (!feature_missing(&vmx_features[i], capabilities))
			continue;
		missing++;
		if (vmx_features[i].check == VMX_CHECK_FEATURE_CONTROL)
			lead = "; this processor lacks ";
	}
	if (!refusal || !missing)
		return missing;
	if (lead[0] == ';')
		length = text_format(refusal->text, sizeof(refusal->text),
				     "VMX is locked off by firmware (IA32_FEATURE_CONTROL bit 0 "
				     "is 1, bit 2 is 0): enable it in the firmware's set-up");
	features_refuse(&list, lead, length, refusal);
	return missing;
}

uint32_t vmx_adjust(uint64_t capability, uint32_t wanted)
{
	return (wanted | (uint32_t)capability) & (uint32_t)(capability >> 32);
}
