/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config create`: a first board file for a machine, with comments that say what its owner
 * should look at. What goes where is create_memory.c's.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "create_iommus.h"
#include "create_memory.h"
#include "create_pci.h"
#include "model/backend_kind.h"
#include "model/range.h"
#include "multihit.h"
#include "numbers.h"
#include "tools/machine.h"
#include "tools/output.h"
#include "tools/verb.h"

/* IA32_VMX_EPT_VPID_CAP: second-level pages of 1 GiB (SDM vol. 3, appendix A.10). */
#define EPT_PAGES_1G (1ULL << 17)

/* CPUID 80000001H, EDX: nested pages have the sizes of all others (APM vol. 2, 15.25.5). */
#define CPUID_PAGES_1G (1ULL << 26)

static void write_head(FILE *out, const struct processors *processors)
{
	fprintf(out,
		"# Written by `bulkhead config create` from what Linux tells of this machine%s%s%s."
		"\n# It is a beginning: root may touch all that Linux listed. Look through it, "
		"above all where\n# a comment says CHECK, and take out what cells are to have."
		"\n\n",
		processors->model[0] ? " (" : "", processors->model,
		processors->model[0] ? ")" : "");
}

/* Are pages of 1 GiB there? Only the machine itself can tell. */
static bool has_pages_1g(const struct create_options *options)
{
	struct vmx_capabilities capabilities;
	struct svm_capabilities svm;
	struct machine machine;
	bool has = false;

	if (options->folder || !machine_read(&machine, "config create"))
		return false;
	if (machine_backend(&machine.cpus[0]) == BH_BACKEND_SVM) {
		machine_svm_capabilities(&machine.cpus[0], &svm);
		has = svm.cpuid_80000001_edx & CPUID_PAGES_1G;
	} else if (!machine.msrs_missing) {
		machine_capabilities(&machine.cpus[0], &capabilities);
		has = capabilities.ept_vpid & EPT_PAGES_1G;
	}
	machine_free(&machine);
	return has;
}

/* The processor may not tell, but Linux knows the models. Only VMX's have it. */
static void write_multihit(FILE *out, const struct processors *processors, const char *sysfs)
{
	enum multihit multihit = multihit_read(sysfs);

	if (processors->backend != BH_BACKEND_VMX)
		return;
	if (multihit == MULTIHIT_UNKNOWN)
		fputs("\t# CHECK: false if " MULTIHIT_FILE " says\n"
		      "\t# \"Not affected\", else true.\n\t# itlb_multihit = true;\n", out);
	else
		fprintf(out, "\t# From " MULTIHIT_FILE ".\n\titlb_multihit = %s;\n",
			multihit == MULTIHIT_AFFECTED ? "true" : "false");
}

static void write_siblings(FILE *out, const struct processors *processors)
{
	const char *before = "\tsiblings = (";
	unsigned int cpu, other;

	for (cpu = 0; cpu < BH_MAX_CPUS; cpu++) {
		uint64_t core[BH_CPU_WORDS] = { 0 };
		char text[CPUS_TEXT];

		for (other = 0; other < BH_MAX_CPUS; other++)
			if (processors->cpus[other / 64] >> other % 64 & 1 &&
			    processors->core[other] == processors->core[cpu])
				core[other / 64] |= 1ULL << other % 64;
		if (cpus_count(core) < 2 || cpus_first(core) != cpu)
			continue;
		cpus_format(core, text);
		fprintf(out, "%s \"%s\"", before, text);
		before = ",";
	}
	if (*before == ',')
		fputs(" );\n", out);
}

/* As Linux has it from the ACPI table of that name. A cell may have one alone. */
static void write_hpet(FILE *out, const struct resources *iomem)
{
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		if (strncmp(iomem->list[i].name, "HPET ", strlen("HPET ")) != 0)
			continue;
		fprintf(out, "\n\t# For a cell that is lent it: the hypervisor filters what the "
			"cell writes there.\n\thpet = { at = 0x%llx; };\n",
			(unsigned long long)(iomem->list[i].range.start & ~BH_PAGE_MASK));
		return;
	}
}

static void write_board(FILE *out, const struct create_options *options,
			const struct processors *processors, const struct set_aside *aside,
			const struct resources *iomem, struct acpi_iommus *iommus)
{
	const struct backend_kind *kind = &backend_kinds[processors->backend];
	unsigned int bits = processors->physical_bits;
	char text[CPUS_TEXT], sysfs[256] = "/sys";
	size_t i;

	if (options->folder)
		snprintf(sysfs, sizeof(sysfs), "%s/sys", options->folder);
	if (bits > kind->map_format->address_bits)
		bits = kind->map_format->address_bits;
	cpus_format(processors->cpus, text);
	fprintf(out, "board = {\n\tname = \"%s\";\n\tbackend = \"%s\";\n\tphysical_bits = %u;\n",
		options->name, kind->word, bits);
	fprintf(out, "\t# CHECK: what `bulkhead hardware check` says of pages of 1 GiB.\n"
		     "\tpages_1g = %s;\n", has_pages_1g(options) ? "true" : "false");
	write_multihit(out, processors, sysfs);
	fprintf(out, "\t# CHECK: CPUs that were offline are not in it.\n\tcpus = \"%s\";\n", text);
	write_siblings(out, processors);
	size_format(aside->hypervisor.size, text);
	fprintf(out, "\n\t# From memmap= on Linux's command line, which must stay there.\n"
		     "\thypervisor = { phys = 0x%llx; size = \"%s\"; };\n",
		(unsigned long long)aside->hypervisor.start, text);
	for (i = 0; i < aside->cells.count; i++) {
		size_format(aside->cells.list[i].range.size, text);
		fprintf(out, "%s\t\t{ phys = 0x%llx; size = \"%s\"; }%s",
			i ? "" : "\tcell_memory = (\n",
			(unsigned long long)aside->cells.list[i].range.start, text,
			i + 1 < aside->cells.count ? ",\n" : "\n\t);\n");
	}
	pci_aliases(iommus, sysfs);
	iommus_write(out, iommus);
	fputs("\n\t# CHECK: if the machine has a serial port that Linux can do without, such as\n"
	      "\t# { type = \"8250-port\"; port = 0x2f8; baud = 115200; }, take it out of root's "
	      "ports.\n\tconsole = { type = \"none\"; };\n", out);
	write_hpet(out, iomem);
	write_pci(out, sysfs, iomem);
	fputs("};\n\n", out);
}

/* A name of letters, digits and dashes from Linux's words, and a number to tell it from others. */
static void write_name(FILE *out, const char *words, size_t number)
{
	char name[BH_NAME_SIZE - 8] = "";
	size_t used = 0;

	for (; *words && used < sizeof(name) - 1; words++)
		if (isalnum((unsigned char)*words))
			name[used++] = (char)tolower((unsigned char)*words);
		else if (used && name[used - 1] != '-')
			name[used++] = '-';
	while (used && name[used - 1] == '-')
		used--;
	fprintf(out, "\"%.*s-%zu\"", (int)used, name, number);
}

/* Neighbours of one kind and the same rights become one region, with larger pages. */
static void merge(struct owned_list *memory)
{
	size_t i, used = 0;

	for (i = 1; i < memory->count; i++) {
		struct owned *last = &memory->list[used];
		struct owned *next = &memory->list[i];

		if (last->kind && next->kind && strcmp(last->kind, next->kind) == 0 &&
		    last->access == next->access &&
		    range_end(last->range) == next->range.start) {
			last->range.size += next->range.size;
			free(next->owner);
		} else {
			memory->list[++used] = *next;
		}
	}
	if (memory->count)
		memory->count = used + 1;
}

static void write_region(FILE *out, const struct owned *part, size_t number, const char *before)
{
	char size[SIZE_TEXT];

	size_format(part->range.size, size);
	fprintf(out, "%s\t  # %s\n\t  { name = ", before, part->owner);
	write_name(out, part->owner, number);
	fprintf(out, "; phys = 0x%llx; size = \"%s\";\n\t    access = \"%s%s%s\"; kind = \"%s\"; }",
		(unsigned long long)part->range.start, size,
		part->access & BH_ACCESS_READ ? "r" : "", part->access & BH_ACCESS_WRITE ? "w" : "",
		part->access & BH_ACCESS_EXECUTE ? "x" : "", part->kind);
}

/*
 * First, one line each: libconfig knows no comma before a closing parenthesis, and behind these
 * there is always RAM, so any of them can be taken out by a comment sign alone.
 */
static void write_served(FILE *out, const struct owned_list *memory)
{
	size_t i;

	for (i = 0; i < memory->count; i++) {
		const struct owned *part = &memory->list[i];
		char size[SIZE_TEXT];

		if (part->kind || !part->name)
			continue;
		size_format(part->range.size, size);
		fprintf(out, "\n\t  # The hypervisor serves it where the board has `%s`: take this "
			"line out then.\n\t  { name = \"%s\"; phys = 0x%llx; size = \"%s\"; "
			"access = \"rw\"; kind = \"device\"; },", part->name, part->owner,
			(unsigned long long)part->range.start, size);
	}
}

static void write_root(FILE *out, struct owned_list *memory, const struct owned_list *ports)
{
	const char *before = "\n";
	size_t i, number = 0;

	fputs("root = {\n\ton_fault = \"report\";\n\n"
	      "\t# CHECK: regions of devices, which a cell may want, and what firmware reserves.\n"
	      "\tmemory = (", out);
	write_served(out, memory);
	merge(memory);
	for (i = 0; i < memory->count; i++) {
		if (!memory->list[i].kind)
			continue;
		write_region(out, &memory->list[i], number++, before);
		before = ",\n";
	}
	fputs("\n\t);\n\n\t# CHECK: ports of devices that Linux has no driver for are not listed.\n"
	      "\tports = (\n", out);
	for (i = 0; i < ports->count; i++)
		fprintf(out, "\t\t\"0x%llx-0x%llx\"%s # %s\n",
			(unsigned long long)ports->list[i].range.start,
			(unsigned long long)range_last(ports->list[i].range),
			i + 1 < ports->count ? "," : "", ports->list[i].owner);
	fputs("\t);\n};\n", out);
}

struct input {
	struct resources iomem, ioports, reserved;
	struct processors processors;
};

static bool input_read(struct input *input, const char *folder)
{
	memset(input, 0, sizeof(*input));
	return processors_read(&input->processors, folder) &&
	       resources_read(&input->iomem, folder, "iomem") &&
	       resources_read(&input->ioports, folder, "ioports") &&
	       reserved_read(&input->reserved, folder);
}

static void input_free(struct input *input)
{
	resources_free(&input->iomem);
	resources_free(&input->ioports);
	resources_free(&input->reserved);
}

bool config_create(FILE *out, const struct create_options *options)
{
	struct owned_list memory, ports;
	struct acpi_iommus iommus;
	struct set_aside aside;
	struct input input;
	bool done = input_read(&input, options->folder ? options->folder : "/proc") &&
		    set_aside_choose(&aside, &input.reserved, &input.iomem,
				     cpus_count(input.processors.cpus));

	if (done) {
		memory = root_memory(&input.iomem, &input.reserved);
		ports = root_ports(&input.ioports);
		write_head(out, &input.processors);
		iommus_find(&iommus, options->folder);
		iommus_cut(&memory, &iommus);
		write_board(out, options, &input.processors, &aside, &input.iomem, &iommus);
		write_root(out, &memory, &ports);
		owned_free(&memory);
		owned_free(&ports);
		resources_free(&aside.cells);
	}
	input_free(&input);
	return done;
}
