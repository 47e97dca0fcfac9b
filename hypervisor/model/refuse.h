/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How model code says no: fills the refusal in words and returns false, so that a function that
 * refuses ends in `return refuse(...)`. Who prints the words, and where, is not decided here.
 */
#ifndef MODEL_REFUSE_H
#define MODEL_REFUSE_H

#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

/* A null refusal means that nobody wants to know why. Text that is too long is cut. */
bool refuse(struct bh_refusal *refusal, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds what went wrong besides to a refusal that has words already: "; and" goes between. */
bool refuse_also(struct bh_refusal *refusal, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
