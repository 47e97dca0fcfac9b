/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI configuration space as its specifications lay it out (PCI local bus 3.0, chapter 6; PCI
 * Express base 3.0, chapter 7): registers, the two ways to address them, and the list of a
 * function's capabilities. Who may write what is pci_policy.h's.
 */
#ifndef MODEL_PCI_H
#define MODEL_PCI_H

#include <bulkhead/config.h>
#include <bulkhead/types.h>

#define PCI_CONFIG_SIZE   0x100u  /* by ports */
#define PCI_EXTENDED_SIZE 0x1000u /* by MMCONFIG */

#define PCI_ID            0x00u
#define PCI_COMMAND       0x04u
#define PCI_STATUS        0x06u
#define PCI_CLASS         0x08u
#define PCI_HEADER        0x0eu
#define PCI_BAR0          0x10u
#define PCI_BUSES         0x18u /* of a bridge: own, behind it, last one behind it */
#define PCI_ROM           0x30u /* of an endpoint */
#define PCI_CAPABILITIES  0x34u
#define PCI_BRIDGE_ROM    0x38u
#define PCI_EXTENDED      0x100u

#define PCI_COMMAND_IO       0x0001u
#define PCI_COMMAND_MEMORY   0x0002u
#define PCI_COMMAND_MASTER   0x0004u
#define PCI_COMMAND_NO_INTX  0x0400u
#define PCI_STATUS_HAS_LIST  0x0010u

#define PCI_HEADER_TYPE      0x7fu
#define PCI_HEADER_ENDPOINT  0u
#define PCI_HEADER_BRIDGE    1u

#define PCI_BAR_PORTS  0x1u
#define PCI_BAR_WIDTH  0x6u
#define PCI_BAR_64     0x4u
#define PCI_ROM_ENABLE 0x1u

/* PCI 3.0, appendix H */
#define PCI_CAP_POWER  0x01u
#define PCI_CAP_MSI    0x05u
#define PCI_CAP_PCIX   0x07u
#define PCI_CAP_PCIE   0x10u
#define PCI_CAP_MSIX   0x11u
#define PCI_CAP_AF     0x13u
#define PCI_CAP_ALLOCATION 0x14u

/* PCI Express base 3.0, 7.8.2: the type of device or port, in the word that begins with the id */
#define PCI_EXPRESS_TYPE(word)  ((word) >> 20 & 0xfu)
#define PCI_EXPRESS_ROOT_PORT   4u
#define PCI_EXPRESS_DOWNSTREAM  6u
#define PCI_EXPRESS_TO_PCI      7u

#define PCI_MSI_CONTROL  2u
#define PCI_MSI_ENABLE   0x0001u
#define PCI_MSI_CAPABLE  0x000eu /* log2 of the messages asked for */
#define PCI_MSI_MESSAGES 0x0070u /* log2 of the messages allotted */
#define PCI_MSI_64       0x0080u
#define PCI_MSI_MASKS    0x0100u

#define PCI_MSIX_CONTROL 2u
#define PCI_MSIX_ENTRIES 0x07ffu /* one less */
#define PCI_MSIX_ENABLE  0x8000u
#define PCI_MSIX_TABLE   4u
#define PCI_MSIX_BIR     0x7u

/* The address port of the first way (PCI 3.0, 3.2.2.3.2). */
#define PCI_PORT_ADDRESS 0xcf8u
#define PCI_PORT_DATA    0xcfcu
#define PCI_PORT_LAST    0xcffu
#define PCI_PORT_RESET   0xcf9u /* the reset control, one byte wide (ICH9, 13.7.5) */
#define PCI_PORT_ENABLE  0x80000000u

/* A register of a function; what an access is about, whichever way it came. */
struct pci_register {
	uint32_t function; /* BH_PCI_ADDRESS() */
	uint32_t offset;
};

/*
 * What a data port means with that in the address port: false if the ports are off, and for what
 * crosses the end of the register, which goes nowhere.
 */
bool pci_register_by_port(struct pci_register *reg, uint32_t address, uint32_t port,
			  uint32_t width);

/* The same for an address in the board's MMCONFIG. */
bool pci_register_by_memory(struct pci_register *reg, const struct bh_mmconfig *mmconfig,
			    uint64_t at, uint32_t width);

/* All of the window; empty if there is none. */
struct bh_range pci_mmconfig_range(const struct bh_mmconfig *mmconfig);

/* How configuration space is read where it is: 32 bits at a multiple of 4. */
struct pci_reader {
	uint32_t (*read)(void *context, uint32_t offset);
	void *context;
	uint32_t size; /* PCI_CONFIG_SIZE, or PCI_EXTENDED_SIZE */
};

/* One of a function's capabilities; `size` is up to where its registers end. */
struct pci_capability {
	uint16_t id;
	uint16_t offset;
	uint16_t size;
	bool is_extended;
};

#define PCI_CAPABILITIES_MOST 40
struct pci_capabilities {
	uint32_t space; /* so large is the function's configuration space */
	uint32_t count;
	struct pci_capability list[PCI_CAPABILITIES_MOST];
};

/*
 * Follows both lists, the second one where the function has space for it: with neither PCI Express
 * nor PCI-X of mode 2 it has not (PCI Express base 3.0, 7.2; PCI-X 2.0, 7.1), nor where a bridge
 * drops the upper bits of a register's number, so that its header stands there again every 256
 * bytes. A function may say what it likes: a list that leads out of its space, back
 * into itself or on for too long ends there, and false is returned; what was found until then
 * stands.
 */
bool pci_capabilities_read(struct pci_capabilities *found, const struct pci_reader *reader);

/* The first of that id; null if there is none. */
const struct pci_capability *pci_capability_find(const struct pci_capabilities *capabilities,
						 bool is_extended, uint32_t id);

/* The same, null too if it is cut off before that many bytes: then it is none. */
static inline const struct pci_capability *
pci_capability_whole(const struct pci_capabilities *capabilities, uint32_t id, uint32_t bytes)
{
	const struct pci_capability *found = pci_capability_find(capabilities, false, id);

	return found && found->size >= bytes ? found : NULL;
}

#endif
