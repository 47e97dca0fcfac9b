/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processor at hand, as the tables of features ask for its registers.
 */
#ifndef X86_PROCESSOR_H
#define X86_PROCESSOR_H

#include "model/features.h"

/* Of the calling CPU; the context is not looked at. */
extern const struct feature_reader processor_reader;

#endif
