/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of registers to scrub, with their values after reset (SDM vol. 4). A test holds it
 * against the table of what cells may write.
 */
#include "model/msr_scrub.h"

const struct msr_scrub msr_scrub[] = {
	{ 0x00000048, 0 }, /* IA32_SPEC_CTRL */
	{ 0x000000e1, 0 }, /* UMWAIT control */
	{ 0x00000140, 0 }, /* MISC_FEATURE_ENABLES */
	{ 0x0000038f, 0 }, /* performance counters: all off, then the rest of them */
	{ 0x0000038d, 0 },
	{ 0x00000186, 0 }, { 0x00000187, 0 }, { 0x00000188, 0 }, { 0x00000189, 0 },
	{ 0x0000018a, 0 }, { 0x0000018b, 0 }, { 0x0000018c, 0 }, { 0x0000018d, 0 },
	{ 0x000000c1, 0 }, { 0x000000c2, 0 }, { 0x000000c3, 0 }, { 0x000000c4, 0 },
	{ 0x000000c5, 0 }, { 0x000000c6, 0 }, { 0x000000c7, 0 }, { 0x000000c8, 0 },
	{ 0x00000309, 0 }, { 0x0000030a, 0 }, { 0x0000030b, 0 }, { 0x0000030c, 0 },
	{ 0x00000329, 0 },
	{ 0x00000390, 0xc00000070000000f }, /* and clears that they have overflowed */
	{ 0xc0000301, 0 }, /* AMD's counters in the same order, of new processors and old */
	{ 0xc0010000, 0 }, { 0xc0010001, 0 }, { 0xc0010002, 0 }, { 0xc0010003, 0 },
	{ 0xc0010200, 0 }, { 0xc0010202, 0 }, { 0xc0010204, 0 }, { 0xc0010206, 0 },
	{ 0xc0010208, 0 }, { 0xc001020a, 0 }, { 0xc001020c, 0 }, { 0xc001020e, 0 },
	{ 0xc0010004, 0 }, { 0xc0010005, 0 }, { 0xc0010006, 0 }, { 0xc0010007, 0 },
	{ 0xc0010201, 0 }, { 0xc0010203, 0 }, { 0xc0010205, 0 }, { 0xc0010207, 0 },
	{ 0xc0010209, 0 }, { 0xc001020b, 0 }, { 0xc001020d, 0 }, { 0xc001020f, 0 },
	{ 0xc0000302, 0x3f }, /* and clears that they have overflowed */
	{ 0x000001c4, 0 }, { 0x000001c5, 0 }, /* extended feature disable */
	{ 0x000006a0, 0 }, { 0x000006a2, 0 }, /* CET: user, supervisor, shadow stacks */
	{ 0x000006a4, 0 }, { 0x000006a5, 0 }, { 0x000006a6, 0 }, { 0x000006a7, 0 },
	{ 0x000006a8, 0 },
	{ 0x000006e0, 0 }, /* IA32_TSC_DEADLINE */
	{ 0x000006e1, 0 }, /* IA32_PKRS */
	{ 0x00000d90, 0 }, /* MPX bounds */
	{ 0x00000da0, 0 }, /* IA32_XSS */
	{ 0xc0000081, 0 }, { 0xc0000082, 0 }, /* STAR, LSTAR */
	{ 0xc0000083, 0 }, { 0xc0000084, 0 }, /* CSTAR, FMASK */
	{ 0xc0000102, 0 }, { 0xc0000103, 0 }, /* kernel GS base, TSC_AUX */
	{ 0x000001d9, 0 }, /* IA32_DEBUGCTL, which SVM switches only with last-branch records */
	{ 0xc001011f, 0 }, /* VIRT_SPEC_CTRL */
	{ 0xc0011027, 0 }, { 0xc0011019, 0 }, /* masks of debug registers */
	{ 0xc001101a, 0 }, { 0xc001101b, 0 },
};
const size_t msr_scrub_rows = BH_ARRAY_SIZE(msr_scrub);
