/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that a device may send and such as it may not, and what may be written into an MSI-X
 * table meanwhile. The cell has the CPUs with APIC ids 2 and 3; 0 and 1 are root's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/msi_policy.h"

static struct icr_filter filter;

static void fill(void)
{
	icr_filter_init(&filter);
	icr_filter_add_own(&filter, 2);
	icr_filter_add_own(&filter, 3);
	icr_filter_add_foreign(&filter, &(struct apic_target){ .apic_id = 0, .logical = 1u << 24,
							       .format = ~0u });
	icr_filter_add_foreign(&filter, &(struct apic_target){ .apic_id = 1, .logical = 2u << 24,
							       .format = ~0u });
}

static enum msi_verdict judge(uint64_t address, uint32_t data, uint32_t messages)
{
	const struct msi_message message = { address, data };

	return msi_judge(&filter, &message, messages);
}

/* VT-d has the rest of a wide APIC id in the upper half (VT-d specification, 11.4.8). */
static void messages_that_are_nmis(void **state)
{
	struct msi_message nmi = msi_message_nmi(3);

	(void)state;
	assert_int_equal(nmi.address, 0xfee03000);
	assert_int_equal(nmi.data, 0x400);
	fill();
	assert_int_equal(msi_judge(&filter, &nmi, 1), MSI_MODE);
	nmi = msi_message_nmi(0x12345);
	assert_int_equal(nmi.address, 0x12300fee45000);
	assert_int_equal(msi_judge(&filter, &nmi, 1), MSI_NOT_APIC);
}

/* Entries of an IOMMU's table are judged where they stand: of who may name any at all. */
static void messages_that_name_entries(void **state)
{
	(void)state;
	fill();
	assert_int_equal(judge(0xfee02010, 0x41, 1), MSI_REMAPPABLE);
	filter.entries = 1024;
	assert_int_equal(judge(0xfee02010, 0x41, 1), MSI_OK);
	assert_int_equal(judge(0xfee00018, 0, 32), MSI_OK);
	assert_int_equal(judge(0xfed02010, 0x41, 1), MSI_NOT_APIC);
	assert_int_equal(judge(0xfee00000, 0x41, 1), MSI_DESTINATION);
}

static void messages(void **state)
{
	(void)state;
	fill();
	assert_int_equal(judge(0xfee02000, 0x41, 1), MSI_OK);
	assert_int_equal(judge(0xfee03000, 0x141, 1), MSI_OK); /* lowest priority */
	assert_int_equal(judge(0xfee0300c, 0x41, 1), MSI_DESTINATION); /* logical: 1 and 2 */
	assert_int_equal(judge(0xfee04004, 0x41, 1), MSI_OK); /* logical: CPU 2 of the flat model */
	assert_int_equal(judge(0xfee0c008, 0x41, 1), MSI_DESTINATION);
	assert_int_equal(judge(0xfee00000, 0x41, 1), MSI_DESTINATION);
	assert_int_equal(judge(0xfeeff000, 0x41, 1), MSI_DESTINATION); /* everybody */
	assert_int_equal(judge(0xfeeff004, 0x41, 1), MSI_DESTINATION);
	assert_int_equal(judge(0xfee02000, 0x241, 1), MSI_MODE); /* SMI */
	assert_int_equal(judge(0xfee02000, 0x441, 1), MSI_MODE); /* NMI */
	assert_int_equal(judge(0xfee02000, 0x541, 1), MSI_MODE); /* INIT */
	assert_int_equal(judge(0xfee02000, 0x741, 1), MSI_MODE); /* ExtINT */
	assert_int_equal(judge(0xfee02000, 0x341, 1), MSI_MODE);
	assert_int_equal(judge(0xfee02000, 0x641, 1), MSI_MODE);
	assert_int_equal(judge(0xfee02000, 0x0f, 1), MSI_VECTOR);
	assert_int_equal(judge(0xfee02000, 0x10, 1), MSI_OK);
	assert_int_equal(judge(0xfee02010, 0x41, 1), MSI_REMAPPABLE);
	assert_int_equal(judge(0xfed02000, 0x41, 1), MSI_NOT_APIC);
	assert_int_equal(judge(0xfef02000, 0x41, 1), MSI_NOT_APIC);
	assert_int_equal(judge(0, 0, 1), MSI_NOT_APIC);
	assert_int_equal(judge(0x1fee02000, 0x41, 1), MSI_NOT_APIC);
	assert_int_equal(judge(0x38000000, 0x41, 1), MSI_NOT_APIC);
}

static void several_messages_need_room(void **state)
{
	(void)state;
	fill();
	assert_int_equal(judge(0xfee02000, 0x1f, 16), MSI_OK); /* 0x10 to 0x1f */
	assert_int_equal(judge(0xfee02000, 0x1f, 32), MSI_VECTOR); /* 0x00 to 0x1f */
	assert_int_equal(judge(0xfee02000, 0x20, 32), MSI_OK);
	assert_int_equal(judge(0xfee02000, 0xff, 32), MSI_OK);
}

static void alone_all_cpus_are_own(void **state)
{
	(void)state;
	icr_filter_init(&filter);
	icr_filter_add_own(&filter, 0);
	assert_int_equal(judge(0xfee07000, 0x41, 1), MSI_OK);
	assert_int_equal(judge(0xfee07000, 0x441, 1), MSI_MODE);
	assert_int_equal(judge(0x1000, 0x41, 1), MSI_NOT_APIC);
}

static void entries(void **state)
{
	static const struct msix_entry good = { { 0xfee02000, 0, 0x41, 0 } };
	static const struct msix_entry masked = { { 0xfee02000, 0, 0x41, 1 } };
	static const struct msix_entry foreign = { { 0xfee00000, 0, 0x41, 1 } };
	static const struct msix_entry empty = { { 0, 0, 0, 1 } };

	(void)state;
	fill();
	/* In force: each change is looked at. */
	assert_int_equal(msix_judge_write(&filter, &good, 0, 0xfee03000), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &good, 0, 0xfee01000), MSI_DESTINATION);
	assert_int_equal(msix_judge_write(&filter, &good, 1, 1), MSI_NOT_APIC);
	assert_int_equal(msix_judge_write(&filter, &good, 2, 0x441), MSI_MODE);
	assert_int_equal(msix_judge_write(&filter, &good, 3, 1), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &good, 3, 0), MSI_OK);
	/* Masked: anything, until it is to come into force. */
	assert_int_equal(msix_judge_write(&filter, &masked, 0, 0), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &masked, 0, 0x38000000), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &masked, 2, 0x441), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &masked, 3, 0), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &foreign, 3, 0), MSI_DESTINATION);
	assert_int_equal(msix_judge_write(&filter, &foreign, 3, 0xfffffffe), MSI_DESTINATION);
	assert_int_equal(msix_judge_write(&filter, &foreign, 3, 3), MSI_OK);
	assert_int_equal(msix_judge_write(&filter, &empty, 3, 0), MSI_NOT_APIC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages),
		cmocka_unit_test(messages_that_are_nmis),
		cmocka_unit_test(messages_that_name_entries),
		cmocka_unit_test(several_messages_need_room),
		cmocka_unit_test(alone_all_cpus_are_own),
		cmocka_unit_test(entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
