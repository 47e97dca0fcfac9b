// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a machine that was written down elsewhere: one fact a line, `#' begins a comment.
 *
 *   kernel = 6.1.0-18-amd64
 *   paging = 4 or 5
 *   events = idt or fred
 *   kvm = absent, idle or in-use
 *   iommu = absent, vt-d or amd-vi
 *   cpu 0
 *   cpuid 0x1 0 = EAX EBX ECX EDX    (of the CPU named last; CPU 0 if none was)
 *   msr 0x480 = VALUE
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "verb.h"

static bool take_word(char **rest, const char *word)
{
	size_t length = strlen(word);

	*rest += strspn(*rest, " \t");
	if (strncmp(*rest, word, length) != 0 || !strchr(" \t=", (*rest)[length]))
		return false;
	*rest += length;
	return true;
}

static bool take_equals(char **rest)
{
	*rest += strspn(*rest, " \t");
	if (**rest != '=')
		return false;
	(*rest)++;
	*rest += strspn(*rest, " \t");
	return true;
}

static bool take_number(char **rest, uint64_t most, uint64_t *number)
{
	char *end;

	*rest += strspn(*rest, " \t");
	if (**rest < '0' || **rest > '9')
		return false;
	errno = 0;
	*number = strtoull(*rest, &end, 0);
	if (errno || *number > most || !strchr(" \t=", *end))
		return false;
	*rest = end;
	return true;
}

static bool at_end(const char *rest)
{
	return rest[strspn(rest, " \t")] == '\0';
}

static struct machine_cpu *last_cpu(struct machine *machine)
{
	if (!machine->cpu_count)
		return machine_add_cpu(machine, 0);
	return &machine->cpus[machine->cpu_count - 1];
}

static bool take_cpuid(struct machine *machine, char *rest)
{
	struct machine_register *reg;
	uint64_t leaf, subleaf, output[4];
	int i;

	if (!take_number(&rest, UINT32_MAX, &leaf) || !take_number(&rest, UINT32_MAX, &subleaf) ||
	    !take_equals(&rest))
		return false;
	for (i = 0; i < 4; i++)
		if (!take_number(&rest, UINT32_MAX, &output[i]))
			return false;
	if (!at_end(rest))
		return false;
	reg = machine_add_register(last_cpu(machine));
	reg->number = (uint32_t)leaf;
	reg->subleaf = (uint32_t)subleaf;
	for (i = 0; i < 4; i++)
		reg->output[i] = (uint32_t)output[i];
	return true;
}

static bool take_msr(struct machine *machine, char *rest)
{
	struct machine_register *reg;
	uint64_t number, value;

	if (!take_number(&rest, UINT32_MAX, &number) || !take_equals(&rest) ||
	    !take_number(&rest, UINT64_MAX, &value) || !at_end(rest))
		return false;
	reg = machine_add_register(last_cpu(machine));
	reg->is_msr = true;
	reg->number = (uint32_t)number;
	reg->value = value;
	return true;
}

static bool take_cpu(struct machine *machine, char *rest)
{
	uint64_t number;

	if (!take_number(&rest, UINT32_MAX, &number) || !at_end(rest))
		return false;
	machine_add_cpu(machine, (unsigned int)number);
	return true;
}

static bool take_kernel(struct machine *machine, char *rest)
{
	if (!take_equals(&rest) || !*rest || strlen(rest) >= sizeof(machine->kernel))
		return false;
	snprintf(machine->kernel, sizeof(machine->kernel), "%s", rest);
	return true;
}

static bool take_paging(struct machine *machine, char *rest)
{
	uint64_t levels;

	if (!take_equals(&rest) || !take_number(&rest, 5, &levels) || levels < 4 || !at_end(rest))
		return false;
	machine->five_levels = levels == 5;
	return true;
}

static bool take_events(struct machine *machine, char *rest)
{
	if (!take_equals(&rest))
		return false;
	machine->fred = strcmp(rest, "fred") == 0;
	return machine->fred || strcmp(rest, "idt") == 0;
}

static bool take_kvm(struct machine *machine, char *rest)
{
	if (!take_equals(&rest))
		return false;
	if (strcmp(rest, "absent") == 0)
		machine->kvm = KVM_ABSENT;
	else if (strcmp(rest, "idle") == 0)
		machine->kvm = KVM_IDLE;
	else if (strcmp(rest, "in-use") == 0)
		machine->kvm = KVM_IN_USE;
	else
		return false;
	return true;
}

static bool take_iommu(struct machine *machine, char *rest)
{
	unsigned int i;

	if (!take_equals(&rest))
		return false;
	for (i = IOMMU_ABSENT; i < MACHINE_IOMMUS; i++)
		if (strcmp(rest, machine_iommu_words[i]) == 0)
			machine->iommu = i;
	return machine->iommu != IOMMU_UNKNOWN;
}

static const struct {
	const char *word;
	bool (*take)(struct machine *machine, char *rest);
	const char *form;
} lines[] = {
	{ "cpuid", take_cpuid, "cpuid LEAF SUBLEAF = EAX EBX ECX EDX" },
	{ "cpu", take_cpu, "cpu NUMBER" },
	{ "msr", take_msr, "msr NUMBER = VALUE" },
	{ "kernel", take_kernel, "kernel = RELEASE" },
	{ "paging", take_paging, "paging = 4 or 5" },
	{ "events", take_events, "events = idt or fred" },
	{ "kvm", take_kvm, "kvm = absent, idle or in-use" },
	{ "iommu", take_iommu, "iommu = absent, vt-d or amd-vi" },
};

/* Null if the line is good, else what it should look like. */
static const char *take_line(struct machine *machine, char *line)
{
	size_t i;

	line[strcspn(line, "#\n")] = '\0';
	if (at_end(line))
		return NULL;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char *rest = line;

		if (take_word(&rest, lines[i].word))
			return lines[i].take(machine, rest) ? NULL : lines[i].form;
	}
	return "cpu, cpuid, msr, kernel, paging, events, kvm or iommu";
}

/* All lines; how many complaints there were. */
static unsigned int take_file(struct machine *machine, const char *verb, const char *path,
			      FILE *file)
{
	unsigned int complaints = 0;
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		const char *form = take_line(machine, line);

		number++;
		if (!form)
			continue;
		complaints++;
		verb_complain(verb, "%s:%u: not understood; should be: %s", path, number, form);
	}
	free(line);
	if (ferror(file)) {
		complaints++;
		verb_complain(verb, "%s: %s", path, strerror(errno));
	}
	return complaints;
}

bool machine_load(struct machine *machine, const char *verb, const char *path)
{
	unsigned int complaints;
	FILE *file;

	*machine = (struct machine){ 0 };
	file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (!file) {
		verb_complain(verb, "%s: %s", path, strerror(errno));
		return false;
	}
	complaints = take_file(machine, verb, path, file);
	if (file != stdin)
		fclose(file);
	if (!complaints && !machine->cpu_count) {
		verb_complain(verb, "%s: there is no CPU in this file", path);
		complaints++;
	}
	if (complaints)
		machine_free(machine);
	return complaints == 0;
}
