// SPDX-License-Identifier: GPL-2.0-only
/*
 * Goes through the table of VMX or SVM features and a few facts of Linux, and makes one finding of
 * each; then shows the findings. A feature is there only if every CPU has it.
 */
#include "hardware_report.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "backend_words.h"
#include "output.h"

/* What the whole table takes. */
#define WIDE_COLUMNS 150

enum answer {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_UNKNOWN,
};

struct finding {
	const char *name;
	char place[80];
	const char *without;
	bool is_needed;
	bool is_pointless; /* neither needed nor useful on this machine */
	enum answer answer;
	size_t cpus_without; /* how many CPUs lack it, and which */
	unsigned int *lacking;
};

struct findings {
	struct finding *list;
	size_t count;
};

static struct finding *add_finding(struct findings *findings)
{
	struct finding *finding;

	findings->list = must(reallocarray(findings->list, findings->count + 1, sizeof(*finding)));
	finding = &findings->list[findings->count++];
	*finding = (struct finding){ 0 };
	return finding;
}

static void free_findings(struct findings *findings)
{
	size_t i;

	for (i = 0; i < findings->count; i++)
		free(findings->list[i].lacking);
	free(findings->list);
}

/* Of a feature, of which every CPU has its share. */
static struct finding *add_feature(struct findings *findings, const struct machine *machine,
				   const char *name, const char *without)
{
	struct finding *finding = add_finding(findings);

	finding->name = name;
	finding->without = without;
	finding->lacking = must(calloc(machine->cpu_count, sizeof(*finding->lacking)));
	return finding;
}

static void add_share(struct finding *finding, unsigned int cpu, bool is_known, bool is_present)
{
	if (!is_known) {
		if (finding->answer == ANSWER_YES)
			finding->answer = ANSWER_UNKNOWN;
	} else if (!is_present) {
		finding->answer = ANSWER_NO;
		finding->lacking[finding->cpus_without++] = cpu;
	}
}

static void find_vmx_feature(struct findings *findings, const struct machine *machine,
			     const struct vmx_capabilities *capabilities,
			     const struct vmx_feature *feature)
{
	struct finding *finding = add_feature(findings, machine, feature->name,
					      vmx_feature_without(feature));
	size_t i;

	vmx_feature_place(feature, finding->place, sizeof(finding->place));
	for (i = 0; i < machine->cpu_count; i++) {
		finding->is_needed |= vmx_feature_required(feature, &capabilities[i]);
		add_share(finding, machine->cpus[i].number,
			  vmx_feature_known(feature, &capabilities[i]),
			  vmx_feature_present(feature, &capabilities[i]));
	}
	finding->is_pointless = feature->need == FEATURE_REQUIRED_IF_SHOWN && !finding->is_needed;
}

static void find_svm_feature(struct findings *findings, const struct machine *machine,
			     const struct svm_capabilities *capabilities,
			     const struct svm_feature *feature)
{
	struct finding *finding = add_feature(findings, machine, feature->name,
					      svm_feature_without(feature));
	size_t i;

	svm_feature_place(feature, finding->place, sizeof(finding->place));
	finding->is_needed = feature->need == FEATURE_REQUIRED;
	for (i = 0; i < machine->cpu_count; i++)
		add_share(finding, machine->cpus[i].number,
			  svm_feature_known(feature, &capabilities[i]),
			  svm_feature_present(feature, &capabilities[i],
					      (uint32_t)machine->cpu_count));
}

static void find_vmx_features(struct findings *findings, const struct machine *machine)
{
	struct vmx_capabilities *capabilities;
	size_t i;

	capabilities = must(calloc(machine->cpu_count, sizeof(*capabilities)));
	for (i = 0; i < machine->cpu_count; i++)
		machine_capabilities(&machine->cpus[i], &capabilities[i]);
	for (i = 0; i < vmx_feature_count; i++)
		find_vmx_feature(findings, machine, capabilities, &vmx_features[i]);
	free(capabilities);
}

static void find_svm_features(struct findings *findings, const struct machine *machine)
{
	struct svm_capabilities *capabilities;
	size_t i;

	capabilities = must(calloc(machine->cpu_count, sizeof(*capabilities)));
	for (i = 0; i < machine->cpu_count; i++)
		machine_svm_capabilities(&machine->cpus[i], &capabilities[i]);
	for (i = 0; i < svm_feature_count; i++)
		find_svm_feature(findings, machine, capabilities, &svm_features[i]);
	free(capabilities);
}

