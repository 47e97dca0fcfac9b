/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations of bh_probe, and how they answer. */
#ifndef PROBE_H
#define PROBE_H

#include <linux/types.h>

/* Gets the numbers in the order of the line; says the result, gives 0 or a negative errno. */
typedef int (*probe_operation)(const u64 *numbers, unsigned int count);

#define PROBE_NUMBERS 6

/* Adds to the text that /proc/bh_probe then shows. */
void probe_say(const char *format, ...) __printf(1, 2);

/* Puts it into the kernel log, for when nobody will be able to read it. */
void probe_log_result(const char *operation);

int probe_scan(const u64 *numbers, unsigned int count);
int probe_mmio_in(const u64 *numbers, unsigned int count);
int probe_mmio_out(const u64 *numbers, unsigned int count);
int probe_scribble(const u64 *numbers, unsigned int count);

int probe_port_in(const u64 *numbers, unsigned int count);
int probe_port_out(const u64 *numbers, unsigned int count);
int probe_rdmsr(const u64 *numbers, unsigned int count);
int probe_wrmsr(const u64 *numbers, unsigned int count);

/* False if there is none of that number, or the value is not for it. */
bool probe_read_msr(u32 number, u64 *value);
bool probe_write_msr(u32 number, u64 value);

bool probe_is_on_svm(void);
long probe_vmcall(u64 number, u64 argument1, u64 argument2, u64 argument3);

/* Exits of the first CPU so far, this question included, which is one; in a page of memory. */
struct bh_cpu_info;
u64 probe_count_exits(struct bh_cpu_info *info);

int probe_hypercall(const u64 *numbers, unsigned int count);
int probe_claim(const u64 *numbers, unsigned int count);
int probe_unclaim(const u64 *numbers, unsigned int count);

int probe_apic_read(const u64 *numbers, unsigned int count);
int probe_apic_exits(const u64 *numbers, unsigned int count);
int probe_apic_write(const u64 *numbers, unsigned int count);
int probe_icr(const u64 *numbers, unsigned int count);

int probe_bench_cpuid(const u64 *numbers, unsigned int count);
int probe_bench_hypercall(const u64 *numbers, unsigned int count);
int probe_bench_port(const u64 *numbers, unsigned int count);
int probe_bench_msr(const u64 *numbers, unsigned int count);
int probe_bench_mmio(const u64 *numbers, unsigned int count);
int probe_bench_store(const u64 *numbers, unsigned int count);
int probe_bench_config(const u64 *numbers, unsigned int count);
int probe_bench_apic(const u64 *numbers, unsigned int count);
int probe_bench_xapic_eoi(const u64 *numbers, unsigned int count);
int probe_bench_xapic_icr(const u64 *numbers, unsigned int count);
int probe_bench_x2apic_icr(const u64 *numbers, unsigned int count);
int probe_x2apic_eoi(const u64 *numbers, unsigned int count);

/* The measurement of one write to the x2APIC's ICR, for whoever has switched to that mode. */
void probe_measure_x2apic_icr(u64 wanted);

int probe_hole(const u64 *numbers, unsigned int count);

int probe_vmxon(const u64 *numbers, unsigned int count);
int probe_vmxoff(const u64 *numbers, unsigned int count);
int probe_vmread(const u64 *numbers, unsigned int count);
int probe_vmlaunch(const u64 *numbers, unsigned int count);
int probe_invept(const u64 *numbers, unsigned int count);
int probe_invvpid(const u64 *numbers, unsigned int count);
int probe_vmrun(const u64 *numbers, unsigned int count);
int probe_vmload(const u64 *numbers, unsigned int count);
int probe_vmsave(const u64 *numbers, unsigned int count);
int probe_stgi(const u64 *numbers, unsigned int count);
int probe_clgi(const u64 *numbers, unsigned int count);
int probe_skinit(const u64 *numbers, unsigned int count);
int probe_invlpga(const u64 *numbers, unsigned int count);
int probe_invlpgb(const u64 *numbers, unsigned int count);
int probe_tlbsync(const u64 *numbers, unsigned int count);
int probe_vmfunc(const u64 *numbers, unsigned int count);
int probe_getsec(const u64 *numbers, unsigned int count);
int probe_encls(const u64 *numbers, unsigned int count);
int probe_rsm(const u64 *numbers, unsigned int count);
int probe_invd(const u64 *numbers, unsigned int count);
int probe_wbinvd(const u64 *numbers, unsigned int count);
int probe_xsetbv(const u64 *numbers, unsigned int count);

int probe_manage_open(void);
void probe_manage_close(void);
int probe_manage(const u64 *numbers, unsigned int count);

int probe_driver_open(void);
void probe_driver_close(void);
int probe_take(const u64 *numbers, unsigned int count);

void probe_between_close(void);
int probe_ahead(const u64 *numbers, unsigned int count);
int probe_no_memory(const u64 *numbers, unsigned int count);
int probe_sleepless(const u64 *numbers, unsigned int count);

void probe_cpu_close(void);
int probe_hold(const u64 *numbers, unsigned int count);
int probe_speed_start(const u64 *numbers, unsigned int count);
int probe_speed_stop(const u64 *numbers, unsigned int count);
int probe_speed_wakes(const u64 *numbers, unsigned int count);
int probe_speed(const u64 *numbers, unsigned int count);

int probe_edu_read(const u64 *numbers, unsigned int count);
int probe_edu_write(const u64 *numbers, unsigned int count);
int probe_edu_take(const u64 *numbers, unsigned int count);
int probe_edu_put(const u64 *numbers, unsigned int count);
int probe_page(const u64 *numbers, unsigned int count);

int probe_nmi_start(const u64 *numbers, unsigned int count);
int probe_nmi_stop(const u64 *numbers, unsigned int count);

#endif
