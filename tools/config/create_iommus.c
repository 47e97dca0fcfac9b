// SPDX-License-Identifier: GPL-2.0-only
/* Finds the machine's IOMMUs and writes them down. See create_iommus.h. */
#include "create_iommus.h"

#include <stdlib.h>
#include <string.h>

#include "iommus.h"
#include "model/iommus.h"
#include "model/pci_path.h"
#include "model/range.h"
#include "numbers.h"
#include "pci.h"
#include "tools/output.h"
#include "tools/verb.h"

#define VERB        "config create"
#define ACPI_TABLES "/sys/firmware/acpi/tables"
#define PCI_DEVICES "/sys/bus/pci/devices"
#define TABLE_MAX   (64 * 1024)

/* The bytes of a file, which ends before `most`; 0 if it is not there. */
static size_t read_bytes(const char *path, uint8_t *bytes, size_t most)
{
	FILE *file = fopen(path, "re");
	size_t size;

	if (!file)
		return 0;
	size = fread(bytes, 1, most, file);
	fclose(file);
	return size;
}

/* Of a function's configuration space (PCI-to-PCI bridge specification, 3.2). */
#define HEADER_TYPE  0x0e
#define HEADER_KIND  0x7f
#define HEADER_BRIDGE 1
#define SECONDARY    0x19
#define SUBORDINATE  0x1a

static bool find_bridge(void *context, uint32_t address, uint8_t *first, uint8_t *last)
{
	char path[128], name[PCI_ADDRESS_TEXT];
	uint8_t header[64];

	(void)context;
	pci_address_format(address, name);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/config", name);
	if (read_bytes(path, header, sizeof(header)) < sizeof(header) ||
	    (header[HEADER_TYPE] & HEADER_KIND) != HEADER_BRIDGE)
		return false;
	*first = header[SECONDARY];
	*last = header[SUBORDINATE];
	return true;
}

