// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the machine at hand: CPUID on each CPU in turn, MSRs through /dev/cpu, facts of Linux
 * from where Linux tells them.
 */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine.h"
#include "verb.h"

/* Where one CPU is read from, and what becomes of it. */
struct live_cpu {
	struct machine *machine;
	struct machine_cpu *cpu;
	int msrs;  /* file, or -1 */
	int error; /* why it is -1 */
};

static bool live_msr(void *context, uint32_t number, uint64_t *value)
{
	struct live_cpu *live = context;
	struct machine_register *reg;

	if (live->msrs < 0 ||
	    pread(live->msrs, value, sizeof(*value), number) != (ssize_t)sizeof(*value)) {
		live->machine->msrs_missing = true;
		live->machine->msr_error = live->msrs < 0 ? live->error : errno;
		return false;
	}
	reg = machine_add_register(live->cpu);
	reg->is_msr = true;
	reg->number = number;
	reg->value = *value;
	return true;
}

static bool live_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t output[4])
{
	struct live_cpu *live = context;
	struct machine_register *reg;
	size_t i;

	__cpuid_count(leaf, subleaf, output[CPUID_EAX], output[CPUID_EBX], output[CPUID_ECX],
		      output[CPUID_EDX]);
	/* The tables ask for each output by itself, and both for some of them. */
	for (i = 0; i < live->cpu->count; i++) {
		reg = &live->cpu->registers[i];
		if (!reg->is_msr && reg->number == leaf && reg->subleaf == subleaf)
			return true;
	}
	reg = machine_add_register(live->cpu);
	reg->number = leaf;
	reg->subleaf = subleaf;
	memcpy(reg->output, output, sizeof(reg->output));
	return true;
}

/* The caller runs on that CPU. */
static void read_cpu(struct machine *machine, unsigned int number)
{
	char path[sizeof("/dev/cpu/4294967295/msr")];
	struct live_cpu live = { .machine = machine };
	const struct feature_reader reader = {
		.read_msr = live_msr,
		.read_cpuid = live_cpuid,
		.context = &live,
	};
	struct vmx_capabilities ignored;
	struct svm_capabilities ignored_too;

	snprintf(path, sizeof(path), "/dev/cpu/%u/msr", number);
	live.cpu = machine_add_cpu(machine, number);
	live.msrs = open(path, O_RDONLY | O_CLOEXEC);
	live.error = errno;
	vmx_capabilities_read(&ignored, &reader);
	if (machine_backend(live.cpu) == BH_BACKEND_SVM)
		svm_capabilities_read(&ignored_too, &reader);
	if (live.msrs >= 0)
		close(live.msrs);
}

/* The CPUs that this program may run on, in a set with room for as many as this Linux can have. */
static cpu_set_t *allowed_cpus(size_t *count)
{
	cpu_set_t *set;

	for (*count = CPU_SETSIZE; *count <= 64 * CPU_SETSIZE; *count *= 2) {
		set = CPU_ALLOC(*count);
		if (!set || sched_getaffinity(0, CPU_ALLOC_SIZE(*count), set) == 0)
			return set;
		CPU_FREE(set);
		if (errno != EINVAL)
			return NULL;
	}
	return NULL;
}

static bool move_to(size_t number, size_t count)
{
	cpu_set_t *set = CPU_ALLOC(count);
	bool done;

	if (!set)
		return false;
	CPU_ZERO_S(CPU_ALLOC_SIZE(count), set);
	CPU_SET_S(number, CPU_ALLOC_SIZE(count), set);
	done = sched_setaffinity(0, CPU_ALLOC_SIZE(count), set) == 0;
	CPU_FREE(set);
	return done;
}

static bool read_cpus(struct machine *machine, const char *verb)
{
	size_t count;
	cpu_set_t *before = allowed_cpus(&count);
	size_t i;

	if (!before) {
		verb_complain(verb, "Linux does not tell which CPUs there are: %s",
			      strerror(errno));
		return false;
	}
	for (i = 0; i < count; i++)
		if (CPU_ISSET_S(i, CPU_ALLOC_SIZE(count), before) && move_to(i, count))
			read_cpu(machine, (unsigned int)i);
	sched_setaffinity(0, CPU_ALLOC_SIZE(count), before);
	CPU_FREE(before);
	if (!machine->cpu_count)
		verb_complain(verb, "Linux lets this program run on no CPU of its choice");
	return machine->cpu_count > 0;
}

/* The first line of a small file, or an empty one. */
static void read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (!fgets(line, (int)size, file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
}

/* Linux shows these flags only where it uses the feature. The name comes with its space. */
static bool flag_is_shown(const char *flag)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0)
		found = strncmp(line, "flags", 5) == 0 && strstr(line, flag);
	free(line);
	fclose(file);
	return found;
}

/*
 * KVM switches VMX or SVM on while a virtual machine runs, and from Linux 6.12 on as long as it is
 * loaded, unless its parameter says otherwise.
 */
static enum machine_kvm kvm_use(enum bh_backend backend)
{
	char line[32];

	read_line(backend == BH_BACKEND_SVM ? "/sys/module/kvm_amd/refcnt" :
					      "/sys/module/kvm_intel/refcnt", line, sizeof(line));
	if (!line[0])
		return KVM_ABSENT;
	if (strtoul(line, NULL, 10) > 0)
		return KVM_IN_USE;
	read_line("/sys/module/kvm/parameters/enable_virt_at_load", line, sizeof(line));
	return line[0] == 'Y' ? KVM_IN_USE : KVM_IDLE;
}

static enum machine_iommu find_iommu(void)
{
	if (access("/sys/firmware/acpi/tables/DMAR", F_OK) == 0)
		return IOMMU_VTD;
	return access("/sys/firmware/acpi/tables/IVRS", F_OK) == 0 ? IOMMU_AMDVI : IOMMU_ABSENT;
}

bool machine_read(struct machine *machine, const char *verb)
{
	struct utsname name;

	*machine = (struct machine){ 0 };
	if (!read_cpus(machine, verb))
		return false;
	if (uname(&name) == 0)
		snprintf(machine->kernel, sizeof(machine->kernel), "%.*s",
			 (int)sizeof(machine->kernel) - 1, name.release);
	machine->five_levels = flag_is_shown(" la57");
	machine->fred = flag_is_shown(" fred");
	machine->kvm = kvm_use(machine_backend(&machine->cpus[0]));
	machine->iommu = find_iommu();
	return true;
}
