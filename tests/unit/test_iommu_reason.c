// SPDX-License-Identifier: GPL-2.0-only
/* The reasons of IOMMUs in words: what is told apart, and that an unknown one stays a number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/iommu_reason.h"

/* VT-d specification, chapter 7: by a word of each. */
static void reasons_of_vtd_have_words(void **state)
{
	static const struct {
		uint32_t reason;
		const char *word;
	} rows[] = {
		{ 0x01, "no entry" }, { 0x02, "no entry" }, { 0x03, "tables" },
		{ 0x04, "beyond" }, { 0x05, "may write" }, { 0x06, "may read" },
		{ 0x07, "tables" }, { 0x0c, "tables" }, { 0x0d, "translates" },
		{ 0x20, "no known form" }, { 0x21, "not there" }, { 0x22, "not there" },
		{ 0x23, "tables" }, { 0x24, "tables" }, { 0x25, "names no entry" },
		{ 0x26, "another's" },
		{ 0x38, "tables" }, { 0x39, "no entry" }, { 0x3a, "tables" },
		{ 0x40, "tables" }, { 0x41, "no entry" }, { 0x42, "tables" }, { 0x43, "tables" },
		{ 0x44, "translates" }, { 0x45, "PASID" }, { 0x46, "PASID" },
		{ 0x51, "no entry" }, { 0x59, "no entry" }, { 0x5b, "tables" },
		{ 0x79, "mapped for this" }, { 0x83, "beyond" }, { 0x85, "may write" },
		{ 0x86, "may read" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(rows); i++) {
		const char *words = iommu_reason_words(BH_IOMMU_VTD, rows[i].reason);

		assert_non_null(words);
		assert_non_null(strstr(words, rows[i].word));
	}
}

/* AMD IOMMU specification, 2.5: the events that are about a device's request. */
static void reasons_of_amdvi_have_words(void **state)
{
	(void)state;
	assert_non_null(strstr(iommu_reason_words(BH_IOMMU_AMDVI, 1), "device table"));
	assert_non_null(strstr(iommu_reason_words(BH_IOMMU_AMDVI, 2), "page fault"));
	assert_non_null(strstr(iommu_reason_words(BH_IOMMU_AMDVI, 8), "kind of request"));
	assert_non_null(strstr(iommu_reason_words(BH_IOMMU_AMDVI, 9), "asks for pages"));
}

static void unknown_reasons_have_none(void **state)
{
	static const uint32_t unknown[] = { 0, 0x0e, 0x1f, 0x27, 0x47, 0x82, 0x87, UINT32_MAX };
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(unknown); i++)
		assert_null(iommu_reason_words(BH_IOMMU_VTD, unknown[i]));
	assert_null(iommu_reason_words(BH_IOMMU_AMDVI, 3));
	assert_null(iommu_reason_words(0, 5));
	assert_null(iommu_reason_words(BH_IOMMU_KINDS, 5));
}

static void kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(iommu_kind_name(BH_IOMMU_VTD), "VT-d");
	assert_string_equal(iommu_kind_name(BH_IOMMU_AMDVI), "AMD-Vi");
	assert_null(iommu_kind_name(0));
	assert_null(iommu_kind_name(BH_IOMMU_KINDS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons_of_vtd_have_words),
		cmocka_unit_test(reasons_of_amdvi_have_words),
		cmocka_unit_test(unknown_reasons_have_none),
		cmocka_unit_test(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
