/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tables of features of both vendors have in common: how much a feature is needed, how the
 * processor is asked, and how a refusal lists what it lacks. The rows are vmx_features.h's and
 * svm_features.h's.
 */
#ifndef MODEL_FEATURES_H
#define MODEL_FEATURES_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

#include "model/cpuid_policy.h"

enum feature_need {
	FEATURE_REQUIRED,
	FEATURE_REQUIRED_IF_SHOWN, /* only where CPUID shows the instruction: Linux uses it then */
	FEATURE_USEFUL,
};

/* How the caller reads its registers. An MSR that cannot be read gives false. */
struct feature_reader {
	bool (*read_msr)(void *context, uint32_t number, uint64_t *value);
	bool (*read_cpuid)(void *context, uint32_t leaf, uint32_t subleaf,
			   uint32_t output[CPUID_REGISTERS]);
	void *context;
};

/* The rows of one vendor, and the machine that they are asked of. */
struct feature_list {
	/* Is the row one to name? */
	bool (*is_missing)(const struct feature_list *list, unsigned int row);

	/* Writes "NAME (REGISTER bit N)", or only the name; returns its length. */
	size_t (*name)(unsigned int row, bool with_place, char *text, size_t size);

	const void *capabilities;
	unsigned int count;
	uint32_t cpus;
};

/*
 * Puts what is missing behind the first `length` bytes of the text, which `lead` continues: each
 * with its place if all have room so, else as many names as have, and how many more there are.
 */
void features_refuse(const struct feature_list *list, const char *lead, size_t length,
		     struct bh_refusal *refusal);

#endif
