/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a cell is asked to shut down: this one refuses the first time and accepts the second time.
 * Its message, which `bulkhead cell show` prints, is how often it was asked.
 */
#include <stdint.h>
#include <stdio.h>

#include <inmate/cell.h>
#include <inmate/cpu.h>

static void wait_until(bool asked)
{
	while (cell_shutdown_asked() != asked) {
		cell_heartbeat();
		cpu_pause();
	}
}

int main(void)
{
	if (!cell_comm()) {
		printf("There is no communication page: nobody could ask.\n");
		return 1;
	}
	printf("Running; started %u times before.\n", (unsigned int)cell_comm()->starts);
	wait_until(true);
	cell_message(1);
	printf("Asked to shut down: not now.\n");
	cell_shutdown_refuse();
	wait_until(false);
	wait_until(true);
	cell_message(2);
	printf("Asked again: good night.\n");
	cell_shutdown_accept();
	return 0;
}
