/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruction of hypercalls, for whoever makes them: VMCALL, or VMMCALL on processors with SVM.
 * The other one raises #UD. What calls there are is in hypercall.h.
 */
#ifndef BULKHEAD_CALL_H
#define BULKHEAD_CALL_H

#include <bulkhead/comm.h>

/* The first words of "AuthenticAMD" and "HygonGenuine", EBX of CPUID leaf 0. */
#define BH_VENDOR_AMD   0x68747541u
#define BH_VENDOR_HYGON 0x6f677948u

/* Is it VMMCALL? A cell without communication page asks CPUID, which exits: ask once. */
static inline bool bh_call_is_vmmcall(const volatile struct bh_comm *page)
{
	uint32_t a = 0, b, c = 0, d;

	if (page)
		return page->backend == BH_BACKEND_SVM;
	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return b == BH_VENDOR_AMD || b == BH_VENDOR_HYGON;
}

static inline int64_t bh_call(bool is_vmmcall, uint64_t number, uint64_t first, uint64_t second,
			      uint64_t third)
{
	int64_t result = (int64_t)number;

	if (is_vmmcall)
		__asm__ volatile("vmmcall" : "+a"(result) : "D"(first), "S"(second), "d"(third)
				 : "memory");
	else
		__asm__ volatile("vmcall" : "+a"(result) : "D"(first), "S"(second), "d"(third)
				 : "memory");
	return result;
}

#endif
