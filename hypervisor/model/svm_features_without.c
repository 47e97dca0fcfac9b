// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it means that a machine does not have a feature of SVM, in words for a person. Apart from
 * the rest of svm_features so that these words are no part of the hypervisor's image.
 */
#include "model/svm_features.h"

#define ROW(needed, how, member, reg, number, label, without) without,

static const char *const words[] = {
#include "model/svm_features_table.h"
};

const char *svm_feature_without(const struct svm_feature *feature)
{
	return words[feature - svm_features];
}
