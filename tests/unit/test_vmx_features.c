// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of VMX features against a good machine that is written down here from the manual,
 * with its own bit numbers: each required bit is taken away in turn, and the refusal must name
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "model/vmx_features.h"

#define BIT(n) (1ULL << (n))

/* Allowed-1 bits of a control register, and the default1 class of SDM vol. 3, appendix A, below. */
#define CONTROLS(may, must) ((uint64_t)(may) << 32 | (must))

enum source {
	CPUID_0_EAX, CPUID_1_ECX, CPUID_1_EDX, CPUID_7_EBX, CPUID_7_ECX, CPUID_7_EDX, CPUID_D_1_EAX,
	CPUID_80000000_EAX, CPUID_80000001_EDX, CPUID_80000007_EDX, CPUID_80000008_EAX,
	FEATURE_CONTROL, BASIC, PINBASED, PROCBASED, EXIT, ENTRY, MISC, CR0_FIXED0, CR0_FIXED1,
	CR4_FIXED0, CR4_FIXED1, PROCBASED2, EPT_VPID, TRUE_PINBASED, TRUE_PROCBASED, TRUE_EXIT,
	TRUE_ENTRY, ARCH_CAPABILITIES, SOURCES
};

/* Where each is read; leaf, subleaf and output for CPUID. */
static const struct {
	bool is_msr;
	uint32_t number, subleaf;
	enum cpuid_register output;
} places[SOURCES] = {
	[CPUID_0_EAX] = { false, 0, 0, CPUID_EAX },
	[CPUID_1_ECX] = { false, 1, 0, CPUID_ECX },
	[CPUID_1_EDX] = { false, 1, 0, CPUID_EDX },
	[CPUID_7_EBX] = { false, 7, 0, CPUID_EBX },
	[CPUID_7_ECX] = { false, 7, 0, CPUID_ECX },
	[CPUID_7_EDX] = { false, 7, 0, CPUID_EDX },
	[CPUID_D_1_EAX] = { false, 13, 1, CPUID_EAX },
	[CPUID_80000000_EAX] = { false, 0x80000000, 0, CPUID_EAX },
	[CPUID_80000001_EDX] = { false, 0x80000001, 0, CPUID_EDX },
	[CPUID_80000007_EDX] = { false, 0x80000007, 0, CPUID_EDX },
	[CPUID_80000008_EAX] = { false, 0x80000008, 0, CPUID_EAX },
	[FEATURE_CONTROL] = { true, 0x3a, 0, 0 },
	[BASIC] = { true, 0x480, 0, 0 },
	[PINBASED] = { true, 0x481, 0, 0 },
	[PROCBASED] = { true, 0x482, 0, 0 },
	[EXIT] = { true, 0x483, 0, 0 },
	[ENTRY] = { true, 0x484, 0, 0 },
	[MISC] = { true, 0x485, 0, 0 },
	[CR0_FIXED0] = { true, 0x486, 0, 0 },
	[CR0_FIXED1] = { true, 0x487, 0, 0 },
	[CR4_FIXED0] = { true, 0x488, 0, 0 },
	[CR4_FIXED1] = { true, 0x489, 0, 0 },
	[PROCBASED2] = { true, 0x48b, 0, 0 },
	[EPT_VPID] = { true, 0x48c, 0, 0 },
	[TRUE_PINBASED] = { true, 0x48d, 0, 0 },
	[TRUE_PROCBASED] = { true, 0x48e, 0, 0 },
	[TRUE_EXIT] = { true, 0x48f, 0, 0 },
	[TRUE_ENTRY] = { true, 0x490, 0, 0 },
	[ARCH_CAPABILITIES] = { true, 0x10a, 0, 0 },
};

