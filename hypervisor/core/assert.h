/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the code takes for granted, checked in builds with CONFIG_DEBUG: where it does not hold, the
 * CPU stops with the words. Other builds compile nothing of it.
 */
#ifndef CORE_ASSERT_H
#define CORE_ASSERT_H

#include "x86/exceptions.h"

#ifdef CONFIG_DEBUG
#define assert_that(condition) \
	do { \
		if (!(condition)) \
			panic("assertion failed: " #condition); \
	} while (0)
#else
#define assert_that(condition) ((void)0)
#endif

#endif
