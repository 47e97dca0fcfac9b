// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of a machine: filling it, asking it, writing it down. Where it comes from is
 * machine_live.c's and machine_file.c's.
 */
#include "machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

struct machine_cpu *machine_add_cpu(struct machine *machine, unsigned int number)
{
	struct machine_cpu *cpu;

	machine->cpus = must(reallocarray(machine->cpus, machine->cpu_count + 1, sizeof(*cpu)));
	cpu = &machine->cpus[machine->cpu_count++];
	*cpu = (struct machine_cpu){ .number = number };
	return cpu;
}

struct machine_register *machine_add_register(struct machine_cpu *cpu)
{
	struct machine_register *reg;

	cpu->registers = must(reallocarray(cpu->registers, cpu->count + 1, sizeof(*reg)));
	reg = &cpu->registers[cpu->count++];
	*reg = (struct machine_register){ 0 };
	return reg;
}

void machine_free(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->cpu_count; i++)
		free(machine->cpus[i].registers);
	free(machine->cpus);
	*machine = (struct machine){ 0 };
}

static const struct machine_register *find_register(const struct machine_cpu *cpu, bool is_msr,
						    uint32_t number, uint32_t subleaf)
{
	size_t i;

	for (i = 0; i < cpu->count; i++) {
		const struct machine_register *reg = &cpu->registers[i];

		if (reg->is_msr == is_msr && reg->number == number && reg->subleaf == subleaf)
			return reg;
	}
	return NULL;
}

static bool recorded_msr(void *context, uint32_t number, uint64_t *value)
{
	const struct machine_register *reg = find_register(context, true, number, 0);

	if (reg)
		*value = reg->value;
	return reg != NULL;
}

static bool recorded_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t output[4])
{
	const struct machine_register *reg = find_register(context, false, leaf, subleaf);

	if (reg)
		memcpy(output, reg->output, sizeof(reg->output));
	return reg != NULL;
}

static struct feature_reader recorded(const struct machine_cpu *cpu)
{
	return (struct feature_reader){
		.read_msr = recorded_msr,
		.read_cpuid = recorded_cpuid,
		.context = (void *)cpu,
	};
}

enum bh_backend machine_backend(const struct machine_cpu *cpu)
{
	const struct machine_register *vendor = find_register(cpu, false, 0, 0);

	return vendor && (vendor->output[CPUID_EBX] == BH_VENDOR_AMD ||
			  vendor->output[CPUID_EBX] == BH_VENDOR_HYGON) ? BH_BACKEND_SVM :
									BH_BACKEND_VMX;
}

void machine_capabilities(const struct machine_cpu *cpu, struct vmx_capabilities *capabilities)
{
	const struct feature_reader reader = recorded(cpu);

	vmx_capabilities_read(capabilities, &reader);
}

void machine_svm_capabilities(const struct machine_cpu *cpu, struct svm_capabilities *capabilities)
{
	const struct feature_reader reader = recorded(cpu);

	svm_capabilities_read(capabilities, &reader);
}

static void dump_register(const struct machine_register *reg, FILE *out)
{
	if (reg->is_msr)
		fprintf(out, "msr 0x%" PRIx32 " = 0x%" PRIx64 "\n", reg->number, reg->value);
	else
		fprintf(out, "cpuid 0x%" PRIx32 " %" PRIu32 " = 0x%08" PRIx32 " 0x%08" PRIx32
			" 0x%08" PRIx32 " 0x%08" PRIx32 "\n", reg->number, reg->subleaf,
			reg->output[CPUID_EAX], reg->output[CPUID_EBX], reg->output[CPUID_ECX],
			reg->output[CPUID_EDX]);
}

const char *const machine_iommu_words[MACHINE_IOMMUS] = {
	[IOMMU_ABSENT] = "absent", [IOMMU_VTD] = "vt-d", [IOMMU_AMDVI] = "amd-vi",
};

void machine_dump(const struct machine *machine, FILE *out)
{
	static const char *const kvm_words[] = {
		[KVM_ABSENT] = "absent", [KVM_IDLE] = "idle", [KVM_IN_USE] = "in-use",
	};
	size_t i, k;

	fputs("# A machine, as `bulkhead hardware check --dump' saw it; --from reads it.\n", out);
	if (machine->kernel[0])
		fprintf(out, "kernel = %s\n", machine->kernel);
	fprintf(out, "paging = %d\n", machine->five_levels ? 5 : 4);
	fprintf(out, "events = %s\n", machine->fred ? "fred" : "idt");
	fprintf(out, "kvm = %s\n", kvm_words[machine->kvm]);
	if (machine->iommu != IOMMU_UNKNOWN)
		fprintf(out, "iommu = %s\n", machine_iommu_words[machine->iommu]);
	for (i = 0; i < machine->cpu_count; i++) {
		fprintf(out, "cpu %u\n", machine->cpus[i].number);
		for (k = 0; k < machine->cpus[i].count; k++)
			dump_register(&machine->cpus[i].registers[k], out);
	}
}
