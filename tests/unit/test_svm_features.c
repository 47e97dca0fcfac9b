// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of SVM features against a good machine that is written down here from the manual, with
 * its own bit numbers: what is needed is taken away in turn, and the refusal must name it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "model/svm_features.h"

#define CPUS 4

static struct machine {
	uint32_t highest, basic_edx, ecx, edx, sizes, asids, svm;
	uint64_t vm_cr;
	bool no_msrs;
	unsigned int msr_reads;
} machine;

/* QEMU's EPYC without what it cannot do: nested paging alone. */
static const struct machine good = {
	.highest = 0x8000001f, .basic_edx = 1u << 9, .ecx = 1u << 2, .edx = 1u << 20,
	.sizes = 0x3028, .asids = 16, .svm = 1u << 0,
};

static bool read_msr(void *context, uint32_t number, uint64_t *value)
{
	(void)context;
	assert_int_equal(number, 0xc0010114);
	machine.msr_reads++;
	*value = machine.vm_cr;
	return !machine.no_msrs;
}

static bool read_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t out[4])
{
	(void)context;
	(void)subleaf;
	memset(out, 0, 4 * sizeof(out[0]));
	assert_true(leaf <= 0x80000000 || leaf <= machine.highest);
	switch (leaf) {
	case 1:
		out[CPUID_EDX] = machine.basic_edx;
		break;
	case 0x80000000:
		out[CPUID_EAX] = machine.highest;
		break;
	case 0x80000001:
		out[CPUID_ECX] = machine.ecx;
		out[CPUID_EDX] = machine.edx;
		break;
	case 0x80000008:
		out[CPUID_EAX] = machine.sizes;
		break;
	case 0x8000000a:
		out[CPUID_EBX] = machine.asids;
		out[CPUID_EDX] = machine.svm;
		break;
	default:
		break;
	}
	return true;
}

static struct svm_capabilities capabilities(void)
{
	const struct feature_reader reader = { read_msr, read_cpuid, NULL };
	struct svm_capabilities c;

	svm_capabilities_read(&c, &reader);
	return c;
}

static void expect(unsigned int missing, const char *words)
{
	struct svm_capabilities c = capabilities();
	struct bh_refusal refusal = { "" };

	assert_int_equal(svm_features_missing(&c, CPUS, &refusal), missing);
	if (!strstr(refusal.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, refusal.text);
	assert_int_equal(svm_features_missing(&c, CPUS, NULL), missing);
}

static void a_good_machine_is_taken(void **state)
{
	(void)state;
	machine = good;
	expect(0, "");
	assert_int_equal(machine.msr_reads, 1);
	machine.vm_cr = 1u << 3; /* locked on */
	expect(0, "");
}

static void what_is_missing_is_named(void **state)
{
	(void)state;
	machine = good;
	machine.svm = 0;
	expect(1, "this processor lacks nested paging (CPUID.8000000AH:EDX bit 0)");
	machine = good;
	machine.asids = CPUS;
	expect(1, "lacks an ASID for each CPU (CPUID.8000000AH:EBX)");
	machine.asids = CPUS + 1;
	expect(0, "");
	machine.vm_cr = 1u << 4 | 1u << 3;
	expect(1, "SVM that firmware has not locked off (VM_CR bit 4");
	machine = good;
	machine.sizes = 35;
	machine.edx = 0;
	expect(2, "lacks no-execute (CPUID.80000001H:EDX bit 20), 36 bits of physical address "
		  "(CPUID.80000008H:EAX bits 7:0)");
	machine = good;
	machine.basic_edx = 0;
	expect(1, "APIC (CPUID.1:EDX bit 9)");
}

/* Places are left out before names are. */
static void many_names_stay_within_the_refusal(void **state)
{
	(void)state;
	machine = good;
	machine.vm_cr = 1u << 4;
	machine.basic_edx = machine.edx = machine.sizes = machine.svm = machine.asids = 0;
	expect(6, "set-up), APIC, no-execute, 36 bits of physical address, nested paging, an ASID "
		  "for each CPU");
}

/* Nothing of SVM is asked of a processor without it, and its leaf and MSR are not read. */
static void without_svm_only_that_is_missing(void **state)
{
	(void)state;
	machine = good;
	machine.ecx = 0;
	expect(1, "this processor lacks SVM (CPUID.80000001H:ECX bit 2)");
	assert_int_equal(machine.msr_reads, 0);
	machine.highest = 0;
	expect(3, "SVM (CPUID.80000001H:ECX bit 2)");
}

static void what_cannot_be_read_is_not_known(void **state)
{
	struct svm_capabilities c;
	unsigned int i, unknown = 0;

	(void)state;
	machine = good;
	machine.no_msrs = true;
	expect(0, "");
	c = capabilities();
	for (i = 0; i < svm_feature_count; i++) {
		unknown += !svm_feature_known(&svm_features[i], &c);
		assert_non_null(svm_feature_without(&svm_features[i]));
	}
	assert_int_equal(unknown, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_machine_is_taken),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(many_names_stay_within_the_refusal),
		cmocka_unit_test(without_svm_only_that_is_missing),
		cmocka_unit_test(what_cannot_be_read_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
