/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what Linux tells of PCI functions in sysfs. See create_pci.h. */
#include "create_pci.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/pci_path.h"
#include "model/pci_reset.h"
#include "model/range.h"
#include "pci.h"
#include "sysfs_pci.h"
#include "tools/output.h"
#include "tools/pin_owner.h"
#include "tools/verb.h"

#define CLASS_BRIDGE 0x06u
#define CLASS_IOMMU  0x0806u

/* Which of its four pins a function uses, and a line that is not connected (PCI 3.0, 6.2.4). */
#define INTERRUPT_PIN 0x3du
#define NOT_CONNECTED 0xffu

/* SCI_INT, 16 bits of the FADT (ACPI 6.4, 5.2.9). */
#define FADT         "firmware/acpi/tables/FACP"
#define FADT_SCI_INT 46

/* A word for people; the number tells it from others of its kind. */
static const char *class_word(unsigned long class)
{
	static const struct { unsigned int class; const char *word; } words[] = {
		{ 0x0101, "ide" }, { 0x0106, "sata" }, { 0x0108, "nvme" }, { 0x01, "storage" },
		{ 0x0200, "net" }, { 0x02, "net" }, { 0x03, "display" }, { 0x0403, "audio" },
		{ 0x04, "media" }, { 0x0700, "serial" }, { 0x0c03, "usb" }, { 0x0c05, "smbus" },
		{ 0x0280, "net" },
	};
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(words); i++)
		if (words[i].class == class >> 8 || words[i].class == class >> 16)
			return words[i].word;
	return "device";
}

static void write_bars(FILE *out, const struct sysfs_function *function)
{
	struct bh_bar bars[BH_BARS];
	const char *before = "";
	char text[PCI_BAR_TEXT];
	uint32_t i;

	sysfs_bars(function, bars);
	for (i = 0; i < BH_BARS; i++) {
		if (bars[i].kind == BH_BAR_NONE)
			continue;
		pci_bar_format(&bars[i], i, text);
		fprintf(out, "%s%s", before, text);
		before = ",\n\t#               ";
	}
}

static void write_msix(FILE *out, struct sysfs_function *function,
		       const struct pci_capabilities *capabilities)
{
	const struct pci_capability *msix =
		pci_capability_find(capabilities, false, PCI_CAP_MSIX);
	uint32_t table;

	if (!msix)
		return;
	table = sysfs_word(function, msix->offset + PCI_MSIX_TABLE);
	fprintf(out, "\n\t#      msix = { bar = %u; offset = 0x%x; entries = %u; };",
		table & PCI_MSIX_BIR, table & ~PCI_MSIX_BIR,
		(sysfs_word(function, msix->offset) >> 16 & PCI_MSIX_ENTRIES) + 1);
}

/* The folder of all functions, as a machine. */
static uint32_t read_machine(void *context, uint32_t address, uint32_t offset)
{
	struct sysfs_function function = { .size = 0 };

	sysfs_function_name(&function, context, address);
	sysfs_read_config(&function);
	return sysfs_word(&function, offset);
}

/* What is behind the first 64 bytes only root is told. */
static void write_reset(FILE *out, struct sysfs_function *function,
			const struct pci_machine *machine, uint32_t address,
			const struct pci_capabilities *capabilities)
{
	const struct pci_reader reader = { sysfs_word, function, function->size };
	struct pci_reset_plan plan = pci_reset_plan(capabilities, &reader);
	uint32_t bridge;
	bool is_alone = pci_bridge_above(machine, address, &bridge) &&
			pci_is_alone(machine, address);
	enum pci_reset_way way = pci_reset_way(&plan, is_alone);

	fprintf(out, "\n\t#      # resets: %s", pci_reset_text(way));
	if (way == PCI_RESET_BY_NOTHING)
		fputs("; cells can have it with without_reset = true;", out);
}

