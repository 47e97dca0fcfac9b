/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What PCI functions there are: in a cell, the cell's own. For each its address, vendor, device and
 * class, where its BARs are, what it says in its capabilities. The word mmconfig=ADDRESS reads all
 * of that in memory, and the extended capabilities as well.
 */
#include <inttypes.h>
#include <stdio.h>

#include <inmate/pci.h>
#include <inmate/words.h>

#define BARS            6u
#define BAR_IS_PORTS    1u
#define HEADER_KIND     0x7fu /* 0: a device with six BARs; a bridge has two */
#define EXTENDED_ERRORS 0x0001u /* PCI Express Base Specification 3.0, 7.10 */
#define EXTENDED_SERIAL 0x0003u /* the same, 7.12 */

static const struct {
	uint8_t id;
	const char *name;
} capabilities[] = {
	{ 0x01, "power management" },
	{ PCI_CAPABILITY_MSI, "MSI" },
	{ 0x10, "PCI Express" },
	{ PCI_CAPABILITY_MSIX, "MSI-X" },
};

static void list_bars(pci_function function)
{
	unsigned int count = pci_read8(function, PCI_HEADER_TYPE) & HEADER_KIND ? 2 : BARS, i;

	for (i = 0; i < count; i++) {
		uint64_t bar = pci_bar(function, i);

		if (!bar)
			continue;
		printf("        BAR %u: %s 0x%" PRIx64 "\n", i,
		       pci_read32(function, PCI_BAR + 4 * i) & BAR_IS_PORTS ? "ports" : "memory",
		       bar);
		/* The next register is the upper half of this one. */
		i += bar >> 32 != 0;
	}
}

static void list_capabilities(pci_function function)
{
	unsigned int i, at;

	for (i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if ((at = pci_capability(function, capabilities[i].id)))
			printf("        0x%02x: %s\n", at, capabilities[i].name);
	if ((at = pci_extended_capability(function, EXTENDED_ERRORS)))
		printf("        0x%03x: error reporting\n", at);
	if ((at = pci_extended_capability(function, EXTENDED_SERIAL)))
		printf("        0x%03x: serial number %08" PRIx32 "%08" PRIx32 "\n", at,
		       pci_read32(function, at + 8), pci_read32(function, at + 4));
}

int main(int argc, char **argv)
{
	unsigned int count = 0;
	pci_function function;
	uint32_t from;

	(void)argc;
	pci_use_mmconfig(words_number(argv, "mmconfig", 0));
	for (from = 0; pci_next(from, &function); from = function + 1u) {
		printf("%02x:%02x.%x %04x:%04x class %06" PRIx32 "\n", PCI_BUS(function),
		       PCI_DEVICE(function), PCI_NUMBER(function), pci_read16(function, PCI_ID),
		       pci_read16(function, PCI_ID + 2), pci_read32(function, PCI_CLASS) >> 8);
		list_bars(function);
		list_capabilities(function);
		count++;
	}
	printf("%u functions\n", count);
	return 0;
}
