/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pattern MIB FILE: Linux's own watch while cells misbehave. It holds so much memory full of a
 * pattern, looks through it again and again, and writes to FILE "rounds N wrong N gap N": the last
 * is the longest time in milliseconds in which it did not get on. FILE is whole whenever it is
 * there: it is written as FILE.new.
 */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define STEP_WORDS (1u << 15)

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static uint64_t expected(size_t i)
{
	return i * 0x9e3779b97f4a7c15;
}

static void tell(const char *path, unsigned long rounds, unsigned long wrong, long long gap)
{
	char new[PATH_MAX];
	FILE *file;

	snprintf(new, sizeof(new), "%s.new", path);
	file = fopen(new, "we");
	if (!file)
		exit(1);
	fprintf(file, "rounds %lu wrong %lu gap %lld\n", rounds, wrong, gap);
	if (fclose(file) != 0 || rename(new, path) != 0)
		exit(1);
}

int main(int argc, char **argv)
{
	size_t words = argc == 3 ? (size_t)atoi(argv[1]) << 17 : 0, i;
	uint64_t *memory = malloc(words * sizeof(*memory));
	unsigned long rounds, wrong = 0;
	long long before, gap = 0;

	if (!memory || !words)
		return 1;
	for (i = 0; i < words; i++)
		memory[i] = expected(i);
	before = now();
	for (rounds = 0;; rounds++) {
		for (i = 0; i < words; i++) {
			wrong += memory[i] != expected(i);
			if (i % STEP_WORDS)
				continue;
			/* Most of the time is others'. */
			usleep(5000);
			if (now() - before > gap)
				gap = now() - before;
			before = now();
		}
		tell(argv[2], rounds, wrong, gap);
	}
}
