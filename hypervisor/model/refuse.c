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

bool refuse_also(struct bh_refusal *refusal, const char *format, ...)
{
	size_t size = sizeof(refusal->text);
	size_t length = 0;
	va_list arguments;

	if (!refusal)
		return false;
	while (length < size && refusal->text[length])
		length++;
	if (length > 0)
		length += text_format(refusal->text + length, size - length, "; and ");
	if (length >= size)
		return false;
	va_start(arguments, format);
	text_vformat(refusal->text + length, size - length, format, arguments);
	va_end(arguments);
	return false;
}
