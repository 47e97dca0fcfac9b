/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How offsets.c files tell assembly their constants: each is a line of the compiler's output, which
 * the build turns into a #define.
 */
#ifndef X86_DEFINE_OFFSET_H
#define X86_DEFINE_OFFSET_H

#define DEFINE(symbol, value) \
	__asm__ volatile("\n.ascii \"-> " #symbol " %0 " #value "\"" : : "i"(value))

void offsets(void);

#endif
