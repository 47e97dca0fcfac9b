/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What newlib asks of the system below it: console, heap, and the end. There are no files and no
 * other processes; a program that wants them does not link.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <inmate/cell.h>

#include "internal.h"

#define MIB           0x100000u
#define EXIT_SIGNAL   128
#define CONSOLE_BLOCK 1024

extern uint8_t inmate_end[];

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): newlib's own are reserved. */

static const char ended[] = "\nended with status ";

/* A bare machine cannot end: it says so, for whoever watches it, and stands still. */
void inmate_exit(int status)
{
	char digits[] = "000\n";

	cell_call(BH_HYPERCALL_EXIT, (uint64_t)status, 0, 0);
	digits[0] = (char)('0' + (status & 0xff) / 100);
	digits[1] = (char)('0' + (status & 0xff) / 10 % 10);
	digits[2] = (char)('0' + (status & 0xff) % 10);
	console_write(ended, sizeof(ended) - 1);
	console_write(digits, sizeof(digits) - 1);
	for (;;)
		__asm__ volatile("cli\n\thlt");
}

void _exit(int status)
{
	inmate_exit(status);
}

/*
 * The heap is what follows the program. On a bare machine it begins at 1 MiB: below that are the
 * screen, the firmware, and the tables of whoever loaded the program.
 */
void *sbrk(ptrdiff_t change)
{
	static uint64_t end;
	uint64_t start, before;

	start = ((uint64_t)inmate_end + 15) & ~15ULL;
	if (!cell_is_cell() && start < MIB)
		start = MIB;
	if (!end)
		end = start;
	before = end;
	if (change < 0 ? (uint64_t)-change > end - start
		       : cell_memory_end() < end || (uint64_t)change > cell_memory_end() - end) {
		errno = ENOMEM;
		return (void *)-1;
	}
	end += (uint64_t)change;
	return (void *)before;
}

int write(int file, const void *data, size_t size)
{
	if (file != STDOUT_FILENO && file != STDERR_FILENO) {
		errno = EBADF;
		return -1;
	}
	console_write(data, size);
	return (int)size;
}

int read(int file, void *data, size_t size)
{
	if (file != STDIN_FILENO) {
		errno = EBADF;
		return -1;
	}
	return (int)console_read(data, size);
}

int fstat(int file, struct stat *stat)
{
	(void)file;
	*stat = (struct stat){ .st_mode = S_IFCHR, .st_blksize = CONSOLE_BLOCK };
	return 0;
}

int isatty(int file)
{
	(void)file;
	return 1;
}

int open(const char *name, int flags, ...)
{
	(void)name;
	(void)flags;
	errno = ENOENT;
	return -1;
}

int close(int file)
{
	(void)file;
	errno = EBADF;
	return -1;
}

off_t lseek(int file, off_t offset, int whence)
{
	(void)file;
	(void)offset;
	(void)whence;
	errno = ESPIPE;
	return -1;
}

pid_t getpid(void)
{
	return 1;
}

/* abort() and raise() come here: a signal that nobody handles is the end. */
int kill(pid_t process, int signal)
{
	(void)process;
	inmate_exit(EXIT_SIGNAL + signal);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
