/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tries what inmates/lib promises, in a cell or on a bare machine: a line "ok NAME" or "not ok
 * NAME" for each promise, and the number of broken ones as status. With the word "abort",
 * "exception" or "exit" it ends that way instead.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/interrupt.h>
#include <inmate/lock.h>
#include <inmate/smp.h>
#include <inmate/timer.h>
#include <inmate/try.h>

#define VECTOR    0x41
#define ROUNDS    20000u
#define DELAYS    5u
#define UNMAPPED  0x100000000ULL /* beyond what start.S maps */
#define PIECE     4096u
#define MAX_PIECES 4096u

static int broken;
static int before_main;
static volatile uint64_t interrupts;

static void check(bool good, const char *name)
{
	printf("%s %s\n", good ? "ok" : "not ok", name);
	broken += !good;
}

static void __attribute__((constructor)) constructor(void)
{
	before_main = 4711;
}

static void count_interrupt(struct interrupt_frame *frame)
{
	volatile double value = 1;
	unsigned int i;

	/* Registers of SSE, so that who was interrupted notices if they are not put back. */
	for (i = 0; i < 20; i++)
		value = sqrt(value + (double)frame->vector);
	interrupts += frame->vector == VECTOR;
}

static void skip_ud2(struct interrupt_frame *frame)
{
	frame->rip += 2;
	frame->rax = 42;
}

static void check_interrupts(void)
{
	double sum = 0, expected = 0;
	uint64_t result = 0;
	unsigned int i;

	interrupt_handle(VECTOR, count_interrupt);
	for (i = 1; i < 100; i++) {
		double root = sqrt(i);

		__asm__ volatile("int $0x41" : "+x"(root) : : "memory");
		sum += root;
	}
	for (i = 1; i < 100; i++)
		expected += sqrt(i);
	/* A software interrupt is none that the APIC waits for the end of. */
	check(interrupts == 99, "an interrupt comes to its handler");
	check(sum == expected, "a handler leaves the registers of SSE alone");
	check(!interrupt_handle(EXCEPTION_INVALID_OPCODE, skip_ud2),
	      "there is no handler at first");
	__asm__ volatile("ud2" : "+a"(result));
	check(result == 42, "a handler changes what the program goes on with");
	check(interrupt_handle(EXCEPTION_INVALID_OPCODE, NULL) == skip_ud2,
	      "a handler is given back");
	__asm__ volatile("int $0x42");
	check(interrupts_unexpected() == 1, "an interrupt without a handler is counted");
}

static void nothing(void *argument)
{
	(void)argument;
}

static void invalid_opcode(void *argument)
{
	*(int *)argument = 1;
	__asm__ volatile("ud2");
	*(int *)argument = 2;
}

static void page_fault(void *argument)
{
	(void)argument;
	*(volatile uint8_t *)UNMAPPED = 1;
}

static volatile int zero;

static void divide(void *argument)
{
	*(int *)argument /= zero;
}

static void break_stack(void *argument)
{
	(void)argument;
	__asm__ volatile("cli\n\txorl %eax, %eax\n\tmovq %rax, %rbp\n\tmovq %rax, %rbx\n\tint3");
}

static void check_try(void)
{
	int value = 0;

	check(try_run(nothing, NULL) == TRY_FINE, "a try that comes back is fine");
	check(try_run(invalid_opcode, &value) == 6 && value == 1, "a try survives #UD");
	check(try_run(page_fault, NULL) == 14 && cr2_read() == UNMAPPED, "a try survives #PF");
	check(try_run(divide, &value) == 0, "a try survives #DE");
	interrupts_on();
	check(try_run(break_stack, NULL) == 3 && interrupts_save(),
	      "a try leaves interrupts as they were");
}

