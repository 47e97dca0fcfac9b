// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bits by which the processors tell of a violation of a second-level map: SDM vol. 3, table
 * 28-7; APM vol. 2, 15.25.6 and 8.4.2.
 */
#include "qualification.h"

#include <stdio.h>

#include "exit_reasons.h"

#define EXIT_VMX_EPT_VIOLATION 48

struct row {
	unsigned int bit;
	bool value;
	const char *words;
};

static const struct row ept_rows[] = {
	{ 0, true, "read" },
	{ 1, true, "write" },
	{ 2, true, "fetch" },
	{ 3, true, "mapped readable" },
	{ 4, true, "mapped writable" },
	{ 5, true, "mapped executable" },
	{ 8, true, "of the address itself" },
};

/* A cell's accesses are all a user's there, so bit 2 tells nothing. */
static const struct row npf_rows[] = {
	{ 0, false, "not mapped" },
	{ 0, true, "mapped, not allowed" },
	{ 1, true, "write" },
	{ 3, true, "reserved bits" },
	{ 4, true, "fetch" },
	{ 6, true, "shadow stack" },
	{ 32, true, "of the address itself" },
	{ 33, true, "of a table of the cell's own" },
};

static void list(const struct row *rows, size_t count, uint64_t bits,
		 char text[QUALIFICATION_TEXT_MAX])
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < count && used < QUALIFICATION_TEXT_MAX; i++)
		if ((bits >> rows[i].bit & 1) == rows[i].value)
			used += (size_t)snprintf(text + used, QUALIFICATION_TEXT_MAX - used,
						 "%s%s", used ? ", " : "", rows[i].words);
}

void qualification_text(const struct bh_fault *fault, char text[QUALIFICATION_TEXT_MAX])
{
	text[0] = '\0';
	if (fault->backend == BH_BACKEND_SVM && fault->exit_reason == EXIT_SVM_NPF)
		list(npf_rows, BH_ARRAY_SIZE(npf_rows), fault->qualification, text);
	else if (fault->backend == BH_BACKEND_VMX &&
		 fault->exit_reason == EXIT_VMX_EPT_VIOLATION)
		list(ept_rows, BH_ARRAY_SIZE(ept_rows), fault->qualification, text);
}