static enum bh_backend backend_of(const struct machine *machine)
{
	return machine->cpu_count ? machine_backend(&machine->cpus[0]) : BH_BACKEND_VMX;
}

/* A fact of Linux, which all CPUs share. */
static void find_fact(struct findings *findings, const char *name, const char *place,
		      const char *without, enum answer answer)
{
	struct finding *finding = add_finding(findings);

	finding->name = name;
	finding->without = without;
	finding->is_needed = true;
	finding->answer = answer;
	snprintf(finding->place, sizeof(finding->place), "%s", place);
}

static enum answer yes_if(bool good)
{
	return good ? ANSWER_YES : ANSWER_NO;
}

/* The driver is built for Linux 6.1 and later. */
static enum answer kernel_is_new_enough(const char *release)
{
	unsigned long major, minor;
	char *end;

	major = strtoul(release, &end, 10);
	if (end == release || *end != '.')
		return ANSWER_UNKNOWN;
	minor = strtoul(end + 1, NULL, 10);
	return yes_if(major > 6 || (major == 6 && minor >= 1));
}

static void find_kvm(struct findings *findings, const struct machine *machine)
{
	if (backend_of(machine) == BH_BACKEND_SVM)
		find_fact(findings, "SVM not in use",
			  machine->kvm == KVM_ABSENT ? "kvm_amd is not loaded" :
						       "kvm_amd is loaded",
			  "end its virtual machines and unload kvm_amd",
			  yes_if(machine->kvm != KVM_IN_USE));
	else
		find_fact(findings, "VMX not in use",
			  machine->kvm == KVM_ABSENT ? "kvm_intel is not loaded" :
						       "kvm_intel is loaded",
			  "end its virtual machines and unload kvm_intel",
			  yes_if(machine->kvm != KVM_IN_USE));
}

static void find_facts(struct findings *findings, const struct machine *machine)
{
	char kernel[sizeof(machine->kernel) + sizeof("Linux ")];

	snprintf(kernel, sizeof(kernel), "Linux %s", machine->kernel[0] ? machine->kernel : "?");
	find_fact(findings, "Linux 6.1 or later", kernel, "the driver cannot be built",
		  kernel_is_new_enough(machine->kernel));
	find_fact(findings, "4-level paging", "Linux, flag la57",
		  "boot Linux with no5lvl: a CPU cannot change between 5 and 4 levels on the way",
		  yes_if(!machine->five_levels));
	find_fact(findings, "events by IDT", "Linux, flag fred", "boot Linux with fred=off",
		  yes_if(!machine->fred));
	find_kvm(findings, machine);
}

/* Which of the two does not depend on the processor's vendor. */
static void find_iommu(struct findings *findings, const struct machine *machine)
{
	static const char *const places[MACHINE_IOMMUS] = {
		[IOMMU_UNKNOWN] = "ACPI, table DMAR or IVRS",
		[IOMMU_ABSENT] = "ACPI, no table DMAR or IVRS",
		[IOMMU_VTD] = "ACPI, table DMAR: VT-d",
		[IOMMU_AMDVI] = "ACPI, table IVRS: AMD-Vi",
	};

	find_fact(findings, "IOMMU", places[machine->iommu],
		  "devices reach all memory: a cell with any has to say unprotected_dma = true",
		  machine->iommu == IOMMU_UNKNOWN ? ANSWER_UNKNOWN :
						    yes_if(machine->iommu != IOMMU_ABSENT));
	findings->list[findings->count - 1].is_needed = false;
}

static struct findings find_all(const struct machine *machine)
{
	struct findings findings = { 0 };

	if (backend_of(machine) == BH_BACKEND_SVM)
		find_svm_features(&findings, machine);
	else
		find_vmx_features(&findings, machine);
	find_facts(&findings, machine);
	find_iommu(&findings, machine);
	return findings;
}

static size_t count_needed(const struct findings *findings, enum answer answer)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < findings->count; i++)
		count += findings->list[i].is_needed && findings->list[i].answer == answer;
	return count;
}

static const char *need_word(const struct finding *finding)
{
	if (finding->is_needed)
		return "needed";
	return finding->is_pointless ? "not here" : "useful";
}

static const char *answer_word(const struct finding *finding)
{
	static const char *const words[] = {
		[ANSWER_YES] = "yes", [ANSWER_NO] = "no", [ANSWER_UNKNOWN] = "unknown",
	};

	return words[finding->answer];
}

