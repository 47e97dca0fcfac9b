/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of counters (APM vol. 3, RDPMC). Each has its selection and its count in two MSRs. */
#include "model/counters.h"

static const struct {
	uint32_t first;
	uint32_t last;
	uint32_t msr; /* of the first one's count */
} counters[] = {
	{ 0, 5, 0xc0010201 },   /* of the core */
	{ 6, 9, 0xc0010241 },   /* of memory and what leads to it, which the package shares */
	{ 10, 15, 0xc0010231 }, /* of the last-level cache, which cores share */
	{ 16, 27, 0xc0010249 }, /* of memory, where there are more than four */
};

bool counter_register(uint32_t counter, uint32_t *msr)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(counters); i++) {
		if (counter < counters[i].first || counter > counters[i].last)
			continue;
		*msr = counters[i].msr + 2 * (counter - counters[i].first);
		return true;
	}
	return false;
}
