// SPDX-License-Identifier: GPL-2.0-only
/* The table of words. See backend_words.h. */
#include "backend_words.h"

#include <bulkhead/config.h>

const struct backend_words *backend_words(uint32_t backend)
{
	static const struct backend_words words[BH_BACKENDS] = {
		[BH_BACKEND_VMX] = { "vmx", "VPID", "EPTP" },
		[BH_BACKEND_SVM] = { "svm", "ASID", "nCR3" },
	};

	return &words[backend < BH_BACKENDS ? backend : BH_BACKEND_VMX];
}
