/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first C of a program: makes the CPU and the library ready, splits the argument string into
 * words, calls main() and ends with what it returns.
 */
#include <stdlib.h>
#include <string.h>

#include <inmate/cell.h>

#include "internal.h"

#define WORDS_MAX 64

extern int main(int argc, char **argv);
void inmate_start(uint32_t magic, uint32_t info);

typedef void (*constructor)(void);
extern const constructor inmate_constructors[], inmate_constructors_end[];

static char name[BH_NAME_SIZE];
static char words[CELL_ARGUMENTS_SIZE];
static char *arguments[WORDS_MAX + 2]; /* the name before them, NULL behind */

/* The name of the cell stands where a program's name would. */
static int arguments_split(void)
{
	volatile struct bh_comm *comm = cell_comm();
	char *rest = NULL, *word;
	int count = 0;
	size_t i;

	for (i = 0; comm && i < sizeof(name) - 1; i++)
		name[i] = comm->name[i];
	arguments[count++] = name;
	memcpy(words, cell_arguments(), strnlen(cell_arguments(), sizeof(words) - 1));
	for (word = strtok_r(words, " \t\n", &rest); word && count <= WORDS_MAX;
	     word = strtok_r(NULL, " \t\n", &rest))
		arguments[count++] = word;
	return count;
}

void inmate_start(uint32_t magic, uint32_t info)
{
	const constructor *next;
	int count;

	cpu_open(&cpus[0], 0);
	interrupt_open();
	cell_open(magic, info);
	console_open();
	count = arguments_split();
	for (next = inmate_constructors; next != inmate_constructors_end; next++)
		(*next)();
	exit(main(count, arguments));
}
