/* SPDX-License-Identifier: GPL-2.0-only */
/* The frequency at which CPUs are handed to cells. */
#ifndef DRIVER_SPEED_H
#define DRIVER_SPEED_H

void speed_open(void);
void speed_close(void);

/* The most that Linux's frequency policy allows for this online CPU, until speed_restore(). */
void speed_raise(unsigned int cpu);
void speed_restore(unsigned int cpu);

#endif
