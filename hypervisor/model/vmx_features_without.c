// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it means that a machine does not have a feature, in words for a person. Apart from the
 * rest of vmx_features so that these words are no part of the hypervisor's image.
 */
#include "model/vmx_features.h"

#define ROW(need, check, member, bit, shown, shown_bit, name, without) without,

static const char *const words[] = {
#include "model/vmx_features_table.h"
};

const char *vmx_feature_without(const struct vmx_feature *feature)
{
	return words[feature - vmx_features];
}
