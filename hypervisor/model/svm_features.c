// SPDX-License-Identifier: GPL-2.0-only
/* The questions that the table of SVM features answers. See svm_features.h. */
#include "model/svm_features.h"

#include "model/refuse.h"
#include "model/text.h"

#define ROW(needed, how, member, reg, number, label, without) \
	{ .name = label, .register_name = reg, .need = needed, .check = how, .bit = number, \
	  .offset = offsetof(struct svm_capabilities, member) },

const struct svm_feature svm_features[] = {
#include "model/svm_features_table.h"
};

const unsigned int svm_feature_count = BH_ARRAY_SIZE(svm_features);

#define LEAF_HIGHEST  0x80000000u
#define LEAF_FEATURES 0x80000001u
#define LEAF_POWER    0x80000007u
#define LEAF_SIZES    0x80000008u
#define ECX_SVM       (1u << 2)

/* All zeros where the processor has no such leaf. */
static void read_leaf(const struct feature_reader *reader, uint32_t highest, uint32_t leaf,
		      uint32_t output[4])
{
	unsigned int i;

	if (leaf <= highest && reader->read_cpuid(reader->context, leaf, 0, output))
		return;
	for (i = 0; i < 4; i++)
		output[i] = 0;
}

void svm_capabilities_read(struct svm_capabilities *capabilities,
			   const struct feature_reader *reader)
{
	uint32_t out[4], highest;

	*capabilities = (struct svm_capabilities){ 0 };
	read_leaf(reader, 1, 1, out);
	capabilities->cpuid_1_ecx = out[CPUID_ECX];
	capabilities->cpuid_1_edx = out[CPUID_EDX];
	read_leaf(reader, LEAF_HIGHEST, LEAF_HIGHEST, out);
	highest = out[CPUID_EAX];
	read_leaf(reader, highest, LEAF_FEATURES, out);
	capabilities->cpuid_80000001_ecx = out[CPUID_ECX];
	capabilities->cpuid_80000001_edx = out[CPUID_EDX];
	read_leaf(reader, highest, LEAF_POWER, out);
	capabilities->cpuid_80000007_edx = out[CPUID_EDX];
	read_leaf(reader, highest, LEAF_SIZES, out);
	capabilities->cpuid_80000008_eax = out[CPUID_EAX];
	if (!(capabilities->cpuid_80000001_ecx & ECX_SVM))
		return;
	read_leaf(reader, highest, CPUID_SVM, out);
	capabilities->revision = out[CPUID_EAX];
	capabilities->asids = out[CPUID_EBX];
	capabilities->features = out[CPUID_EDX];
	capabilities->vm_cr_unreadable =
		!reader->read_msr(reader->context, MSR_VM_CR, &capabilities->vm_cr);
}

static uint64_t value_of(const struct svm_feature *feature, const struct svm_capabilities *c)
{
	return *(const uint64_t *)((const char *)c + feature->offset);
}

bool svm_feature_present(const struct svm_feature *feature, const struct svm_capabilities *c,
			 uint32_t cpus)
{
	uint64_t value = value_of(feature, c);

	if (!svm_feature_known(feature, c))
		return false;
	switch (feature->check) {
	case SVM_CHECK_CLEAR:
		return (c->cpuid_80000001_ecx & ECX_SVM) && !(value >> feature->bit & 1);
	case SVM_CHECK_WIDTH:
		return (value & 0xff) >= feature->bit;
	case SVM_CHECK_ASIDS:
		return value > cpus;
	default:
		return value >> feature->bit & 1;
	}
}

bool svm_feature_known(const struct svm_feature *feature, const struct svm_capabilities *c)
{
	return feature->offset != offsetof(struct svm_capabilities, vm_cr) || !c->vm_cr_unreadable;
}

size_t svm_feature_place(const struct svm_feature *feature, char *text, size_t size)
{
	if (feature->check == SVM_CHECK_WIDTH)
		return text_format(text, size, "%s bits 7:0", feature->register_name);
	if (feature->check == SVM_CHECK_ASIDS)
		return text_format(text, size, "%s", feature->register_name);
	return text_format(text, size, "%s bit %u", feature->register_name, feature->bit);
}

/* Missing for its own sake: without SVM there is nothing of it. */
static bool is_missing(const struct svm_feature *feature, const struct svm_capabilities *c,
		       uint32_t cpus)
{
	bool is_of_svm = feature->offset >= offsetof(struct svm_capabilities, revision);

	if (is_of_svm && !(c->cpuid_80000001_ecx & ECX_SVM))
		return false;
	return feature->need == FEATURE_REQUIRED && svm_feature_known(feature, c) &&
	       !svm_feature_present(feature, c, cpus);
}

static bool is_named(const struct feature_list *list, unsigned int row)
{
	return is_missing(&svm_features[row], list->capabilities, list->cpus);
}

/* SVM that is locked off is said in words of its own, as a feature it has no name. */
static size_t name_feature(unsigned int row, bool with_place, char *text, size_t size)
{
	const struct svm_feature *feature = &svm_features[row];
	char place[48];

	if (feature->check == SVM_CHECK_CLEAR)
		return text_format(text, size, "SVM that firmware has not locked off (VM_CR bit 4: "
				   "enable it in the firmware's set-up)");
	if (!with_place)
		return text_format(text, size, "%s", feature->name);
	svm_feature_place(feature, place, sizeof(place));
	return text_format(text, size, "%s (%s)", feature->name, place);
}

unsigned int svm_features_missing(const struct svm_capabilities *c, uint32_t cpus,
				  struct bh_refusal *refusal)
{
	const struct feature_list list = {
		.is_missing = is_named, .name = name_feature, .capabilities = c,
		.count = svm_feature_count, .cpus = cpus,
	};
	unsigned int i, missing = 0;

	for (i = 0; i < svm_feature_count; i++)
		missing += is_missing(&svm_features[i], c, cpus);
	if (refusal && missing)
		features_refuse(&list, "this processor lacks ", 0, refusal);
	return missing;
}
