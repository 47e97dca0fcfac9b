/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Bulkhead needs of a processor with SVM and what it makes use of: one row a feature, as
 * vmx_features.h has them for VMX. The hypervisor refuses by this table, `bulkhead hardware check`
 * prints it.
 */
#ifndef MODEL_SVM_FEATURES_H
#define MODEL_SVM_FEATURES_H

#include "model/features.h"

/* The registers that tell, as read; 0 where a leaf does not exist (APM vol. 3, appendix E). */
struct svm_capabilities {
	uint64_t cpuid_1_ecx;
	uint64_t cpuid_1_edx;
	uint64_t cpuid_80000001_ecx;
	uint64_t cpuid_80000001_edx;
	uint64_t cpuid_80000007_edx;
	uint64_t cpuid_80000008_eax;
	uint64_t revision;      /* 8000000AH, EAX */
	uint64_t asids;         /* EBX */
	uint64_t features;      /* EDX */
	uint64_t vm_cr;
	bool vm_cr_unreadable;
};

#define CPUID_SVM 0x8000000au /* its leaf: ASIDs and features (APM vol. 2, 15.4) */

#define SVM_SPEC_CTRL (1u << 20) /* VMRUN switches IA32_SPEC_CTRL */

#define MSR_VM_CR    0xc0010114u /* APM vol. 2, 15.30.1 */
#define VM_CR_LOCK   (1ULL << 3)
#define VM_CR_SVMDIS (1ULL << 4)

enum svm_check {
	SVM_CHECK_BIT,   /* the bit is 1 */
	SVM_CHECK_CLEAR, /* the bit is 0 */
	SVM_CHECK_WIDTH, /* bits 7:0 are at least `bit` */
	SVM_CHECK_ASIDS, /* one for each CPU besides 0, which is the hypervisor's */
};

struct svm_feature {
	const char *name;
	const char *register_name; /* the manual's */
	uint8_t need;              /* enum feature_need */
	uint8_t check;             /* enum svm_check */
	uint8_t bit;
	uint16_t offset;           /* in struct svm_capabilities */
};

extern const struct svm_feature svm_features[];
extern const unsigned int svm_feature_count;

/* Reads every register that exists, and none that does not. */
void svm_capabilities_read(struct svm_capabilities *capabilities,
			   const struct feature_reader *reader);

/* What it means that the machine does not have it, in words. */
const char *svm_feature_without(const struct svm_feature *feature);

/* Does the machine, which has so many CPUs, show the feature? */
bool svm_feature_present(const struct svm_feature *feature,
			 const struct svm_capabilities *capabilities, uint32_t cpus);

/* False where the register exists but could not be read. */
bool svm_feature_known(const struct svm_feature *feature,
		       const struct svm_capabilities *capabilities);

/* How many needed features the machine is known to lack; the refusal names them with register. */
unsigned int svm_features_missing(const struct svm_capabilities *capabilities, uint32_t cpus,
				  struct bh_refusal *refusal);

/* Writes where it is told: "REGISTER bit N". Returns its length. */
size_t svm_feature_place(const struct svm_feature *feature, char *text, size_t size);

#endif
