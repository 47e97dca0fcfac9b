/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses carry their space in their type, so that the compiler refuses to mix them: one-member
 * structs cost nothing on x86-64, where they travel in a register.
 */
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include <bulkhead/types.h>

typedef struct { uint64_t v; } hpa_t; /* host-physical: what the memory bus sees */
typedef struct { uint64_t v; } gpa_t; /* guest-physical: what a cell takes for physical */
typedef struct { uint64_t v; } gla_t; /* guest-linear: what a cell's instructions use */
typedef struct { uint64_t v; } hva_t; /* the hypervisor's own virtual addresses */

#define HPA(x) ((hpa_t){ (x) })
#define GPA(x) ((gpa_t){ (x) })
#define GLA(x) ((gla_t){ (x) })
#define HVA(x) ((hva_t){ (x) })

#endif
