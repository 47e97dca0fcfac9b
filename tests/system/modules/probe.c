// SPDX-License-Identifier: GPL-2.0-only
/*
 * bh_probe: tries from inside the kernel what a test asks for. A line written to /proc/bh_probe
 * names an operation and its numbers; reading the file gives its result. Not for machines that
 * matter: it lets root do anything.
 *
 *   scan START SIZE STEP      read 8 bytes every STEP: "words N other M", M were not all ones
 *   scribble START SIZE STEP  write 8 bytes every STEP, put them back: "words N changed M"
 *   in PORT WIDTH             "value 0x..."
 *   out PORT WIDTH VALUE
 *   mmio-in ADDRESS           "value 0x..." of a register of 32 bits in memory
 *   mmio-out ADDRESS VALUE
 *   rdmsr NUMBER              "value 0x..." or "fault"
 *   wrmsr NUMBER VALUE        "done" or "fault"
 *   hypercall NUMBER [ARGUMENT...]  "result N"
 *   manage OPERATION CELL AT SIZE VALUE [PAGE]
 *                             a management request with the data of /proc/bh_probe_data, or with
 *                             PAGE as address of every page: "result N cell N WORDS"
 *   ahead OPERATION CELL      the driver's next management request of that kind finds the cell
 *                             asked to shut down, and half a second gone; 0 0: none does
 *   no-memory 0|1             1: the driver gets no memory for configurations
 *   sleepless 0|1             1: a suspend is refused when all others have been asked
 *   claim START SIZE          keep the range in /proc/iomem, as a driver does
 *   unclaim START SIZE        give it back
 *   apic-read OFFSET COUNT    a register in xAPIC mode, read so many times: "value 0x..."
 *   apic-exits OFFSET COUNT   the same on the first CPU, with interrupts off: "exits N" meanwhile
 *   apic-write OFFSET VALUE
 *   icr APIC-ID COMMAND       an interrupt command, both halves at once
 *   hole ADDRESS              loads and stores of many forms there: "forms N wrong M"
 *   xsetbv VALUE              XCR0: "vector N" of the exception, or "done"
 *   vmxon, vmxoff, vmread, vmlaunch, invept, invvpid, vmrun, vmload, vmsave, stgi, clgi, skinit,
 *   invlpga, invlpgb, tlbsync, vmfunc, getsec, encls, rsm, invd, wbinvd
 *                             "vector N" or "done"
 *   bench-WHAT COUNT [WHERE]  "net N min N max N": TSC ticks around one instruction, less those
 *                             around none; median of COUNT. WHAT: cpuid, hypercall, port, msr,
 *                             mmio (WHERE is leaf, port, MSR, physical address), config (a
 *                             register, as port 0xcf8 has it), xapic-eoi, xapic-icr, x2apic-icr
 *                             (the result goes to the kernel log, the power off)
 *   bench-store COUNT ADDRESS VALUE
 *                             the same for a store of four bytes at a physical address
 *   bench-apic COUNT OFFSET VALUE
 *                             the same for a write by Linux's own routine for its local APIC
 *   x2apic-eoi COUNT          "eois N exits N" of that many ends of interrupt in x2APIC mode; goes
 *                             to the kernel log, the power off
 *   hold CPU [OTHER]          do not let it go offline, but any other; nor OTHER online
 *   speed-start               a frequency driver for all CPUs, 1000000 to 2000000, two to a clock
 *   speed-stop
 *   speed-wakes CPU           bring that online as soon as a limit of another clock falls
 *   speed CPU                 "limit N offline N": the lower limit that the driver was told last,
 *                             and what it was when that CPU went offline
 *   take COUNT                the driver "bh_probe" takes that many functions, and no more
 *   edu-read ADDRESS          eight bytes by DMA of the device "edu": "value 0x...", of which
 *                             0x5a5a5a5a5a5a5a5a means that nothing was read
 *   edu-write ADDRESS VALUE   the other way
 *   edu-take ADDRESS          eight bytes into the device's own memory, where they stay
 *   edu-put ADDRESS           what is there to memory
 *   page                      "page 0x... word 0x...": of a page of the module's own
 *   nmi-start MICROSECONDS    an NMI to all CPUs that often; needs hpet=disable
 *   nmi-stop                  "count N" of all CPUs
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "probe.h"

#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static DEFINE_MUTEX(mutex);
static char result[512];

static const struct {
	const char *name;
	unsigned int numbers; /* that it needs */
	probe_operation run;
} operations[] = {
	{ "scan", 3, probe_scan },
	{ "scribble", 3, probe_scribble },
	{ "in", 2, probe_port_in },
	{ "out", 3, probe_port_out },
	{ "mmio-in", 1, probe_mmio_in },
	{ "mmio-out", 2, probe_mmio_out },
	{ "rdmsr", 1, probe_rdmsr },
	{ "wrmsr", 2, probe_wrmsr },
	{ "hypercall", 1, probe_hypercall },
	{ "manage", 5, probe_manage },
	{ "ahead", 2, probe_ahead },
	{ "no-memory", 1, probe_no_memory },
	{ "sleepless", 1, probe_sleepless },
	{ "claim", 2, probe_claim },
	{ "unclaim", 2, probe_unclaim },
	{ "apic-read", 2, probe_apic_read },
	{ "apic-exits", 2, probe_apic_exits },
	{ "apic-write", 2, probe_apic_write },
	{ "icr", 2, probe_icr },
	{ "hole", 1, probe_hole },
	{ "vmxon", 0, probe_vmxon },
	{ "vmxoff", 0, probe_vmxoff },
	{ "vmread", 0, probe_vmread },
	{ "vmlaunch", 0, probe_vmlaunch },
	{ "invept", 0, probe_invept },
	{ "invvpid", 0, probe_invvpid },
	{ "vmrun", 0, probe_vmrun },
	{ "vmload", 0, probe_vmload },
	{ "vmsave", 0, probe_vmsave },
	{ "stgi", 0, probe_stgi },
	{ "clgi", 0, probe_clgi },
	{ "skinit", 0, probe_skinit },
	{ "invlpga", 0, probe_invlpga },
	{ "invlpgb", 0, probe_invlpgb },
	{ "tlbsync", 0, probe_tlbsync },
	{ "vmfunc", 0, probe_vmfunc },
	{ "getsec", 0, probe_getsec },
	{ "encls", 0, probe_encls },
	{ "rsm", 0, probe_rsm },
	{ "invd", 0, probe_invd },
	{ "wbinvd", 0, probe_wbinvd },
	{ "xsetbv", 1, probe_xsetbv },
	{ "bench-cpuid", 1, probe_bench_cpuid },
	{ "bench-hypercall", 1, probe_bench_hypercall },
	{ "bench-port", 2, probe_bench_port },
	{ "bench-msr", 2, probe_bench_msr },
	{ "bench-mmio", 2, probe_bench_mmio },
	{ "bench-store", 3, probe_bench_store },
	{ "bench-config", 2, probe_bench_config },
	{ "bench-apic", 3, probe_bench_apic },
	{ "bench-xapic-eoi", 1, probe_bench_xapic_eoi },
	{ "bench-xapic-icr", 1, probe_bench_xapic_icr },
	{ "bench-x2apic-icr", 1, probe_bench_x2apic_icr },
	{ "x2apic-eoi", 1, probe_x2apic_eoi },
	{ "hold", 1, probe_hold },
	{ "speed-start", 0, probe_speed_start },
	{ "speed-stop", 0, probe_speed_stop },
	{ "speed-wakes", 1, probe_speed_wakes },
	{ "speed", 1, probe_speed },
	{ "take", 1, probe_take },
	{ "edu-read", 1, probe_edu_read },
	{ "edu-write", 2, probe_edu_write },
	{ "edu-take", 1, probe_edu_take },
	{ "edu-put", 1, probe_edu_put },
	{ "page", 0, probe_page },
	{ "nmi-start", 1, probe_nmi_start },
	{ "nmi-stop", 0, probe_nmi_stop },
};

