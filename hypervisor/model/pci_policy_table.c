/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of configuration space. Read them from top to bottom: one row a register or range,
 * with a reason; what root may do, what a cell may do with a function of its own, which bits may
 * be written where a column says so, which bits are cleared by writing 1.
 *
 * Root runs the machine, and its functions are its own to set up; but memory stays where it is, and
 * interrupts go to its own CPUs. In the tables of bridges the column of cells is about root, too,
 * while a cell has functions behind the bridge: what would cut them off is not root's then.
 *
 * PCI local bus 3.0, chapter 6 and appendix H; PCI-to-PCI bridges 1.2, 3.2; PCI power management
 * 1.2, 3.2; PCI Express base 3.0, 7.5 to 7.33.
 */
#include "model/pci_policy.h"

#define A PCI_ALLOW
#define D PCI_DENY
#define I PCI_IGNORE

#define RULES(table) .count = BH_ARRAY_SIZE(table), .rules = (table)

/* first, last, root, a cell, bits, bits cleared by 1: reason */

static const struct pci_rule endpoint[] = {
	/*
	 * command: decoding, bus mastering, write-and-invalidate, parity, INTx. SERR# reaches root
	 * as an NMI, and snooping VGA writes and special cycles are for one device of the machine
	 */
	{ 0x04, 0x05, A, PCI_QUIET, 0x0457, 0 },
	{ 0x06, 0x07, A, PCI_QUIET, 0xf900, 0xf900 }, /* status: errors that it saw */
	{ 0x0c, 0x0c, A, A, 0, 0 },             /* cache line size: its own bursts */
	{ 0x0d, 0x0d, A, I, 0, 0 },             /* latency timer: how long it may keep the bus */
	{ 0x0f, 0x0f, A, D, 0, 0 },             /* self-test: the function is away meanwhile */
	{ 0x10, 0x27, PCI_BASE, PCI_BASE, 0, 0 }, /* base addresses: memory stays where it is */
	{ 0x30, 0x33, PCI_BASE, PCI_BASE, 0, 0 }, /* ROM: the same; a cell sees none */
	{ 0x3c, 0x3c, A, A, 0, 0 },             /* interrupt line: a note of software */
};

static const struct pci_rule bridge[] = {
	/* command: not what functions behind it need */
	{ 0x04, 0x05, A, PCI_BITS, 0x0540, 0 },
	{ 0x06, 0x07, A, A, 0, 0xf900 },          /* status: errors */
	{ 0x0c, 0x0d, A, A, 0, 0 },               /* cache line size, latency timer */
	{ 0x0f, 0x0f, A, D, 0, 0 },               /* self-test */
	{ 0x10, 0x17, PCI_BASE, PCI_BASE, 0, 0 }, /* base addresses */
	{ 0x18, 0x1a, PCI_OWN, PCI_OWN, 0, 0 },   /* bus numbers: addresses of functions stay */
	{ 0x1b, 0x1b, A, I, 0, 0 },               /* latency timer behind it */
	{ 0x1c, 0x1d, PCI_OWN, PCI_OWN, 0, 0 },   /* window of ports */
	{ 0x1e, 0x1f, A, A, 0, 0xf900 },          /* status behind it: errors */
	{ 0x20, 0x33, PCI_OWN, PCI_OWN, 0, 0 },   /* windows of memory, upper halves, too */
	{ 0x38, 0x3b, PCI_BASE, PCI_BASE, 0, 0 }, /* ROM */
	{ 0x3c, 0x3c, A, A, 0, 0 },               /* interrupt line: a note */
	/* bridge control: parity, SERR, timers; not the reset of what is behind it, nor VGA */
	{ 0x3e, 0x3f, A, PCI_BITS, 0x0f23, 0x0400 },
};

static const struct pci_rules headers[] = {
	{ .header = PCI_HEADER_ENDPOINT, .rest_of_root = A, .rest_of_cell = D, RULES(endpoint) },
	{ .header = PCI_HEADER_BRIDGE, .rest_of_root = A, .rest_of_cell = D, RULES(bridge) },
};
const struct pci_rules_list pci_policy_headers = { BH_ARRAY_SIZE(headers), headers };

static const struct pci_rule power[] = {
	/*
	 * state, only where the registers survive it; not the wake-up signal, which is root's. Its
	 * status is cleared by 1
	 */
	{ 0x04, 0x05, A, PCI_POWER, 0x0003, 0x8000 },
};

