// SPDX-License-Identifier: GPL-2.0-only
/* The list of features in a refusal. See features.h. */
#include "model/features.h"

#include "model/text.h"

/* Room that is kept for the words " and 99 more". */
#define MORE_SIZE 16

/* False if not all of it fitted. */
static bool list_missing(const struct feature_list *list, const char *lead, size_t length,
			 bool places, struct bh_refusal *refusal)
{
	const size_t room = sizeof(refusal->text) - MORE_SIZE;
	unsigned int left_out = 0;
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		size_t more;

		if (!list->is_missing(list, i))
			continue;
		more = text_format(NULL, 0, "%s", lead) + list->name(i, places, NULL, 0);
		if (left_out || length + more >= room) {
			left_out++;
			continue;
		}
		length += text_format(refusal->text + length, room - length, "%s", lead);
		length += list->name(i, places, refusal->text + length, room - length);
		lead = ", ";
	}
	if (left_out)
		text_format(refusal->text + length, sizeof(refusal->text) - length, " and %u more",
			    left_out);
	return left_out == 0;
}

void features_refuse(const struct feature_list *list, const char *lead, size_t length,
		     struct bh_refusal *refusal)
{
	if (!list_missing(list, lead, length, true, refusal))
		list_missing(list, lead, length, false, refusal);
}