static const uint64_t good[SOURCES] = {
	[CPUID_0_EAX] = 0x16,
	[CPUID_1_ECX] = BIT(5) | BIT(21) | BIT(24),
	[CPUID_1_EDX] = BIT(9) | BIT(16),
	[CPUID_7_EBX] = BIT(10),
	[CPUID_7_ECX] = BIT(5),
	[CPUID_7_EDX] = BIT(29),
	[CPUID_D_1_EAX] = BIT(3),
	[CPUID_80000000_EAX] = 0x80000008,
	[CPUID_80000001_EDX] = BIT(20) | BIT(27) | BIT(29),
	[CPUID_80000007_EDX] = BIT(8),
	[CPUID_80000008_EAX] = 48 << 8 | 39,
	[FEATURE_CONTROL] = BIT(0) | BIT(2),
	[BASIC] = BIT(55) | 6ULL << 50 | 0x1000ULL << 32 | 4,
	[PINBASED] = CONTROLS(0x7f, 0x16),
	[PROCBASED] = CONTROLS(0xfff9fffe, 0x0401e172),
	[EXIT] = CONTROLS(0x007fffff, 0x00036dff),
	[ENTRY] = CONTROLS(0x0000ffff, 0x000011ff),
	[MISC] = BIT(5) | BIT(6) | BIT(7) | BIT(8),
	[CR0_FIXED0] = 0x80000021,
	[CR0_FIXED1] = 0xffffffff,
	[CR4_FIXED0] = 0x2000,
	[CR4_FIXED1] = 0x3767ff,
	[PROCBASED2] = CONTROLS(BIT(1) | BIT(3) | BIT(5) | BIT(6) | BIT(7) | BIT(12) | BIT(15) |
				BIT(20) | BIT(26), 0),
	[EPT_VPID] = BIT(0) | BIT(6) | BIT(8) | BIT(14) | BIT(16) | BIT(17) | BIT(20) | BIT(21) |
		     BIT(25) | BIT(26) | BIT(32) | BIT(40) | BIT(41) | BIT(42) | BIT(43),
	[TRUE_PINBASED] = CONTROLS(0x7f, 0x16),
	[TRUE_PROCBASED] = CONTROLS(0xfff9fffe, 0x04006172),
	[TRUE_EXIT] = CONTROLS(0x007fffff, 0x00036dfb),
	[TRUE_ENTRY] = CONTROLS(0x0000ffff, 0x000011fb),
	[ARCH_CAPABILITIES] = BIT(6),
};

/* A machine, and which of its registers were read. */
struct fake {
	uint64_t value[SOURCES];
	bool unreadable[SOURCES];
	bool read[SOURCES];
};

static bool fake_msr(void *context, uint32_t number, uint64_t *value)
{
	struct fake *fake = context;
	int i;

	for (i = 0; i < SOURCES; i++) {
		if (!places[i].is_msr || places[i].number != number)
			continue;
		fake->read[i] = true;
		*value = fake->value[i];
		return !fake->unreadable[i];
	}
	fail_msg("MSR 0x%x does not exist", number);
	return false;
}

static bool fake_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t output[4])
{
	struct fake *fake = context;
	int i;

	for (i = 0; i < SOURCES; i++)
		if (!places[i].is_msr && places[i].number == leaf && places[i].subleaf == subleaf) {
			fake->read[i] = true;
			output[places[i].output] = (uint32_t)fake->value[i];
		}
	return true;
}

static void make_good(struct fake *fake)
{
	memset(fake, 0, sizeof(*fake));
	memcpy(fake->value, good, sizeof(good));
}

static void capabilities_of(struct vmx_capabilities *capabilities, struct fake *fake)
{
	const struct feature_reader reader = {
		.read_msr = fake_msr, .read_cpuid = fake_cpuid, .context = fake,
	};

	vmx_capabilities_read(capabilities, &reader);
}

static unsigned int missing(struct fake *fake, struct bh_refusal *refusal)
{
	struct vmx_capabilities capabilities;

	memset(refusal, 0, sizeof(*refusal));
	capabilities_of(&capabilities, fake);
	return vmx_features_missing(&capabilities, refusal);
}

