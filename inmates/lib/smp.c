/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other CPUs: started one after another by INIT and SIPI, each then waits for functions to
 * call. Their APIC ids are in the communication page; on a bare machine the lowest few are tried.
 */
#include <inmate/smp.h>

#include <malloc.h>
#include <string.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/timer.h>

#include "internal.h"

#define TRAMPOLINE_PAGE 0x8u /* at 0x8000 */
#define STACK_SIZE      16384u
#define BARE_IDS        8u
#define INIT_US         10000u /* from INIT to SIPI; SDM vol. 3A, 8.4.4.1 */
#define STARTUP_US      20000u
#define STARTUP_TRIES   2
#define POLL_US         10u

extern const uint8_t inmate_trampoline[];
extern const uint32_t inmate_trampoline_size;
void smp_enter(struct cpu *cpu);

struct cpu cpus[SMP_MAX];
static unsigned int cpu_count;

/* For the CPU that is being started, which takes the stack and leaves 0; start.S. */
uint64_t smp_boot_stack;
struct cpu *smp_boot_cpu;

void cpu_open(struct cpu *cpu, uint32_t number)
{
	cpu->self = cpu;
	cpu->number = number;
	msr_write(MSR_GS_BASE, (uint64_t)cpu);
}

void smp_enter(struct cpu *cpu)
{
	void (*function)(void *);

	cpu_open(cpu, (uint32_t)(cpu - cpus));
	interrupt_load();
	apic_open(apic_is_x2apic());
	__atomic_store_n(&cpu->running, true, __ATOMIC_RELEASE);
	for (;;) {
		function = __atomic_load_n(&cpu->function, __ATOMIC_ACQUIRE);
		if (function) {
			function(cpu->argument);
			interrupts_off();
			__atomic_store_n(&cpu->function, NULL, __ATOMIC_RELEASE);
		}
		cpu_pause();
	}
}

static bool wait_until_taken(void)
{
	unsigned int waited;

	for (waited = 0; waited < STARTUP_US; waited += POLL_US) {
		if (!__atomic_load_n(&smp_boot_stack, __ATOMIC_ACQUIRE))
			return true;
		delay_us(POLL_US);
	}
	return false;
}

static bool cpu_start(struct cpu *cpu, uint32_t id)
{
	char *stack = memalign(16, STACK_SIZE);
	int i;

	if (!stack)
		return false;
	cpu->apic_id = id;
	smp_boot_cpu = cpu;
	__atomic_store_n(&smp_boot_stack, (uint64_t)(stack + STACK_SIZE), __ATOMIC_RELEASE);
	apic_send(id, APIC_SEND_INIT);
	delay_us(INIT_US);
	for (i = 0; i < STARTUP_TRIES; i++) {
		apic_send(id, APIC_SEND_STARTUP | TRAMPOLINE_PAGE);
		if (wait_until_taken())
			break;
	}
	if (__atomic_exchange_n(&smp_boot_stack, 0, __ATOMIC_ACQ_REL)) {
		free(stack);
		return false;
	}
	while (!__atomic_load_n(&cpu->running, __ATOMIC_ACQUIRE))
		cpu_pause();
	return true;
}

static uint32_t ids(uint32_t *list)
{
	volatile struct bh_comm *comm = cell_comm();
	uint32_t i, count = comm ? comm->cpu_count : cell_is_cell() ? 0 : BARE_IDS;

	for (i = 0; i < count && i < SMP_MAX; i++)
		list[i] = comm ? comm->apic_ids[i] : i;
	return i;
}

unsigned int smp_open(void)
{
	uint32_t list[SMP_MAX], count, i;

	if (cpu_count)
		return cpu_count;
	apic_open(true);
	cpus[0].apic_id = apic_id();
	cpu_count = 1;
	memcpy((void *)(uint64_t)(TRAMPOLINE_PAGE << 12), inmate_trampoline,
	       inmate_trampoline_size);
	count = ids(list);
	for (i = 0; i < count; i++)
		if (list[i] != cpus[0].apic_id && cpu_start(&cpus[cpu_count], list[i]))
			cpu_count++;
	return cpu_count;
}

bool smp_run(unsigned int cpu, void (*function)(void *), void *argument)
{
	if (cpu == 0 || cpu >= cpu_count || __atomic_load_n(&cpus[cpu].function, __ATOMIC_ACQUIRE))
		return false;
	cpus[cpu].argument = argument;
	__atomic_store_n(&cpus[cpu].function, function, __ATOMIC_RELEASE);
	return true;
}

void smp_wait(unsigned int cpu)
{
	while (cpu < cpu_count && __atomic_load_n(&cpus[cpu].function, __ATOMIC_ACQUIRE))
		cpu_pause();
}

unsigned int smp_self(void)
{
	return cpu_this()->number;
}

uint32_t smp_apic_id(unsigned int cpu)
{
	return cpus[cpu].apic_id;
}
