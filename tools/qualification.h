/* SPDX-License-Identifier: GPL-2.0-only */
/* What a fault record's exit qualification, or EXITINFO1, says in words. */
#ifndef TOOLS_QUALIFICATION_H
#define TOOLS_QUALIFICATION_H

#include <bulkhead/fault.h>

#define QUALIFICATION_TEXT_MAX 128

/* Empty where its bits are told by the rest of the record, or mean nothing. */
void qualification_text(const struct bh_fault *fault, char text[QUALIFICATION_TEXT_MAX]);

#endif