static const struct vmx_feature *feature_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < vmx_feature_count; i++)
		if (strcmp(vmx_features[i].name, name) == 0)
			return &vmx_features[i];
	fail_msg("no feature %s", name);
	return NULL;
}

static void a_good_machine_lacks_nothing(void **state)
{
	struct vmx_capabilities capabilities;
	struct bh_refusal refusal;
	struct fake fake;
	unsigned int i;

	(void)state;
	make_good(&fake);
	assert_int_equal(missing(&fake, &refusal), 0);
	assert_string_equal(refusal.text, "");
	capabilities_of(&capabilities, &fake);
	for (i = 0; i < vmx_feature_count; i++) {
		assert_true(vmx_feature_present(&vmx_features[i], &capabilities));
		assert_true(vmx_feature_known(&vmx_features[i], &capabilities));
	}
}

/* Of the manual, not of the table: what must be refused, by which bit of which register. */
static const struct {
	const char *name;
	enum source source;
	unsigned int bit;
	const char *place;
} required[] = {
	{ "VMX", CPUID_1_ECX, 5, "CPUID.1:ECX bit 5" },
	{ "APIC", CPUID_1_EDX, 9, "CPUID.1:EDX bit 9" },
	{ "execute disable", CPUID_80000001_EDX, 20, "CPUID.80000001H:EDX bit 20" },
	{ "TRUE controls", BASIC, 55, "IA32_VMX_BASIC bit 55" },
	{ "NMI exiting", TRUE_PINBASED, 35, "IA32_VMX_PINBASED_CTLS bit 35" },
	{ "virtual NMIs", TRUE_PINBASED, 37, "IA32_VMX_PINBASED_CTLS bit 37" },
	{ "NMI-window exiting", TRUE_PROCBASED, 54, "IA32_VMX_PROCBASED_CTLS bit 54" },
	{ "use I/O bitmaps", TRUE_PROCBASED, 57, "IA32_VMX_PROCBASED_CTLS bit 57" },
	{ "use MSR bitmaps", TRUE_PROCBASED, 60, "IA32_VMX_PROCBASED_CTLS bit 60" },
	{ "activate secondary controls", TRUE_PROCBASED, 63, "IA32_VMX_PROCBASED_CTLS bit 63" },
	{ "enable EPT", PROCBASED2, 33, "IA32_VMX_PROCBASED_CTLS2 bit 33" },
	{ "enable VPID", PROCBASED2, 37, "IA32_VMX_PROCBASED_CTLS2 bit 37" },
	{ "unrestricted guest", PROCBASED2, 39, "IA32_VMX_PROCBASED_CTLS2 bit 39" },
	{ "host address-space size", TRUE_EXIT, 41, "IA32_VMX_EXIT_CTLS bit 41" },
	{ "save IA32_PAT", TRUE_EXIT, 50, "IA32_VMX_EXIT_CTLS bit 50" },
	{ "load IA32_PAT", TRUE_EXIT, 51, "IA32_VMX_EXIT_CTLS bit 51" },
	{ "save IA32_EFER", TRUE_EXIT, 52, "IA32_VMX_EXIT_CTLS bit 52" },
	{ "load IA32_EFER", TRUE_EXIT, 53, "IA32_VMX_EXIT_CTLS bit 53" },
	{ "IA-32e mode guest", TRUE_ENTRY, 41, "IA32_VMX_ENTRY_CTLS bit 41" },
	{ "entry: load IA32_PAT", TRUE_ENTRY, 46, "IA32_VMX_ENTRY_CTLS bit 46" },
	{ "entry: load IA32_EFER", TRUE_ENTRY, 47, "IA32_VMX_ENTRY_CTLS bit 47" },
	{ "activity state HLT", MISC, 6, "IA32_VMX_MISC bit 6" },
	{ "EPT page-walk length 4", EPT_VPID, 6, "IA32_VMX_EPT_VPID_CAP bit 6" },
	{ "EPT memory type WB", EPT_VPID, 14, "IA32_VMX_EPT_VPID_CAP bit 14" },
	{ "EPT 2-MByte pages", EPT_VPID, 16, "IA32_VMX_EPT_VPID_CAP bit 16" },
	{ "INVEPT", EPT_VPID, 20, "IA32_VMX_EPT_VPID_CAP bit 20" },
	{ "single-context INVEPT", EPT_VPID, 25, "IA32_VMX_EPT_VPID_CAP bit 25" },
	{ "all-context INVEPT", EPT_VPID, 26, "IA32_VMX_EPT_VPID_CAP bit 26" },
	{ "INVVPID", EPT_VPID, 32, "IA32_VMX_EPT_VPID_CAP bit 32" },
	{ "single-context INVVPID", EPT_VPID, 41, "IA32_VMX_EPT_VPID_CAP bit 41" },
	/* Required because the good machine shows the instruction. */
	{ "enable RDTSCP", PROCBASED2, 35, "IA32_VMX_PROCBASED_CTLS2 bit 35" },
	{ "enable INVPCID", PROCBASED2, 44, "IA32_VMX_PROCBASED_CTLS2 bit 44" },
	{ "enable XSAVES/XRSTORS", PROCBASED2, 52, "IA32_VMX_PROCBASED_CTLS2 bit 52" },
	{ "enable user wait and pause", PROCBASED2, 58, "IA32_VMX_PROCBASED_CTLS2 bit 58" },
};