/* "no", or "no on CPU 1, 3" where the CPUs differ. */
static void set_answer(struct libscols_line *line, const struct finding *finding, size_t cpus)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = must(open_memstream(&text, &size));
	size_t i;

	fputs(answer_word(finding), out);
	if (finding->answer == ANSWER_NO && finding->lacking && finding->cpus_without < cpus)
		for (i = 0; i < finding->cpus_without; i++)
			fprintf(out, "%s%u", i ? ", " : " on CPU ", finding->lacking[i]);
	must(fclose(out) == 0 ? text : NULL);
	line_set(line, 3, "%s", text);
	free(text);
}

static const char *without_words(const struct finding *finding)
{
	return finding->is_pointless ? "nothing: CPUID does not show it" : finding->without;
}

/* Whether there is room beside the other columns for what a no means. */
static bool output_is_wide(void)
{
	struct winsize size;

	return !isatty(STDOUT_FILENO) ||
	       (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDE_COLUMNS);
}

static void print_table(const struct machine *machine, const struct findings *findings,
			bool is_wide)
{
	static const struct output_column columns[] = {
		{ "FEATURE", 0 }, { "WHERE", 0 }, { "NEED", 0 }, { "PRESENT", 0 },
		{ "A NO MEANS", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns) - !is_wide);
	size_t i;

	for (i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];
		struct libscols_line *line = table_line(table);

		line_set(line, 0, "%s", finding->name);
		line_set(line, 1, "%s", finding->place);
		line_set(line, 2, "%s", need_word(finding));
		set_answer(line, finding, machine->cpu_count);
		if (is_wide)
			line_set(line, 4, "%s", without_words(finding));
	}
	table_print(table);
}

/* On a narrow terminal: of those that are missing, below the table. */
static void print_meanings(const struct findings *findings)
{
	size_t i;

	for (i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];

		if (finding->answer == ANSWER_NO && !finding->is_pointless)
			printf("without %s: %s\n", finding->name, finding->without);
	}
}

static void print_summary(const struct machine *machine, const struct findings *findings)
{
	size_t missing = count_needed(findings, ANSWER_NO);
	size_t unknown = count_needed(findings, ANSWER_UNKNOWN);

	printf("\n%zu CPU%s: ", machine->cpu_count, machine->cpu_count == 1 ? "" : "s");
	if (missing)
		printf("%zu needed feature%s missing, the hypervisor cannot be enabled\n", missing,
		       missing == 1 ? " is" : "s are");
	else if (unknown)
		printf("%zu needed feature%s could not be read\n", unknown,
		       unknown == 1 ? "" : "s");
	else
		puts("all that is needed is there");
}

bool hardware_report(const struct machine *machine)
{
	struct findings findings = find_all(machine);
	bool is_wide = output_is_wide();
	bool is_fit;

	print_table(machine, &findings, is_wide);
	if (!is_wide)
		print_meanings(&findings);
	print_summary(machine, &findings);
	is_fit = !count_needed(&findings, ANSWER_NO) && !count_needed(&findings, ANSWER_UNKNOWN);
	free_findings(&findings);
	return is_fit;
}

static struct json_object *finding_json(const struct finding *finding)
{
	struct json_object *object = json_record_new();
	struct json_object *lacking = json_list_new();
	size_t i;

	for (i = 0; i < finding->cpus_without; i++)
		json_append(lacking, json_object_new_uint64(finding->lacking[i]));
	json_set_text(object, "name", finding->name);
	json_set_text(object, "where", finding->place);
	json_set_text(object, "need", need_word(finding));
	json_set_text(object, "present", answer_word(finding));
	json_set(object, "cpus_without", lacking);
	json_set_text(object, "without", finding->without);
	return object;
}

bool hardware_report_json(const struct machine *machine)
{
	struct json_object *object = json_record_new();
	struct json_object *list = json_list_new();
	struct findings findings = find_all(machine);
	size_t missing = count_needed(&findings, ANSWER_NO);
	size_t unknown = count_needed(&findings, ANSWER_UNKNOWN);
	size_t i;

	for (i = 0; i < findings.count; i++)
		json_append(list, finding_json(&findings.list[i]));
	json_set_truth(object, "fit", !missing && !unknown);
	json_set_text(object, "backend", backend_words(backend_of(machine))->name);
	json_set_number(object, "missing", missing);
	json_set_number(object, "unknown", unknown);
	json_set_number(object, "cpus", machine->cpu_count);
	json_set_text(object, "kernel", machine->kernel);
	json_set(object, "features", list);
	json_print(object);
	free_findings(&findings);
	return !missing && !unknown;
}