/* Those that an IOMMU cannot tell apart: as Linux has it with the unit in hand, else by bridges. */
static void write_group(FILE *out, const struct sysfs_function *function,
			const struct pci_machine *machine, uint32_t address)
{
	struct pci_requester requester;
	char path[340], target[128];
	ssize_t length;

	snprintf(path, sizeof(path), "%s/iommu_group", function->path);
	length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0) {
		pci_requester(&requester, machine, address);
		if (requester.is_shared)
			fprintf(out, "\n\t#      group = \"bus-%02x\";", requester.first_bus);
		return;
	}
	target[length] = '\0';
	fprintf(out, "\n\t#      group = \"iommu-%s\";",
		strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
}

/*
 * Linux's number is the pin's (GSI) where a driver goes by the pin. Of a function that sends
 * messages it may be a message's, and of one without a driver it is firmware's, which means an
 * input of the 8259.
 */
static void write_pin(FILE *out, const struct sysfs_function *function, uint32_t acpi_pin)
{
	unsigned long irq = sysfs_number(function, "irq");
	const char *owner = pin_owner(irq, acpi_pin);

	if (function->size <= INTERRUPT_PIN || !function->config[INTERRUPT_PIN] ||
	    irq == 0 || irq == NOT_CONNECTED)
		return;
	if (sysfs_has_any(function, "msi_irqs")) {
		fputs("\n\t#      # no pin: its driver in Linux has it send messages", out);
		return;
	}
	if (owner) {
		fprintf(out, "\n\t#      # no pin: Linux has it at %lu, which is %s and stays with "
			"root", irq, owner);
		return;
	}
	fprintf(out, "\n\t#      pin = %lu;", irq);
	if (!sysfs_has_any(function, "driver"))
		fputs("\n\t#      # CHECK the pin: no driver of Linux's has the device, so this is "
		      "what firmware says", out);
}

static void write_function(FILE *out, struct sysfs_function *function,
			   const struct pci_machine *machine, const char *address, size_t number,
			   uint32_t acpi_pin)
{
	const struct pci_reader reader = { sysfs_word, function, PCI_CONFIG_SIZE };
	unsigned long class = sysfs_number(function, "class");
	struct pci_capabilities capabilities;
	uint32_t place = 0;

	pci_address_parse(address, &place);
	sysfs_read_config(function);
	pci_capabilities_read(&capabilities, &reader);
	fprintf(out, "\t#    { name = \"%s-%zu\"; address = \"%s\"; id = \"%04lx:%04lx\";\n"
		     "\t#      bars = ( ", class_word(class), number, address,
		sysfs_number(function, "vendor"), sysfs_number(function, "device"));
	write_bars(out, function);
	fputs(" );", out);
	write_msix(out, function, &capabilities);
	write_group(out, function, machine, place);
	write_pin(out, function, acpi_pin);
	write_reset(out, function, machine, place, &capabilities);
	fputs("\n\t#    }", out);
}

static int is_function(const struct dirent *entry)
{
	uint32_t address;

	return pci_address_parse(entry->d_name, &address);
}

static int list_functions(char *folder, size_t size, const char *sysfs, struct dirent ***entries)
{
	snprintf(folder, size, "%s/" SYSFS_PCI, sysfs);
	return scandir(folder, entries, is_function, alphasort);
}

