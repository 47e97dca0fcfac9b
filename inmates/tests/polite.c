/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least that a cell can be: it counts heartbeats and ends when it is asked to. With "refuse" it
 * refuses that many times first; with "deaf" it never answers; with "code=N" it ends at once.
 */
#include "runtime.h"

int main(void)
{
	uint64_t refusals = argument_number("refuse", 0);

	if (argument_has("code"))
		return (int)argument_number("code", 0);
	if (argument_has("say"))
		say("heard\n");
	for (;;) {
		if (comm->command == BH_COMM_SHUTDOWN && argument_has("deaf")) {
			comm->heartbeats++;
		} else if (comm->command == BH_COMM_SHUTDOWN && refusals) {
			refusals--;
			comm->reply = BH_COMM_REFUSED;
			while (comm->command == BH_COMM_SHUTDOWN)
				__asm__ volatile("pause");
		} else {
			beat();
		}
	}
}
