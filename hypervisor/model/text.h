/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formats text into a buffer: the one printf of hypervisor, driver and model. Knows %c %s %d %u %x
 * %p and %% with the lengths l, ll and z, width (a number or *), the flags 0 and -, and a precision
 * for %s. It neither prints nor allocates. The one place that knows which stdarg.h is ours.
 */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include <bulkhead/types.h>

#ifdef __KERNEL__
#include <linux/stdarg.h>
#else
#include <stdarg.h>
#endif

/* What %llx takes, whatever uint64_t is made of. */
typedef unsigned long long hex;

/* Both always end the buffer with a zero (if size > 0) and return the length that would have been
 * written had there been room, without the zero. */
size_t text_vformat(char *buffer, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
size_t text_format(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