static const struct pci_rule power_of_bridge[] = {
	{ 0x04, 0x05, A, D, 0, 0x8000 }, /* what is behind a bridge is off when that is */
};

static const struct pci_rule msi[] = {
	/* as far as the capability goes: enable, number of messages, address, data, masks */
	{ 0x00, 0x17, PCI_MESSAGE, PCI_MESSAGE, 0, 0 },
};

static const struct pci_rule msix[] = {
	{ 0x02, 0x03, A, PCI_QUIET, 0xc000, 0 }, /* enable, mask of all; the table is elsewhere */
};

static const struct pci_rule express[] = {
	/*
	 * device control: relaxed ordering, no snooping. Payload and read size are agreed for the
	 * whole path, error messages go to root, a reset loses the base addresses
	 */
	{ 0x08, 0x09, A, PCI_QUIET, 0x0810, 0 },
	{ 0x0a, 0x0b, A, PCI_QUIET, 0x000f, 0x000f }, /* device status: errors */
	{ 0x10, 0x11, A, I, 0, 0 }, /* link control: power saving, of both ends */
	{ 0x12, 0x13, A, I, 0, 0xc000 }, /* link status */
	{ 0x28, 0x29, A, I, 0, 0 }, /* device control 2: timeouts, latency messages, atomics */
	{ 0x30, 0x31, A, I, 0, 0 }, /* link control 2: speed */
};

static const struct pci_rule express_of_bridge[] = {
	{ 0x08, 0x09, A, PCI_QUIET, 0x000f, 0 }, /* device control: reports of errors */
	{ 0x0a, 0x0b, A, A, 0, 0x000f },         /* device status: errors */
	{ 0x10, 0x11, A, I, 0, 0 },              /* link control: off, retrain, power saving */
	{ 0x12, 0x13, A, A, 0, 0xc000 },         /* link status: changes */
	{ 0x18, 0x19, A, PCI_QUIET, 0x13ff, 0 }, /* slot control: events, lamps; not its power */
	{ 0x1a, 0x1b, A, A, 0, 0x011f },         /* slot status: events */
	{ 0x1c, 0x1d, A, A, 0, 0 },              /* root control: what errors are reported as */
	{ 0x20, 0x23, A, A, 0, 0x00010000 },     /* root status: wake-up events */
	{ 0x28, 0x29, A, I, 0, 0 },              /* device control 2: numbers of functions */
	{ 0x30, 0x31, A, I, 0, 0 },              /* link control 2: speed */
};

static const struct pci_rule allocation[] = {
	{ 0x00, 0xff, D, D, 0, 0 }, /* would move memory, as base addresses do */
};

/*
 * Of those without a row here, vital product data could be written, hot plug is the machine's, and
 * a maker's capability may be a window to the function's memory: to its MSI-X table as well.
 */
static const struct pci_rules capabilities[] = {
	{ PCI_CAP_POWER, PCI_HEADER_ENDPOINT, A, D, RULES(power) },
	{ PCI_CAP_POWER, PCI_HEADER_BRIDGE, A, D, RULES(power_of_bridge) },
	{ PCI_CAP_MSI, PCI_ANY_HEADER, A, D, RULES(msi) },
	{ PCI_CAP_PCIE, PCI_HEADER_ENDPOINT, A, D, RULES(express) },
	{ PCI_CAP_PCIE, PCI_HEADER_BRIDGE, A, D, RULES(express_of_bridge) },
	{ PCI_CAP_MSIX, PCI_ANY_HEADER, A, D, RULES(msix) },
	{ PCI_CAP_ALLOCATION, PCI_ANY_HEADER, D, D, RULES(allocation) },
};
const struct pci_rules_list pci_policy_capabilities = { BH_ARRAY_SIZE(capabilities), capabilities };

static const struct pci_rule errors[] = {
	{ 0x04, 0x07, A, PCI_BITS, UINT32_MAX, UINT32_MAX }, /* errors that cannot be corrected */
	{ 0x10, 0x13, A, PCI_BITS, UINT32_MAX, UINT32_MAX }, /* errors that were */
};

