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
#include "numbers.h"
#include "pci.h"
#include "tools/output.h"
#include "tools/verb.h"

#define CLASS_BRIDGE 0x06u
#define CLASS_IOMMU  0x0806u
/* Of the third number of a line in "resource"; include/linux/ioport.h. */
#define RESOURCE_PORTS  0x100u
#define RESOURCE_MEMORY 0x200u

/* A function's folder, and what is in its file of registers. */
struct function {
	char path[300];
	uint8_t config[PCI_EXTENDED_SIZE];
	uint32_t size;
};

static FILE *open_attribute(const struct function *function, const char *name)
{
	char path[340];

	snprintf(path, sizeof(path), "%s/%s", function->path, name);
	return fopen(path, "re");
}

static unsigned long read_attribute(const struct function *function, const char *name)
{
	FILE *file = open_attribute(function, name);
	char text[32] = "";

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return strtoul(text, NULL, 0);
}

/* Registers behind the first 64 bytes are for root's eyes. */
static void read_config(struct function *function)
{
	FILE *file = open_attribute(function, "config");

	function->size = file ? (uint32_t)fread(function->config, 1, sizeof(function->config), file)
			      : 0;
	if (file)
		fclose(file);
}

static uint32_t read_word(void *context, uint32_t offset)
{
	const struct function *function = context;
	uint32_t word = UINT32_MAX;

	if (offset + 4 <= function->size)
		memcpy(&word, &function->config[offset], 4);
	return word;
}

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

/* A number of a line in "resource". */
static bool take_hex(const char **text, char end, uint64_t *number)
{
	if (strncmp(*text, "0x", strlen("0x")) == 0)
		*text += strlen("0x");
	return hex_take(text, 16, end, number);
}

/* "0xFIRST 0xLAST 0xFLAGS" */
static bool parse_resource(const char *line, uint64_t *first, uint64_t *last, uint64_t *flags)
{
	return take_hex(&line, ' ', first) && take_hex(&line, ' ', last) &&
	       take_hex(&line, '\0', flags);
}

static void write_bars(FILE *out, const struct function *function)
{
	FILE *file = open_attribute(function, "resource");
	uint64_t first, last, flags;
	char line[128], size[SIZE_TEXT];
	const char *before = "";
	int i;

	for (i = 0; i < BH_BARS && file && fgets(line, sizeof(line), file); i++) {
		line[strcspn(line, "\n")] = '\0';
		if (!parse_resource(line, &first, &last, &flags) || first == 0)
			continue;
		size_format(last - first + 1, size);
		if (flags & RESOURCE_PORTS)
			fprintf(out, "%s{ index = %d; ports = \"0x%llx-0x%llx\"; }", before, i,
				(unsigned long long)first, (unsigned long long)last);
		else if (flags & RESOURCE_MEMORY)
			fprintf(out, "%s{ index = %d; at = 0x%llx; size = \"%s\"; }", before, i,
				(unsigned long long)first, size);
		else
			continue;
		before = ",\n\t#               ";
	}
	if (file)
		fclose(file);
}

static void write_msix(FILE *out, struct function *function,
		       const struct pci_capabilities *capabilities)
{
	const struct pci_capability *msix =
		pci_capability_find(capabilities, false, PCI_CAP_MSIX);
	uint32_t table;

	if (!msix)
		return;
	table = read_word(function, msix->offset + PCI_MSIX_TABLE);
	fprintf(out, "\n\t#      msix = { bar = %u; offset = 0x%x; entries = %u; };",
		table & PCI_MSIX_BIR, table & ~PCI_MSIX_BIR,
		(read_word(function, msix->offset) >> 16 & PCI_MSIX_ENTRIES) + 1);
}

/* The folder of all functions, as a machine. */
static uint32_t read_machine(void *context, uint32_t address, uint32_t offset)
{
	struct function function = { .size = 0 };
	char text[PCI_ADDRESS_TEXT];

	pci_address_format(address, text);
	snprintf(function.path, sizeof(function.path), "%s/%s", (const char *)context, text);
	read_config(&function);
	return read_word(&function, offset);
}