static void free_functions(struct dirent **entries, int count)
{
	int i;

	for (i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
}

/* Bridges lead to devices of others, and an IOMMU is the hypervisor's. */
static bool is_for_cells(const struct sysfs_function *function)
{
	unsigned long class = sysfs_number(function, "class");

	return class >> 16 != CLASS_BRIDGE && class >> 8 != CLASS_IOMMU;
}

static uint32_t read_acpi_pin(const char *sysfs)
{
	uint8_t pin[2];
	char path[256];
	FILE *file;
	bool done;

	snprintf(path, sizeof(path), "%s/" FADT, sysfs);
	file = fopen(path, "re");
	if (!file)
		return USUAL_ACPI_PIN;
	done = fseek(file, FADT_SCI_INT, SEEK_SET) == 0 && fread(pin, sizeof(pin), 1, file) == 1;
	fclose(file);
	return done ? (uint32_t)pin[0] | (uint32_t)pin[1] << 8 : USUAL_ACPI_PIN;
}

static void write_devices(FILE *out, char *folder, struct dirent **entries, int count,
			  uint32_t acpi_pin)
{
	const struct pci_machine machine = { .read = read_machine, .context = folder };
	const char *before = "";
	size_t number = 0;
	int i;

	for (i = 0; i < count; i++) {
		struct sysfs_function function = { .size = 0 };

		snprintf(function.path, sizeof(function.path), "%s/%s", folder, entries[i]->d_name);
		if (!is_for_cells(&function))
			continue;
		fputs(before, out);
		write_function(out, &function, &machine, entries[i]->d_name, number++,
			       acpi_pin);
		before = ",\n";
	}
}

static void write_ioapics(FILE *out, const struct resources *iomem)
{
	const char *before = "\t# ioapics = (\n";
	unsigned int number = 0;
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		if (!resource_is_ioapic(&iomem->list[i]))
			continue;
		fprintf(out,
			"%s\t#     { name = \"ioapic%u\"; at = 0x%llx; first = %u; pins = 24; }",
			before, number, (unsigned long long)iomem->list[i].range.start,
			24 * number);
		before = ",\n";
		number++;
	}
	if (number)
		fputs("\n\t# );\n", out);
}

static void write_mmconfig(FILE *out, const struct resources *iomem)
{
	uint64_t first, last;
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		if (!resource_is_mmconfig(&iomem->list[i], &first, &last))
			continue;
		fprintf(out, "\t#   mmconfig = { at = 0x%llx; buses = \"%llu-%llu\"; };\n",
			(unsigned long long)(iomem->list[i].range.start - (first << 20)),
			(unsigned long long)first, (unsigned long long)last);
	}
}

void write_pci(FILE *out, const char *sysfs, const struct resources *iomem)
{
	struct dirent **entries;
	char folder[256];
	int count;

	count = list_functions(folder, sizeof(folder), sysfs, &entries);
	if (count <= 0)
		return;
	fputs("\n\t# CHECK: if cells are to have PCI devices or pins of an IOAPIC. Without what "
	      "follows,\n\t# all of these is root's. IOAPICs and mmconfig are not root's memory "
	      "then: each has a\n\t# line of its own at the beginning of root's memory below; take "
	      "that out. How many pins\n\t# an IOAPIC has, Linux tells when it starts. List only "
	      "devices that cells are to have; of\n\t# several that name one pin, a cell gets "
	      "all.\n", out);
	write_ioapics(out, iomem);
	fputs("\t# pci = {\n", out);
	write_mmconfig(out, iomem);
	fputs("\t#   devices = (\n", out);
	write_devices(out, folder, entries, count, read_acpi_pin(sysfs));
	fputs("\n\t#   );\n\t# };\n", out);
	free_functions(entries, count);
}

void pci_aliases(struct acpi_iommus *iommus, const char *sysfs)
{
	struct bh_refusal refusal = { .text = "" };
	struct dirent **entries;
	char folder[256];
	const struct pci_machine machine = { .read = read_machine, .context = folder };
	int count = list_functions(folder, sizeof(folder), sysfs, &entries);
	bool done = true;
	int i;

	for (i = 0; i < count && done; i++) {
		struct pci_requester requester;
		uint32_t address = 0;

		pci_address_parse(entries[i]->d_name, &address);
		pci_requester(&requester, &machine, address);
		if (BH_PCI_DOMAIN(address) == 0 && requester.source != address &&
		    !pci_is_bridge(&machine, address))
			done = acpi_add_alias(iommus, address, (uint16_t)requester.source,
					      requester.is_shared, &refusal);
	}
	if (!done)
		verb_complain("config create", "not all aliases are there: %s", refusal.text);
	free_functions(entries, count);
}