static void each_required_feature_is_refused_by_name(void **state)
{
	struct bh_refusal refusal;
	struct fake fake;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(required); i++) {
		char expected[BH_REFUSAL_TEXT];

		make_good(&fake);
		fake.value[required[i].source] &= ~BIT(required[i].bit);
		snprintf(expected, sizeof(expected), "this processor lacks %s (%s)",
			 required[i].name, required[i].place);
		assert_int_equal(missing(&fake, &refusal), 1);
		assert_string_equal(refusal.text, expected);
	}
}

/* A row that is added to the table is added to the list above as well. */
static void the_test_knows_every_required_feature(void **state)
{
	size_t rows = 0;
	unsigned int i;

	(void)state;
	for (i = 0; i < vmx_feature_count; i++)
		rows += vmx_features[i].need != FEATURE_USEFUL;
	/* Two are tested by themselves: the lock and the width. */
	assert_int_equal(rows, BH_ARRAY_SIZE(required) + 2);
}

static void useful_features_are_not_refused(void **state)
{
	static const struct {
		const char *name;
		enum source source;
		unsigned int bit;
	} useful[] = {
		{ "EPT execute-only", EPT_VPID, 0 },
		{ "EPT 1-GByte pages", EPT_VPID, 17 },
		{ "PSCHANGE_MC_NO", ARCH_CAPABILITIES, 6 },
		{ "PSCHANGE_MC_NO", CPUID_7_EDX, 29 },
		{ "x2APIC", CPUID_1_ECX, 21 },
		{ "TSC deadline", CPUID_1_ECX, 24 },
		{ "invariant TSC", CPUID_80000007_EDX, 8 },
		{ "WBINVD exiting", PROCBASED2, 38 },
		{ "ENCLS exiting", PROCBASED2, 47 },
		{ "load IA32_PERF_GLOBAL_CTRL", TRUE_EXIT, 44 },
	};
	struct vmx_capabilities capabilities;
	struct bh_refusal refusal;
	struct fake fake;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(useful); i++) {
		make_good(&fake);
		fake.value[useful[i].source] &= ~BIT(useful[i].bit);
		capabilities_of(&capabilities, &fake);
		assert_false(vmx_feature_present(feature_named(useful[i].name), &capabilities));
		assert_int_equal(missing(&fake, &refusal), 0);
	}
}

