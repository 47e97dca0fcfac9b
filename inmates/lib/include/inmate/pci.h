/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCI functions: found, configured, and told which interrupt to send. Registers go by their offset
 * in configuration space; PCI Local Bus Specification 3.0, chapter 6. In a cell only its own
 * functions are there. BARs stay where the firmware put them: their addresses are the machine's.
 */
#ifndef INMATE_PCI_H
#define INMATE_PCI_H

#include <stdbool.h>
#include <stdint.h>

/* A function's address: bus, device and function, as 8, 5 and 3 bits. */
typedef uint16_t pci_function;
#define PCI_FUNCTION(bus, device, function) \
	((pci_function)((bus) << 8 | (device) << 3 | (function)))
#define PCI_BUS(function)    ((function) >> 8)
#define PCI_DEVICE(function) ((function) >> 3 & 31)
#define PCI_NUMBER(function) ((function) & 7)

enum pci_register {
	PCI_ID = 0x00, /* vendor in the low half, device in the high one */
	PCI_COMMAND = 0x04,
	PCI_STATUS = 0x06,
	PCI_CLASS = 0x08, /* revision in the lowest byte */
	PCI_HEADER_TYPE = 0x0e,
	PCI_BAR = 0x10,
	PCI_CAPABILITIES = 0x34,
	PCI_INTERRUPT_LINE = 0x3c,
	PCI_INTERRUPT_PIN = 0x3d,
	PCI_EXTENDED = 0x100, /* from here on by MMCONFIG only */
};

#define PCI_CAPABILITY_MSI  0x05u
#define PCI_CAPABILITY_MSIX 0x11u

/*
 * Configuration space goes by the ports 0xcf8 and 0xcfc, and by MMCONFIG after it was said where
 * that is: by the machine's MCFG table, which a program in a cell cannot see. 0: ports again.
 */
void pci_use_mmconfig(uint64_t base);

/* What is not there reads as all ones. By ports, extended registers are not there. */
uint8_t pci_read8(pci_function function, unsigned int reg);
uint16_t pci_read16(pci_function function, unsigned int reg);
uint32_t pci_read32(pci_function function, unsigned int reg);
void pci_write8(pci_function function, unsigned int reg, uint8_t value);
void pci_write16(pci_function function, unsigned int reg, uint16_t value);
void pci_write32(pci_function function, unsigned int reg, uint32_t value);

/* The first function that is there, from that address on (0: all buses). false: there is none. */
bool pci_next(uint32_t from, pci_function *function);

/* The first one of this vendor and device. */
bool pci_find(uint16_t vendor, uint16_t device, pci_function *function);

/* The address in a BAR, of memory or of ports; 0: it has none. */
uint64_t pci_bar(pci_function function, unsigned int number);

/* The offset of a capability, 0: it has none; extended capabilities need MMCONFIG. */
unsigned int pci_capability(pci_function function, uint8_t id);
unsigned int pci_extended_capability(pci_function function, uint16_t id);

/* Lets it decode its BARs and be bus master. It interrupts by INTx until MSI or MSI-X is opened. */
void pci_enable(pci_function function);

/* No bus master any more, and no INTx. */
void pci_disable(pci_function function);

/*
 * Memory as the device must be told of it. Behind an IOMMU, and on a bare machine, that is the
 * program's own address. In a cell without one it is the machine's: whoever knows where the memory
 * at 0 really is says so first.
 */
void pci_dma_offset(uint64_t offset);
uint64_t pci_dma_address(const volatile void *memory);

/*
 * One message-signalled interrupt: this vector of the CPU with this APIC id, which must fit in
 * eight bits. false: the function cannot. INTx is off then.
 */
bool pci_msi_open(pci_function function, uint8_t vector, uint32_t apic_id);
void pci_msi_close(pci_function function);

/* The same by MSI-X, which has a table: how many entries, 0 for none. All are masked at first. */
unsigned int pci_msix_open(pci_function function);
void pci_msix_set(pci_function function, unsigned int entry, uint8_t vector, uint32_t apic_id);
void pci_msix_mask(pci_function function, unsigned int entry, bool masked);
void pci_msix_close(pci_function function);

#endif
