/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insn WHAT: an instruction from user level, and how it ended: "ok ..." or "signal N".
 */
#include <cpuid.h>
#include <immintrin.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bulkhead/call.h>

static void report(int number)
{
	printf("signal %d\n", number);
	fflush(stdout);
	_exit(0);
}

static void vmcall(void)
{
	printf("ok %ld\n", (long)bh_call(bh_call_is_vmmcall(NULL), 0, 0, 0, 0));
}

static void vmxon(void)
{
	unsigned long region = 0;

	__asm__ volatile("vmxon %0" : : "m"(region));
	printf("ok\n");
}

static void signature(void)
{
	unsigned int a, r[4] = { 0 };

	__cpuid(0x40000000, a, r[0], r[1], r[2]);
	printf("ok %x %.12s\n", a, (char *)r);
}

static void features(void)
{
	unsigned int a, b, c, d;

	__cpuid(1, a, b, c, d);
	printf("ok hypervisor %u vmx %u smx %u osxsave %u\n", c >> 31, c >> 5 & 1, c >> 6 & 1,
	       c >> 27 & 1);
}

static void svm(void)
{
	unsigned int a, b, c, d;

	__cpuid(0x80000001, a, b, c, d);
	printf("ok svm %u\n", c >> 2 & 1);
}

static void rdtscp(void)
{
	unsigned int aux;

	__asm__ volatile("rdtscp" : "=c"(aux) : : "eax", "edx");
	printf("ok\n");
}

/* Sums by AVX: wrong if XSETBV or the registers' upper halves went wrong. */
__attribute__((target("avx"))) static void avx(void)
{
	float in[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, out[8];
	__m256 v = _mm256_loadu_ps(in);
	int i;

	for (i = 0; i < 100000; i++)
		v = _mm256_add_ps(v, _mm256_set1_ps(1));
	_mm256_storeu_ps(out, v);
	printf("ok %.0f\n", (double)out[7]);
}

/*
 * CPUID in the last two bytes of 4 GiB, in 32-bit code: execution goes on at 0, where nothing is.
 * The signal has a stack of its own, since 32-bit code keeps no pointer to this one.
 */
static void wrap(void)
{
	static uint8_t signals[65536];
	const stack_t stack = { .ss_sp = signals, .ss_size = sizeof(signals) };
	const struct sigaction action = { .sa_handler = report, .sa_flags = SA_ONSTACK };
	const struct { uint32_t offset; uint16_t selector; } __attribute__((packed)) target = {
		.offset = 0xfffffffe, .selector = 0x23, /* Linux's 32-bit code segment */
	};
	uint8_t *page = mmap((void *)0xfffff000, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (page == MAP_FAILED)
		return;
	page[4094] = 0x0f;
	page[4095] = 0xa2;
	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	__asm__ volatile("ljmp *%0" : : "m"(target) : "rax", "rbx", "rcx", "rdx", "memory");
}

static const struct {
	const char *name;
	void (*run)(void);
} what[] = {
	{ "vmcall", vmcall }, { "vmxon", vmxon }, { "signature", signature },
	{ "features", features }, { "svm", svm }, { "rdtscp", rdtscp }, { "avx", avx },
	{ "wrap", wrap },
};

int main(int argc, char **argv)
{
	size_t i;

	signal(SIGILL, report);
	signal(SIGSEGV, report);
	for (i = 0; argc > 1 && i < sizeof(what) / sizeof(what[0]); i++) {
		if (strcmp(what[i].name, argv[1]) != 0)
			continue;
		what[i].run();
		return 0;
	}
	return 2;
}