static void the_lock_of_the_firmware_counts(void **state)
{
	struct bh_refusal refusal;
	struct fake fake;

	(void)state;
	make_good(&fake);
	fake.value[FEATURE_CONTROL] = 0; /* unlocked: the hypervisor sets it */
	assert_int_equal(missing(&fake, &refusal), 0);

	fake.value[FEATURE_CONTROL] = BIT(0) | BIT(1); /* inside SMX only */
	assert_int_equal(missing(&fake, &refusal), 1);
	assert_non_null(strstr(refusal.text, "locked off by firmware"));
	assert_null(strstr(refusal.text, "lacks"));

	fake.value[PROCBASED2] &= ~BIT(39);
	assert_int_equal(missing(&fake, &refusal), 2);
	assert_non_null(strstr(refusal.text, "; this processor lacks unrestricted guest"));
}

static void narrow_addresses_are_refused(void **state)
{
	struct bh_refusal refusal;
	struct fake fake;

	(void)state;
	make_good(&fake);
	fake.value[CPUID_80000008_EAX] = 48 << 8 | 35;
	assert_int_equal(missing(&fake, &refusal), 1);
	assert_non_null(strstr(refusal.text, "36 bits of physical address (CPUID.80000008H:EAX"));
	fake.value[CPUID_80000008_EAX] = 48 << 8 | 36;
	assert_int_equal(missing(&fake, &refusal), 0);
}

static void a_hidden_instruction_needs_no_control(void **state)
{
	struct bh_refusal refusal;
	struct fake fake;

	(void)state;
	make_good(&fake);
	fake.value[CPUID_7_EBX] = 0;
	fake.value[PROCBASED2] &= ~BIT(44);
	assert_int_equal(missing(&fake, &refusal), 0);
}

/* On a machine without VMX its MSRs would fault; one word says it all. */
static void what_does_not_exist_is_not_read(void **state)
{
	struct bh_refusal refusal;
	struct fake fake;
	int i;

	(void)state;
	make_good(&fake);
	fake.value[CPUID_1_ECX] &= ~BIT(5);
	assert_int_equal(missing(&fake, &refusal), 1);
	for (i = 0; i < SOURCES; i++)
		assert_false(places[i].is_msr && fake.read[i]);

	make_good(&fake);
	fake.value[TRUE_PROCBASED] &= ~BIT(63);
	assert_int_equal(missing(&fake, &refusal), 1);
	assert_false(fake.read[PROCBASED2]);
	assert_false(fake.read[EPT_VPID]);

	make_good(&fake);
	fake.value[PROCBASED2] &= ~(BIT(33) | BIT(37));
	assert_int_equal(missing(&fake, &refusal), 2);
	assert_false(fake.read[EPT_VPID]);

	make_good(&fake);
	fake.value[CPUID_0_EAX] = 6;
	assert_int_equal(missing(&fake, &refusal), 0);
	assert_false(fake.read[CPUID_7_EBX]);
	assert_false(fake.read[CPUID_D_1_EAX]);
	assert_false(fake.read[ARCH_CAPABILITIES]);

	make_good(&fake);
	fake.value[CPUID_7_EDX] = 0;
	assert_int_equal(missing(&fake, &refusal), 0);
	assert_false(fake.read[ARCH_CAPABILITIES]);
}

static void true_controls_are_read_where_they_are(void **state)
{
	struct vmx_capabilities capabilities;
	struct fake fake;

	(void)state;
	make_good(&fake);
	capabilities_of(&capabilities, &fake);
	assert_true(capabilities.procbased == good[TRUE_PROCBASED]);
	assert_false(fake.read[PROCBASED]);

	fake.value[BASIC] &= ~BIT(55);
	capabilities_of(&capabilities, &fake);
	assert_true(capabilities.procbased == good[PROCBASED]);
}

