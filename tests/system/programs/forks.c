/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * forks COUNT: that many processes one after the other, each of which writes to memory of its own:
 * page faults, new page tables, CR3 loads. Part of the mixed load.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES (256 * 1024)

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 100;
	int i, status;

	for (i = 0; i < count; i++) {
		if (fork() == 0) {
			char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			if (memory == MAP_FAILED)
				_exit(1);
			memset(memory, i, BYTES);
			_exit(memory[BYTES - 1] != (char)i);
		}
		if (wait(&status) < 0 || status != 0)
			return 1;
	}
	printf("forks %d\n", count);
	return 0;
}
