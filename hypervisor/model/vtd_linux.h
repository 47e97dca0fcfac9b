/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VT-d unit that Linux remaps its interrupts by, as Linux finds it while the hypervisor drives
 * it: its registers are kept here, its commands are read and carried out by who asks, and what it
 * writes into its own table is judged before it goes into the hypervisor's, under the same index.
 * VT-d specification, 5.1, 6.5 and chapters 9 and 11. The hardware is x86/iommu's.
 */
#ifndef MODEL_VTD_LINUX_H
#define MODEL_VTD_LINUX_H

#include "model/apic_policy.h"
#include "model/iommu_places.h"
#include "model/vtd_entries.h"

struct vtd_linux {
	uint32_t version, status;      /* VER, GSTS */
	uint64_t capabilities, extended; /* CAP, ECAP */
	uint64_t queue, table;         /* IQA, IRTA */
	uint32_t head, tail;           /* IQH, IQT: bytes */
	uint32_t faults;               /* FSTS */
	uint32_t control, data, address, upper; /* FECTL, FEDATA, FEADDR, FEUADDR */
};

/* Accesses of 4 or 8 bytes, aligned to that. */
uint64_t vtd_linux_read(const struct vtd_linux *seen, uint32_t offset, uint32_t size);

enum vtd_linux_write {
	VTD_LINUX_KEPT,
	VTD_LINUX_IGNORED, /* not Linux's to change while the hypervisor drives the unit */
	VTD_LINUX_QUEUE,   /* there may be commands to carry out now */
};
enum vtd_linux_write vtd_linux_write(struct vtd_linux *seen, uint32_t offset, uint32_t size,
				     uint64_t value);

/* Bytes of the queue, and of a command in it. */
uint32_t vtd_linux_queue_size(const struct vtd_linux *seen);
uint32_t vtd_linux_command_size(const struct vtd_linux *seen);

/* Where the next command stands, if there is one; it is left behind, or was wrong. */
bool vtd_linux_next(const struct vtd_linux *seen, uint64_t *at);
void vtd_linux_advance(struct vtd_linux *seen);
void vtd_linux_fail(struct vtd_linux *seen);

/* What a command wants. */
enum vtd_linux_order {
	VTD_LINUX_NOTHING, /* of translation, which is the hypervisor's, or an empty wait */
	VTD_LINUX_CHANGES, /* these of the table have changed: `count` from `first` on */
	VTD_LINUX_ANSWER,  /* all before it is done: `value` goes to `at` */
	VTD_LINUX_UNKNOWN,
};
struct vtd_linux_command {
	enum vtd_linux_order order;
	uint32_t first, count; /* below IOMMU_LINUX_ENTRIES */
	uint32_t beyond;       /* the first that was named and is not; 0: none */
	uint32_t value;
	uint64_t at;
};
struct vtd_linux_command vtd_linux_decode(struct vtd_entry command);

/* Why an entry is not Linux's to have; VTD_ENTRY_GOOD if it is, or is not present. */
enum vtd_flaw {
	VTD_ENTRY_GOOD = 0,
	VTD_ENTRY_POSTED,
	VTD_ENTRY_MODE,   /* neither fixed nor lowest priority */
	VTD_ENTRY_VECTOR, /* below 16 */
	VTD_ENTRY_OPEN,   /* any device could use it */
	VTD_ENTRY_DEVICE, /* a device that is not root's could */
	VTD_ENTRY_CPU,    /* it reaches a CPU that is not root's */
	VTD_FLAWS
};

/* Who is not root. */
struct vtd_walls {
	bool is_wide; /* the unit's APIC ids have 32 bits: EIME */
	bool (*reaches)(const struct icr *icr, bool x2apic);
	bool (*admits)(const void *context, struct vtd_entry entry);
	const void *context;
};
enum vtd_flaw vtd_linux_judge(struct vtd_entry entry, const struct vtd_walls *walls);
/* "any device could use it" */
const char *vtd_flaw_text(enum vtd_flaw flaw);

/* May that function use the entry? By the entry's own word: SVT, SQ and SID (9.10). */
bool vtd_entry_admits(struct vtd_entry entry, uint16_t source);

static inline bool vtd_entry_is_present(struct vtd_entry entry)
{
	return entry.low & 1;
}

#endif
