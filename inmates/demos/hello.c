/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plain C program as a cell: words on the console, memory from the heap, mathematics, a jump over
 * several calls. What it is told by the argument string, it repeats.
 */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <inmate/cell.h>
#include <inmate/timer.h>

#define PRIMES_BELOW 100000
#define PIECE        65536u

static jmp_buf back;

static size_t count_primes(void)
{
	char *composite = calloc(PRIMES_BELOW, 1);
	size_t i, j, count = 0;

	if (!composite)
		return 0;
	for (i = 2; i < PRIMES_BELOW; i++) {
		if (composite[i])
			continue;
		count++;
		for (j = i * i; j < PRIMES_BELOW; j += i)
			composite[j] = 1;
	}
	free(composite);
	return count;
}

/* Leaves by a jump, with all of the heap in use. */
static void use_up_heap(void)
{
	static void **chain;
	void **piece;

	while ((piece = malloc(PIECE))) {
		*piece = chain;
		chain = piece;
	}
	longjmp(back, 1);
}

int main(int argc, char **argv)
{
	int i;

	printf("Hello from %s%s.\n", cell_is_cell() ? "cell " : "a bare machine", argv[0]);
	for (i = 1; i < argc; i++)
		printf("argument %d: %s\n", i, argv[i]);
	printf("The time-stamp counter runs at %llu kHz.\n",
	       (unsigned long long)(tsc_hz() / 1000));
	printf("sqrt(2) = %.12f, sin(1) = %.12f, exp(1) = %.12f\n", sqrt(2), sin(1), exp(1));
	printf("There are %zu primes below %d.\n", count_primes(), PRIMES_BELOW);
	if (setjmp(back) == 0)
		use_up_heap();
	printf("The heap is used up, and the program goes on.\n");
	return 0;
}