/* What is behind the first 64 bytes only root is told. */
static void write_reset(FILE *out, struct function *function, const struct pci_machine *machine,
			uint32_t address, const struct pci_capabilities *capabilities)
{
	const struct pci_reader reader = { read_word, function, function->size };
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
static void write_group(FILE *out, const struct function *function,
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

static void write_function(FILE *out, struct function *function, const struct pci_machine *machine,
			   const char *address, size_t number)
{
	const struct pci_reader reader = { read_word, function, PCI_CONFIG_SIZE };
	unsigned long class = read_attribute(function, "class");
	unsigned long irq = read_attribute(function, "irq");
	struct pci_capabilities capabilities;
	uint32_t place = 0;

	pci_address_parse(address, &place);
	read_config(function);
	pci_capabilities_read(&capabilities, &reader);
	fprintf(out, "\t#    { name = \"%s-%zu\"; address = \"%s\"; id = \"%04lx:%04lx\";\n"
		     "\t#      bars = ( ", class_word(class), number, address,
		read_attribute(function, "vendor"), read_attribute(function, "device"));
	write_bars(out, function);
	fputs(" );", out);
	write_msix(out, function, &capabilities);
	write_group(out, function, machine, place);
	/* Offset 0x3d: which of its four pins a function uses. */
	if (function->size > 0x3d && function->config[0x3d] && irq)
		fprintf(out, "\n\t#      pin = %lu;", irq);
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
	snprintf(folder, size, "%s/bus/pci/devices", sysfs);
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
static bool is_for_cells(const struct function *function)
{
	unsigned long class = read_attribute(function, "class");

	return class >> 16 != CLASS_BRIDGE && class >> 8 != CLASS_IOMMU;
}

static void write_devices(FILE *out, char *folder, struct dirent **entries, int count)
{
	const struct pci_machine machine = { .read = read_machine, .context = folder };
	const char *before = "";
	size_t number = 0;
	int i;

	for (i = 0; i < count; i++) {
		struct function function = { .size = 0 };

		snprintf(function.path, sizeof(function.path), "%s/%s", folder, entries[i]->d_name);
		if (!is_for_cells(&function))
			continue;
		fputs(before, out);
		write_function(out, &function, &machine, entries[i]->d_name, number++);
		before = ",\n";
	}
}

static void write_ioapics(FILE *out, const struct resources *iomem)
{
	const char *before = "\t# ioapics = (\n";
	unsigned int number = 0;
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		if (strncmp(iomem->list[i].name, "IOAPIC", strlen("IOAPIC")) != 0)
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

/* "PCI MMCONFIG 0000 [bus 00-ff]", or "PCI ECAM ..." of newer kernels. */
static bool parse_mmconfig(const char *name, uint64_t *first, uint64_t *last)
{
	static const char *const starts[] = { "PCI MMCONFIG 0000 [bus ", "PCI ECAM 0000 [bus " };
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(starts); i++) {
		if (strncmp(name, starts[i], strlen(starts[i])) != 0)
			continue;
		name += strlen(starts[i]);
		return hex_take(&name, 2, '-', first) && hex_take(&name, 2, ']', last) &&
		       *name == '\0' && *first <= *last;
	}
	return false;
}

static void write_mmconfig(FILE *out, const struct resources *iomem)
{
	uint64_t first, last;
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		if (!parse_mmconfig(iomem->list[i].name, &first, &last))
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
	      "then: take them\n\t# out below. How many pins an IOAPIC has, Linux tells when it "
	      "starts. List only devices\n\t# that cells are to have; of several that name one "
	      "pin, a cell gets all.\n", out);
	write_ioapics(out, iomem);
	fputs("\t# pci = {\n", out);
	write_mmconfig(out, iomem);
	fputs("\t#   devices = (\n", out);
	write_devices(out, folder, entries, count);
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
