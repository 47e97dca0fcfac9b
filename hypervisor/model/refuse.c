// SPDX-License-Identifier: GPL-2.0-only
/* Puts a refusal into words. */
#include "model/refuse.h"
#include "model/text.h"

bool refuse(struct bh_refusal *refusal, const char *format, ...)
{
	va_list arguments;

	if (!refusal)
		return false;
	va_start(arguments, format);
	text_vformat(refusal->text, sizeof(refusal->text), format, arguments);
	va_end(arguments);
	return false;
}
