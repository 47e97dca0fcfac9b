/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the test programs stand on, and nothing more: a console, the communication page, hypercalls,
 * other CPUs. It has no library below it, since the attackers take the processor apart under its
 * feet. Programs for people are written with inmates/lib.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <bulkhead/comm.h>
#include <bulkhead/hypercall.h>
#include <bulkhead/types.h>

/* `cell load NAME IMAGE -s WORDS -a 0x1000` */
#define RUNTIME_ARGUMENT 0x1000u
#define RUNTIME_LOW_END  0x80000u /* above is a PC's firmware, where there is one */

/* Null on a bare machine. */
extern volatile struct bh_comm *comm;

int main(void); /* its result is the cell's exit code */

/* %u %x take 64 bits, %s a string. */
void say(const char *format, ...);

/*
 * The words loaded with the image, or a bare machine's loader's: is one of them there, the number
 * behind it ("seed=7", "at=0x1f"), one of several numbers ("at=1,2").
 */
bool argument_has(const char *word);
uint64_t argument_number(const char *word, uint64_t otherwise);
bool argument_list(const char *word, size_t index, uint64_t *number);

int64_t hypercall(uint64_t number, uint64_t first, uint64_t second, uint64_t third);
void finish(uint64_t code) __attribute__((noreturn));

/*
 * To be called often: counts a heartbeat, and where root asks for the cell's end, agrees and ends.
 */
void beat(void);

/* Starts the cell's next CPU at a function, which does not come back. */
void cpu_start(unsigned int index, void (*function)(void));

#endif
