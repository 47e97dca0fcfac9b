// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formats text: see text.h for what is understood. The compiler checks every format string, so an
 * unknown conversion is a program's error; it is printed as it stands.
 */
#include "model/text.h"

/* 2^64 has 20 decimal digits. */
#define DIGITS_MAX 20

struct output {
	char *buffer;
	size_t size;
	size_t length;
};

struct field {
	bool left;
	bool zeros;
	size_t width;
	size_t precision;
};

enum length { LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE };

static void put(struct output *out, char c)
{
	if (out->length < out->size)
		out->buffer[out->length] = c;
	out->length++;
}

static void put_many(struct output *out, char c, size_t count)
{
	while (count--)
		put(out, c);
}

/* A sign or prefix and a body, padded to the width: zeros go between the two, spaces outside. */
static void put_field(struct output *out, const struct field *field, const char *prefix,
		      size_t prefix_length, const char *body, size_t length)
{
	size_t total = prefix_length + length;
	size_t padding = field->width > total ? field->width - total : 0;
	size_t i;

	if (!field->left && !field->zeros)
		put_many(out, ' ', padding);
	for (i = 0; i < prefix_length; i++)
		put(out, prefix[i]);
	if (!field->left && field->zeros)
		put_many(out, '0', padding);
	for (i = 0; i < length; i++)
		put(out, body[i]);
	if (field->left)
		put_many(out, ' ', padding);
}

static void put_number(struct output *out, const struct field *field, const char *prefix,
		       size_t prefix_length, unsigned long long value, unsigned int base)
{
	char digits[DIGITS_MAX];
	size_t first = DIGITS_MAX;

	do {
		digits[--first] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	put_field(out, field, prefix, prefix_length, digits + first, DIGITS_MAX - first);
}

static void put_signed(struct output *out, const struct field *field, long long value)
{
	if (value < 0)
		put_number(out, field, "-", 1, 0 - (unsigned long long)value, 10);
	else
		put_number(out, field, "", 0, (unsigned long long)value, 10);
}

static void put_string(struct output *out, const struct field *field, const char *string)
{
	const struct field padded = { .left = field->left, .width = field->width };
	size_t length = 0;

	if (!string)
		string = "(null)";
	while (length < field->precision && string[length])
		length++;
	put_field(out, &padded, "", 0, string, length);
}

static size_t parse_number(const char **format)
{
	size_t number = 0;

	while (**format >= '0' && **format <= '9')
		number = number * 10 + (size_t)(*(*format)++ - '0');
	return number;
}

static enum length parse_length(const char **format)
{
	enum length length = LENGTH_INT;

	if (**format == 'z') {
		length = LENGTH_SIZE;
		(*format)++;
	}
	while (**format == 'l') {
		length = length == LENGTH_INT ? LENGTH_LONG : LENGTH_LONG_LONG;
		(*format)++;
	}
	return length;
}

static unsigned long long next_unsigned(va_list *arguments, enum length length)
{
	switch (length) {
	case LENGTH_LONG:
		return va_arg(*arguments, unsigned long);
	case LENGTH_LONG_LONG:
		return va_arg(*arguments, unsigned long long);
	case LENGTH_SIZE:
		return va_arg(*arguments, size_t);
	default:
		return va_arg(*arguments, unsigned int);
	}
}

static long long next_signed(va_list *arguments, enum length length)
{
	if (length == LENGTH_INT)
		return va_arg(*arguments, int);
	return (long long)next_unsigned(arguments, length);
}

static struct field parse_field(const char **format, va_list *arguments)
{
	struct field field = { .precision = SIZE_MAX };

	for (;; (*format)++) {
		if (**format == '-')
			field.left = true;
		else if (**format == '0')
			field.zeros = true;
		else
			break;
	}
	if (**format == '*') {
		int width = va_arg(*arguments, int);

		field.left |= width < 0;
		field.width = width < 0 ? 0 - (size_t)width : (size_t)width;
		(*format)++;
	} else {
		field.width = parse_number(format);
	}
	if (**format != '.')
		return field;

	(*format)++;
	if (**format == '*') {
		int precision = va_arg(*arguments, int);

		field.precision = precision < 0 ? SIZE_MAX : (size_t)precision;
		(*format)++;
	} else {
		field.precision = parse_number(format);
	}
	return field;
}

/* One conversion; format stands behind its percent sign and is left behind the conversion. */
static void put_conversion(struct output *out, const char **format, va_list *arguments)
{
	struct field field = parse_field(format, arguments);
	enum length length = parse_length(format);
	char c;

	switch (**format) {
	case 'c':
		c = (char)va_arg(*arguments, int);
		field.zeros = false;
		put_field(out, &field, "", 0, &c, 1);
		break;
	case 's':
		put_string(out, &field, va_arg(*arguments, const char *));
		break;
	case 'd':
		put_signed(out, &field, next_signed(arguments, length));
		break;
	case 'u':
		put_number(out, &field, "", 0, next_unsigned(arguments, length), 10);
		break;
	case 'x':
		put_number(out, &field, "", 0, next_unsigned(arguments, length), 16);
		break;
	case 'p':
		put_number(out, &field, "0x", 2, (uintptr_t)va_arg(*arguments, void *), 16);
		break;
	case '%':
		put(out, '%');
		break;
	case '\0':
		put(out, '%');
		return;
	default:
		put(out, '%');
		put(out, **format);
		break;
	}
	(*format)++;
}

size_t text_vformat(char *buffer, size_t size, const char *format, va_list arguments)
{
	struct output out = { .buffer = buffer, .size = size };
	va_list list;

	/* A parameter of this type may be a pointer; of a variable helpers can take the address. */
	va_copy(list, arguments);
	while (*format) {
		if (*format != '%') {
			put(&out, *format++);
			continue;
		}
		format++;
		put_conversion(&out, &format, &list);
	}
	va_end(list);
	if (size)
		buffer[out.length < size ? out.length : size - 1] = '\0';
	return out.length;
}

size_t text_format(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = text_vformat(buffer, size, format, arguments);
	va_end(arguments);
	return length;
}
