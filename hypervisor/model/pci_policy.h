/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell may write into the configuration space of a function that is its own: default is
 * deny, what is allowed is a table (pci_policy_table.c), by header type and by capability. Whose a
 * function is, and touching the hardware, are the callers': an access to a function of somebody
 * else's reads as all ones and writes nothing, without a look at this.
 *
 * The registers of the function are the only copy of what they hold, but for the header: places of
 * memory and windows of a bridge are to be what they were when the function was taken up. Calls
 * about one function must not run at the same time, nor before the last one was carried out.
 */
#ifndef MODEL_PCI_POLICY_H
#define MODEL_PCI_POLICY_H

#include <bulkhead/refusal.h>

#include "model/msi_policy.h"
#include "model/pci.h"

/* Which column of the table counts. */
enum pci_who {
	PCI_OF_ROOT,
	PCI_OF_CELL, /* a cell's function; or a bridge of root's with functions of a cell behind */
	PCI_COLUMNS
};

/* What happens at a write. */
enum pci_action {
	PCI_DENY = 0, /* dropped; a fault, if it would have changed something */
	PCI_IGNORE,   /* dropped */
	PCI_ALLOW,
	PCI_BITS,     /* as the row's `bits` say, the rest as PCI_DENY */
	PCI_QUIET,    /* as the row's `bits` say, the rest as PCI_IGNORE */
	PCI_OWN,      /* header: only the value that it had */
	PCI_BASE,     /* a base address: the same, and the ones that ask for its size */
	PCI_POWER,    /* PCI_QUIET; the state may be D0, or D3hot if that keeps the registers */
	PCI_MESSAGE,  /* the MSI capability: messages that stay inside the cell */
};

/* A register or range, relative to its capability. */
struct pci_rule {
	uint16_t first;
	uint16_t last; /* inclusive; with bits or clears at most 4 bytes on */
	uint8_t root;  /* enum pci_action */
	uint8_t cell;
	uint32_t bits;   /* that may be written */
	uint32_t clears; /* that hardware clears where 1 is written */
};

#define PCI_ANY_HEADER 0xff

/* The rules of a header type or of a capability; what no rule names goes by the rest. */
struct pci_rules {
	uint16_t id;    /* of the capability, or the class */
	uint8_t header; /* type that it is for, or PCI_ANY_HEADER */
	uint8_t rest_of_root;
	uint8_t rest_of_cell;
	uint8_t count;
	const struct pci_rule *rules;
};

struct pci_rules_list {
	size_t count;
	const struct pci_rules *list;
};

extern const struct pci_rules_list pci_policy_headers;
extern const struct pci_rules_list pci_policy_capabilities;
extern const struct pci_rules_list pci_policy_extended;
/* What lies behind a function's configuration space, in MMCONFIG; */
extern const struct pci_rules pci_policy_beyond;
/* what is in no capability, or in one without rules: of functions with one of these classes, */
extern const struct pci_rules_list pci_policy_chipset;
/* and of all others. */
extern const struct pci_rules_list pci_policy_others;

#define PCI_HEADER_WORDS 16
#define PCI_BASES        7 /* six base addresses, and the ROM's */
#define PCI_BASE_ROM     6

/* A function that somebody has. */
struct pci_function {
	uint32_t address;              /* BH_PCI_ADDRESS() */
	uint8_t header;                /* its type: PCI_HEADER_* */
	uint8_t sizing;                /* bit n: base n was written with ones, not yet restored */
	uint8_t has_size;              /* bit n: `sizes` tells it; else hardware does */
	uint32_t own[PCI_HEADER_WORDS];
	uint32_t sizes[PCI_BASES];     /* what base addresses read after ones were written */
	struct pci_capabilities capabilities;
};

/*
 * Takes up a function as its registers are now. `device` is what the board file says of it; null
 * for one that it does not name, which remains root's. Such a one's base addresses are asked for
 * their sizes by writing ones, while it does not decode; no other's ever are.
 */
void pci_function_open(struct pci_function *function, uint32_t address,
		       const struct bh_device *device, const struct pci_reader *reader);

/*
 * Is the function what the board file says: identity, header, base addresses, MSI-X table? To be
 * asked before any cell can have it, and whenever it has changed hands or been reset.
 */
bool pci_device_check(const struct bh_device *device, const struct pci_reader *reader,
		      struct bh_refusal *refusal);

/* An access, inside one word of 32 bits. */
struct pci_access {
	uint32_t offset;
	uint32_t width; /* 1, 2 or 4 */
};

/* What is read, in the low bits: mostly what hardware has. */
uint32_t pci_policy_read(const struct pci_function *function, enum pci_who who,
			 const struct pci_access *access, const struct pci_reader *reader);

struct pci_verdict {
	bool carry_out; /* `value` is to be written, by an access like the cell's */
	bool is_denied; /* something else was wanted, too: a fault */
	uint32_t value;
	enum msi_verdict message; /* why, if it was about a message */
};

/*
 * What becomes of a write. `filter` has the CPUs of the function's owner. A write may change some
 * bits and not others, so part of it may be carried out and part be denied.
 */
struct pci_verdict pci_policy_write(struct pci_function *function, enum pci_who who,
				    const struct pci_access *access, uint32_t value,
				    const struct icr_filter *filter,
				    const struct pci_reader *reader);

#endif