static const struct pci_rule virtual_functions[] = {
	{ 0x08, 0x09, A, D, 0, 0 }, /* control: new functions, in memory that was theirs before */
	{ 0x10, 0x11, A, D, 0, 0 }, /* how many */
	{ 0x20, 0x23, A, D, 0, 0 }, /* page size */
	{ 0x24, 0x3b, D, D, 0, 0 }, /* their base addresses: memory stays where it is */
};

/*
 * Read-only for all: each would let a device past what an IOMMU or a base address says. A port puts
 * another address into what is multicast.
 */
static const struct pci_rule nobody[] = {
	{ 0x04, 0xfff, D, D, 0, 0 },
};

static const struct pci_rule quiet[] = {
	{ 0x04, 0xfff, A, I, 0, 0 },
};

static const struct pci_rules extended[] = {
	{ 0x0001, PCI_HEADER_ENDPOINT, A, D, RULES(errors) },         /* advanced errors */
	{ 0x0001, PCI_HEADER_BRIDGE, A, A, RULES(errors) },
	{ 0x000d, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* access control services */
	{ 0x000f, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* address translation */
	{ 0x0010, PCI_ANY_HEADER, A, D, RULES(virtual_functions) },   /* SR-IOV */
	{ 0x0012, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* multicast */
	{ 0x0013, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* page requests */
	{ 0x0015, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* resizable BARs */
	{ 0x0018, PCI_HEADER_ENDPOINT, A, D, RULES(quiet) },          /* latency tolerance */
	{ 0x001b, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* address spaces (PASID) */
	{ 0x001d, PCI_HEADER_BRIDGE, A, D, RULES(quiet) },            /* port containment */
	{ 0x001e, PCI_ANY_HEADER, A, D, RULES(quiet) },               /* link substates */
	{ 0x0024, PCI_ANY_HEADER, D, D, RULES(nobody) },              /* resizable BARs, virtual */
};
const struct pci_rules_list pci_policy_extended = { BH_ARRAY_SIZE(extended), extended };

/*
 * Behind some bridges a function's header is there again, and a write would get past its rules. It
 * may be read: AMD's host bridges have registers there and no capability that says so.
 */
const struct pci_rules pci_policy_beyond = {
	.header = PCI_ANY_HEADER, .rest_of_root = D, .rest_of_cell = D,
};

static const struct pci_rule isa_bridge[] = {
	/* interrupts of PCI by way of the 8259, which is root's: ACPI's code sets them */
	{ 0x60, 0x63, A, D, 0, 0 },
	{ 0x68, 0x6b, A, D, 0, 0 },
};

/*
 * Host bridges and bridges to ISA: registers of the maker's say where MMCONFIG, SMRAM and the
 * chipset's own registers are, and lead to all of the machine by an index and a data register.
 * Firmware has set them up, and an operating system has no use for them.
 *
 * Since Intel's 100 series those of the IOAPIC and the HPET (IOAC 64h: at which page the IOAPIC is;
 * HPTC 60h; IBDF 6Ch and HBDF 70h: as whom both interrupt) are in the bridge to the chipset's
 * sideband (P2SB), an "other memory controller". So are a chipset's power management, and cards of
 * programmable logic: drivers in root have their BARs and the capabilities with rules, but write no
 * registers of the maker's in configuration space.
 */
static const struct pci_rules chipset[] = {
	{ .id = 0x0600, .header = PCI_ANY_HEADER, .rest_of_root = D, .rest_of_cell = D },
	{ 0x0601, PCI_ANY_HEADER, D, D, RULES(isa_bridge) },
	{ .id = 0x0580, .header = PCI_ANY_HEADER, .rest_of_root = D, .rest_of_cell = D },
};
const struct pci_rules_list pci_policy_chipset = { BH_ARRAY_SIZE(chipset), chipset };

/*
 * Registers of the maker's, and capabilities without rules: they may do anything. Of a header of a
 * type that nobody knows, any register may be a base address.
 */
static const struct pci_rules others[] = {
	{ .header = PCI_HEADER_ENDPOINT, .rest_of_root = A, .rest_of_cell = D },
	{ .header = PCI_HEADER_BRIDGE, .rest_of_root = A, .rest_of_cell = A },
	{ .header = PCI_ANY_HEADER, .rest_of_root = D, .rest_of_cell = D },
};
const struct pci_rules_list pci_policy_others = { BH_ARRAY_SIZE(others), others };