static void check_heap(void)
{
	static char *pieces[MAX_PIECES];
	unsigned int count[2] = { 0, 0 }, i, turn;
	bool intact = true;

	errno = 0;
	check(sbrk(1 << 30) == (void *)-1 && errno == ENOMEM, "beyond the memory there is no heap");
	for (turn = 0; turn < 2; turn++) {
		while (count[turn] < MAX_PIECES && (pieces[count[turn]] = malloc(PIECE)))
			memset(pieces[count[turn]], (int)count[turn], PIECE), count[turn]++;
		for (i = 0; i < count[turn]; i++) {
			intact &= pieces[i][0] == (char)i && pieces[i][PIECE - 1] == (char)i;
			free(pieces[i]);
		}
	}
	check(count[0] > 100 && count[0] < MAX_PIECES, "the heap is the rest of the memory");
	check(count[1] == count[0], "what is freed can be had again");
	check(intact, "no two pieces of the heap are one");
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void check_newlib(void)
{
	int numbers[] = { 5, -3, 99, 0, 7 };
	static jmp_buf place;
	char text[64];
	int jumped;

	check(before_main == 4711, "constructors ran before main()");
	snprintf(text, sizeof(text), "%5d|%-4s|%.3f|%llx|%zu", -42, "ab", 2.5,
		 0xfedcba9876543210ULL, sizeof(text));
	check(!strcmp(text, "  -42|ab  |2.500|fedcba9876543210|64"), "printf() formats");
	check(strtod("6.02e23", NULL) == 6.02e23 && strtol("-0x10", NULL, 0) == -16, "strtod()");
	qsort(numbers, 5, sizeof(int), compare);
	check(numbers[0] == -3 && numbers[2] == 5 && numbers[4] == 99, "qsort()");
	check(fabs(pow(2, 0.5) * pow(2, 0.5) - 2) < 1e-15 && fabs(cos(M_PI) + 1) < 1e-15,
	      "mathematics");
	jumped = setjmp(place);
	if (!jumped)
		longjmp(place, 17);
	check(jumped == 17, "longjmp()");
	check(isatty(STDOUT_FILENO) && write(7, "x", 1) == -1 && errno == EBADF,
	      "there are no files but the console");
}

static void check_time(void)
{
	long passed, shortest = LONG_MAX;
	clock_t ticks, fewest = LONG_MAX;
	struct timeval first, second;
	bool is_long = true, is_long_by_clock = true;
	unsigned int i;

	check(tsc_hz() > 1000000, "the rate of the counter is known");
	/* Each takes as long at least; a busy host may make some longer. */
	for (i = 0; i < DELAYS; i++) {
		ticks = clock();
		gettimeofday(&first, NULL);
		delay_us(50000);
		gettimeofday(&second, NULL);
		ticks = clock() - ticks;
		passed = (second.tv_sec - first.tv_sec) * 1000000L + second.tv_usec -
			 first.tv_usec;
		is_long = is_long && passed >= 50000;
		is_long_by_clock = is_long_by_clock && ticks >= CLOCKS_PER_SEC / 20;
		shortest = passed < shortest ? passed : shortest;
		fewest = ticks < fewest ? ticks : fewest;
	}
	check(is_long && shortest < 1000000, "gettimeofday() goes with delay_us()");
	check(is_long_by_clock && fewest < CLOCKS_PER_SEC, "clock() goes with it too");
}

static volatile uint64_t fired, fired_for, fired_at;

static void timer_fired(uint64_t deadline)
{
	fired_at = tsc_read();
	fired_for = deadline;
	fired++;
}

static bool wait_fired(uint64_t count)
{
	uint64_t end = tsc_read() + tsc_hz() / 10;

	interrupts_on();
	while (fired < count && tsc_read() < end)
		cpu_pause();
	interrupts_off();
	return fired >= count;
}

static void check_timer(void)
{
	uint64_t deadline = tsc_read() + tsc_hz() / 1000, period = tsc_hz() / 5000;

	interrupts_off();
	if (!timer_once(deadline, timer_fired)) {
		printf("no TSC deadline timer here\n");
		return;
	}
	check(wait_fired(1) && fired_for == deadline && fired_at >= deadline,
	      "a timer fires at its time and not before");
	check(!wait_fired(2), "and once");
	timer_once(tsc_read() - 1, timer_fired);
	check(wait_fired(2), "a time that has passed comes at once");
	deadline = tsc_read() + period;
	timer_periodic(deadline, period, timer_fired);
	check(wait_fired(22) && fired_for == deadline + (fired - 3) * period,
	      "a periodic timer does not drift");
	timer_stop();
	wait_fired(fired); /* one may have been on its way */
	check(!wait_fired(fired + 1), "a timer that was stopped is silent");
}

static void check_apic(bool want_x2apic)
{
	uint64_t before = interrupts, end;
	bool is_x2apic = apic_open(want_x2apic);

	/* Bochs and some processors never leave x2APIC mode; see apic.h. */
	check(is_x2apic == apic_is_x2apic() && (is_x2apic || !want_x2apic ||
	      !(cpuid(1, 0).ecx >> 21 & 1)), "the APIC's mode is as it was wanted");
	interrupts_on();
	apic_send(apic_id(), APIC_SEND_FIXED | VECTOR);
	for (end = tsc_read() + tsc_hz() / 10; interrupts == before && tsc_read() < end;)
		cpu_pause();
	interrupts_off();
	check(interrupts == before + 1, "an IPI to oneself arrives");
}

static struct lock lock;
static volatile uint64_t under_lock; /* not atomic: the lock is all that protects it */
static volatile bool hold;

static void add(void *argument)
{
	uint64_t i, value;

	for (i = 0; i < ROUNDS; i++) {
		lock_take(&lock);
		value = under_lock;
		cpu_pause();
		under_lock = value + *(const uint64_t *)argument;
		lock_free(&lock);
	}
}

static void linger(void *argument)
{
	while (hold)
		cpu_pause();
	*(unsigned int *)argument = smp_self();
}

static void check_smp(void)
{
	unsigned int cpus = smp_open(), cpu, who = 0;
	uint64_t one = 1;

	printf("CPUs: %u\n", cpus);
	check(smp_open() == cpus, "CPUs are started once");
	check(!smp_run(0, add, &one) && !smp_run(cpus, add, &one),
	      "a function runs on other CPUs only");
	for (cpu = 1; cpu < cpus; cpu++)
		check(smp_run(cpu, add, &one), "a CPU takes a function");
	add(&one);
	for (cpu = 1; cpu < cpus; cpu++)
		smp_wait(cpu);
	check(under_lock == ROUNDS * (uint64_t)cpus, "a lock keeps CPUs apart");
	if (cpus < 2)
		return;
	hold = true;
	check(smp_run(1, linger, &who) && !smp_run(1, add, &one), "a CPU does one thing at a time");
	hold = false;
	smp_wait(1);
	check(who == 1, "a CPU knows its number");
}

static int end(const char *how)
{
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "exception"))
		page_fault(NULL);
	return 77;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return end(argv[1]);
	check_newlib();
	check_heap();
	check_try();
	check_time();
	apic_open(false);
	check_interrupts();
	check_apic(false);
	check_apic(true);
	check_timer();
	check_smp();
	return broken;
}
