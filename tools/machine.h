/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine says about itself, as far as Bulkhead asks: CPUID and capability MSRs of each CPU,
 * and a few facts of its Linux. Read from the machine at hand, or from a file that was written on
 * another one. What of it is good or bad is not decided here.
 */
#ifndef TOOLS_MACHINE_H
#define TOOLS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <bulkhead/call.h>

#include "model/svm_features.h"
#include "model/vmx_features.h"

/* One CPUID leaf or one MSR. */
struct machine_register {
	bool is_msr;
	uint32_t number; /* leaf or MSR */
	uint32_t subleaf;
	uint32_t output[4]; /* of CPUID */
	uint64_t value;     /* of an MSR */
};

struct machine_cpu {
	unsigned int number;
	struct machine_register *registers;
	size_t count;
};

enum machine_kvm {
	KVM_ABSENT, /* kvm_intel or kvm_amd is not loaded */
	KVM_IDLE,   /* loaded, and VMX or SVM is off */
	KVM_IN_USE, /* it is on */
};

/* As ACPI tells of it. */
enum machine_iommu {
	IOMMU_UNKNOWN, /* a file does not say */
	IOMMU_ABSENT,
	IOMMU_VTD,
	IOMMU_AMDVI,
	MACHINE_IOMMUS
};

/* As files of machines have them; of what is unknown null. */
extern const char *const machine_iommu_words[MACHINE_IOMMUS];

struct machine {
	struct machine_cpu *cpus;
	size_t cpu_count;
	char kernel[64];     /* release; empty if unknown */
	bool five_levels;    /* Linux uses 5-level paging */
	bool fred;           /* Linux takes events by FRED, not by an IDT */
	enum machine_kvm kvm;
	enum machine_iommu iommu;
	bool msrs_missing;   /* the MSRs of a CPU could not be read; msr_error says why */
	int msr_error;
};

/* The machine at hand. False with a complaint where it cannot be read at all. */
bool machine_read(struct machine *machine, const char *verb);

/* A machine from a file, and into one; the first complains with file and line. */
bool machine_load(struct machine *machine, const char *verb, const char *path);
void machine_dump(const struct machine *machine, FILE *out);

void machine_free(struct machine *machine);

/* For whoever fills a machine. Both end the program where there is no memory left. */
struct machine_cpu *machine_add_cpu(struct machine *machine, unsigned int number);
struct machine_register *machine_add_register(struct machine_cpu *cpu);

/* Which backend a CPU is for, by its vendor. */
enum bh_backend machine_backend(const struct machine_cpu *cpu);

/* What the tables of features are asked about. */
void machine_capabilities(const struct machine_cpu *cpu, struct vmx_capabilities *capabilities);
void machine_svm_capabilities(const struct machine_cpu *cpu,
			      struct svm_capabilities *capabilities);

#endif