static void many_names_stay_within_the_refusal(void **state)
{
	struct bh_refusal refusal;
	struct fake fake;

	(void)state;
	make_good(&fake);
	fake.value[PROCBASED2] &= ~(BIT(35) | BIT(39) | BIT(44) | BIT(52) | BIT(58));
	assert_int_equal(missing(&fake, &refusal), 5);
	assert_string_equal(refusal.text, "this processor lacks unrestricted guest, enable RDTSCP, "
			    "enable INVPCID, enable XSAVES/XRSTORS, enable user wait and pause");

	fake.value[TRUE_PINBASED] = fake.value[TRUE_EXIT] = fake.value[TRUE_ENTRY] = 0;
	fake.value[EPT_VPID] = 0;
	assert_int_equal(missing(&fake, &refusal), 5 + 2 + 5 + 3 + 8);
	assert_non_null(strstr(refusal.text, "this processor lacks NMI exiting, virtual NMIs, "));
	assert_non_null(strstr(refusal.text, " more"));
	assert_true(strlen(refusal.text) < BH_REFUSAL_TEXT);
}

static void what_cannot_be_read_is_not_known(void **state)
{
	struct vmx_capabilities capabilities;
	struct bh_refusal refusal;
	struct fake fake;

	(void)state;
	make_good(&fake);
	fake.unreadable[TRUE_PROCBASED] = true;
	capabilities_of(&capabilities, &fake);
	assert_false(vmx_feature_known(feature_named("use MSR bitmaps"), &capabilities));
	assert_false(vmx_feature_known(feature_named("enable EPT"), &capabilities));
	assert_false(vmx_feature_known(feature_named("INVEPT"), &capabilities));
	assert_false(vmx_feature_present(feature_named("use MSR bitmaps"), &capabilities));
	assert_true(vmx_feature_known(feature_named("NMI exiting"), &capabilities));
	assert_int_equal(missing(&fake, &refusal), 0);
}

static void every_row_has_a_register_and_words(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < vmx_feature_count; i++) {
		const struct vmx_feature *feature = &vmx_features[i];

		assert_int_equal(vmx_feature_register(feature)->offset, feature->register_offset);
		assert_true(strlen(feature->name) > 2);
		assert_true(strlen(vmx_feature_without(feature)) > 4);
	}
	assert_string_equal(vmx_feature_without(feature_named("enable VPID")),
			    "every exit would flush the TLB");
}

static void controls_are_adjusted(void **state)
{
	(void)state;
	/* What must be 1 is added, what may not be 1 is taken away. */
	assert_int_equal(vmx_adjust(CONTROLS(0x7f, 0x16), 0x28), 0x3e);
	assert_int_equal(vmx_adjust(CONTROLS(0x17, 0x16), 0x28), 0x16);
	assert_int_equal(vmx_adjust(CONTROLS(0xffffffff, 0), 0), 0);
	assert_int_equal(vmx_adjust(CONTROLS(0xffffffff, 0), 0x80000001), 0x80000001);
	/* CR3 exits, bits 15 and 16, can be off by the TRUE register only. */
	assert_int_equal(vmx_adjust(good[PROCBASED], 0) & 0x18000, 0x18000);
	assert_int_equal(vmx_adjust(good[TRUE_PROCBASED], 0) & 0x18000, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_machine_lacks_nothing),
		cmocka_unit_test(each_required_feature_is_refused_by_name),
		cmocka_unit_test(the_test_knows_every_required_feature),
		cmocka_unit_test(useful_features_are_not_refused),
		cmocka_unit_test(the_lock_of_the_firmware_counts),
		cmocka_unit_test(narrow_addresses_are_refused),
		cmocka_unit_test(a_hidden_instruction_needs_no_control),
		cmocka_unit_test(what_does_not_exist_is_not_read),
		cmocka_unit_test(true_controls_are_read_where_they_are),
		cmocka_unit_test(many_names_stay_within_the_refusal),
		cmocka_unit_test(what_cannot_be_read_is_not_known),
		cmocka_unit_test(every_row_has_a_register_and_words),
		cmocka_unit_test(controls_are_adjusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
