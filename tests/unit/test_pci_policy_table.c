/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of configuration space by themselves; what becomes of writes is test_pci_policy.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/pci_policy.h"

/* Rules ascend and do not overlap; bits stay inside their range. */
static void tables_are_well_formed(void **state)
{
	const struct pci_rules_list *const lists[] = {
		&pci_policy_headers, &pci_policy_capabilities, &pci_policy_extended,
		&pci_policy_chipset, &pci_policy_others,
	};
	size_t i, j, k;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(lists); i++)
		for (j = 0; j < lists[i]->count; j++)
			for (k = 0; k < lists[i]->list[j].count; k++) {
				const struct pci_rule *rule = &lists[i]->list[j].rules[k];
				uint32_t bytes = rule->last - rule->first + 1u;

				assert_true(rule->first <= rule->last);
				assert_true(k == 0 || rule->first > rule[-1].last);
				if (!(rule->bits | rule->clears))
					continue;
				assert_true(bytes <= 4 && rule->first / 4 == rule->last / 4);
				if (bytes < 4)
					assert_int_equal((rule->bits | rule->clears) >>
							 8 * bytes, 0);
			}
}

static void is_nobodys(const struct pci_rules *rules)
{
	size_t i;

	assert_int_equal(rules->header, PCI_ANY_HEADER);
	assert_int_equal(rules->rest_of_root, PCI_DENY);
	assert_int_equal(rules->rest_of_cell, PCI_DENY);
	for (i = 0; i < rules->count; i++) {
		assert_int_equal(rules->rules[i].root, PCI_DENY);
		assert_int_equal(rules->rules[i].cell, PCI_DENY);
	}
}

/* Of these capabilities all is for nobody to write, whatever header the function has. */
static void some_are_nobodys(void **state)
{
	static const uint32_t ids[] = { 0x0d, 0x0f, 0x12, 0x13, 0x15, 0x1b, 0x24 };
	size_t i, j;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(ids); i++) {
		size_t found = 0;

		for (j = 0; j < pci_policy_extended.count; j++)
			if (pci_policy_extended.list[j].id == ids[i]) {
				is_nobodys(&pci_policy_extended.list[j]);
				found++;
			}
		assert_int_equal(found, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_well_formed),
		cmocka_unit_test(some_are_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