/* Chips of interrupts that go by an IOMMU have names such as "IR-PCI-MSI". */
static bool linux_remaps(void)
{
	FILE *file = fopen("/proc/interrupts", "re");
	bool found = false;
	char *line = NULL;
	size_t room = 0;

	while (file && !found && getline(&line, &room, file) > 0)
		found = strstr(line, " IR-") != NULL;
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* Which only the machine itself can tell: not where tables of another one are read. */
static void mark_remapping(struct acpi_iommus *iommus)
{
	uint32_t i;

	if (iommus->head.iommu_count == 0 || iommus->units[0].kind != BH_IOMMU_VTD ||
	    !linux_remaps())
		return;
	for (i = 0; i < iommus->head.iommu_count; i++)
		iommus->units[i].flags |= BH_IOMMU_LINUX_REMAPS;
}

void iommus_find(struct acpi_iommus *iommus, const char *folder)
{
	const struct acpi_bridges bridges = { .find = find_bridge };
	uint8_t *table = must(malloc(TABLE_MAX));
	struct bh_refusal refusal = { .text = "" };
	bool done = true;
	char path[256];
	size_t size;

	memset(iommus, 0, sizeof(*iommus));
	snprintf(path, sizeof(path), "%s/DMAR", folder ? folder : ACPI_TABLES);
	size = read_bytes(path, table, TABLE_MAX);
	if (size)
		done = dmar_parse(table, size, &bridges, iommus, &refusal);
	snprintf(path, sizeof(path), "%s/IVRS", folder ? folder : ACPI_TABLES);
	size = iommus->head.iommu_count ? 0 : read_bytes(path, table, TABLE_MAX);
	if (done && size)
		done = ivrs_parse(table, size, iommus, &refusal);
	free(table);
	if (done && !folder)
		mark_remapping(iommus);
	if (done && iommus->skipped)
		verb_complain(VERB, "DMAR names devices by ways through bridges that are not "
			      "here; %u of them are left out", iommus->skipped);
	if (done)
		return;
	verb_complain(VERB, "the IOMMUs are left out: %s", refusal.text);
	memset(iommus, 0, sizeof(*iommus));
}

static void write_function(FILE *out, const char *name, uint32_t source)
{
	fprintf(out, " %s = \"" PCI_AT "\";", name, PCI_AT_OF(source));
}

static void write_scope(FILE *out, const struct bh_iommu_scope *scope)
{
	fprintf(out, "\t\t\t{ kind = \"%s\";", word_text(iommu_scope_kinds, scope->kind));
	write_function(out, "source", scope->source);
	if (scope->kind == BH_IOMMU_RANGE || scope->kind == BH_IOMMU_ALIAS)
		write_function(out, "id", scope->id);
	else if (scope->kind == BH_IOMMU_BRIDGE)
		fprintf(out, " id = 0x%04x;", scope->id);
	else if (scope->kind != BH_IOMMU_FUNCTION && scope->kind != BH_IOMMU_UNIT)
		fprintf(out, " id = %u;", scope->id);
	if (scope->pass)
		fprintf(out, " pass = 0x%02x;", scope->pass);
	fputs(" }", out);
}

/* What the control register of a unit of AMD-Vi is to hold. */
static void write_sends(FILE *out, uint32_t flags)
{
	static const struct word sends[] = {
		{ "tunnel", BH_IOMMU_TUNNEL }, { "pass_pw", BH_IOMMU_PASS_PW },
		{ "res_pass_pw", BH_IOMMU_RES_PASS_PW }, { "isoc", BH_IOMMU_ISOC }, { NULL, 0 },
	};
	const struct word *word;

	for (word = sends; word->text; word++)
		if (flags & word->value)
			fprintf(out, " %s = true;", word->text);
}

static void write_unit(FILE *out, const struct bh_iommu *unit, const struct bh_iommu_scope *scopes)
{
	uint32_t i;

	fprintf(out, "\t\t{ name = \"%s\"; kind = \"%s\"; registers = 0x%llx; levels = %u;\n"
		"\t\t  remaps = true; pages_2m = true; pages_1g = true;", unit->name,
		word_text(iommu_kinds, unit->kind), (unsigned long long)unit->registers,
		unit->levels);
	if (unit->flags & BH_IOMMU_LINUX_REMAPS)
		fputs(" linux_remaps = true;", out);
	if (unit->segment)
		fprintf(out, " segment = %u;", unit->segment);
	if (unit->kind == BH_IOMMU_AMDVI)
		fprintf(out, " last_bus = %u;", unit->last_bus);
	if (unit->flags & BH_IOMMU_ALL)
		fputs(" all = true;", out);
	write_sends(out, unit->flags);
	for (i = 0; i < unit->scope_count; i++) {
		fputs(i ? ",\n" : "\n\t\t  scopes = (\n", out);
		write_scope(out, &scopes[i]);
	}
	fputs(i ? "\n\t\t  ); }" : " }", out);
}

static void write_windows(FILE *out, const struct acpi_iommus *iommus)
{
	const struct bh_iommu_window *window = iommus->windows;
	uint32_t i;

	if (iommus->head.window_count == 0)
		return;
	fputs("\n\t# Memory that firmware has devices use. It is root's; so are the devices.\n"
	      "\tiommu_windows = (\n", out);
	for (i = 0; i < iommus->head.window_count; i++, window++) {
		char size[SIZE_TEXT], device[PCI_ADDRESS_TEXT];

		size_format(window->size, size);
		pci_address_format(window->address, device);
		fprintf(out, "%s\t\t{ phys = 0x%llx; size = \"%s\"; device = \"%s\";",
			i ? ",\n" : "", (unsigned long long)window->start, size, device);
		pci_address_format(window->last, device);
		if (window->last)
			fprintf(out, " last = \"%s\";", device);
		fputs(" }", out);
	}
	fputs("\n\t);\n", out);
}

/* What keeps Linux from them; those that it remaps by are taken over. */
static const char *parameters(const struct bh_iommu *unit)
{
	if (unit->kind != BH_IOMMU_VTD)
		return "amd_iommu=off";
	return unit->flags & BH_IOMMU_LINUX_REMAPS ? "intel_iommu=off" :
						     "intel_iommu=off intremap=off";
}

void iommus_write(FILE *out, const struct acpi_iommus *iommus)
{
	const struct bh_iommu_scope *scopes = iommus->scopes;
	uint32_t i;

	if (iommus->head.iommu_count == 0)
		return;
	fprintf(out, "\n\t# CHECK: Linux must leave them alone: boot it with %s. What a unit\n"
		"\t# cannot do of this the hypervisor says when it is enabled.\n\tiommus = (\n",
		parameters(iommus->units));
	for (i = 0; i < iommus->head.iommu_count; i++) {
		fputs(i ? ",\n" : "", out);
		write_unit(out, &iommus->units[i], scopes);
		scopes += iommus->units[i].scope_count;
	}
	fputs("\n\t);\n", out);
	write_windows(out, iommus);
}

/* What is left of a part on both sides of a range. */
static void cut(struct owned_list *memory, struct bh_range range)
{
	size_t i, count = memory->count;

	for (i = 0; i < count; i++) {
		struct owned *part = &memory->list[i];
		uint64_t last = range_last(part->range);

		if (!part->kind || !ranges_overlap(part->range, range))
			continue;
		if (last > range_last(range)) {
			memory->list = must(reallocarray(memory->list, memory->count + 1,
							 sizeof(*memory->list)));
			part = &memory->list[i];
			memory->list[memory->count] = *part;
			memory->list[memory->count].owner = must(strdup(part->owner));
			memory->list[memory->count++].range =
				RANGE(range_end(range), last - range_last(range));
		}
		/* A part of no bytes is left out where it has no kind. */
		if (part->range.start < range.start)
			part->range.size = range.start - part->range.start;
		else
			part->kind = NULL;
	}
}

void iommus_cut(struct owned_list *memory, const struct acpi_iommus *iommus)
{
	uint32_t i;

	for (i = 0; i < iommus->head.iommu_count; i++)
		cut(memory, iommu_registers(&iommus->units[i]));
	owned_sort(memory);
}