void probe_say(const char *format, ...)
{
	size_t length = strlen(result);
	va_list arguments;

	va_start(arguments, format);
	vscnprintf(result + length, sizeof(result) - length, format, arguments);
	va_end(arguments);
}

void probe_log_result(const char *operation)
{
	pr_info("%s: %s\n", operation, result);
}

static int run_line(char *line)
{
	const char *name = strsep(&line, " ");
	u64 numbers[PROBE_NUMBERS] = {};
	unsigned int count = 0;
	size_t i;

	while (line && *line && count < PROBE_NUMBERS)
		if (kstrtou64(strsep(&line, " "), 0, &numbers[count++]))
			return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (strcmp(operations[i].name, name) == 0)
			return count < operations[i].numbers ? -EINVAL :
							       operations[i].run(numbers, count);
	return -ENOENT;
}

static ssize_t probe_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	char line[128];
	int error;

	if (size >= sizeof(line))
		return -E2BIG;
	if (copy_from_user(line, from, size))
		return -EFAULT;
	line[size] = 0;
	mutex_lock(&mutex);
	result[0] = 0;
	error = run_line(strim(line));
	mutex_unlock(&mutex);
	return error ?: (ssize_t)size;
}

static int probe_show(struct seq_file *file, void *unused)
{
	mutex_lock(&mutex);
	seq_printf(file, "%s\n", result);
	mutex_unlock(&mutex);
	return 0;
}

static int probe_open(struct inode *inode, struct file *file)
{
	return single_open(file, probe_show, NULL);
}

static const struct proc_ops probe_file = {
	.proc_open = probe_open,
	.proc_read = seq_read,
	.proc_write = probe_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init probe_init(void)
{
	int error = probe_manage_open();

	if (error)
		return error;
	error = probe_driver_open();
	if (error)
		goto close_manage;
	if (proc_create("bh_probe", 0600, NULL, &probe_file))
		return 0;
	error = -ENOMEM;
	probe_driver_close();
close_manage:
	probe_manage_close();
	return error;
}

static void __exit probe_exit(void)
{
	remove_proc_entry("bh_probe", NULL);
	probe_driver_close();
	probe_manage_close();
	probe_between_close();
	probe_cpu_close();
	probe_nmi_stop(NULL, 0);
}

module_init(probe_init);
module_exit(probe_exit);

MODULE_DESCRIPTION("Tries what a test of Bulkhead asks for");
MODULE_AUTHOR("The Bulkhead authors");
MODULE_LICENSE("GPL");
