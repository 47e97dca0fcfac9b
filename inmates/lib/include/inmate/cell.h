/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the program is part of: the cell's communication page, hypercalls, and how it was started.
 * On a bare machine there is neither, and these functions say so and do nothing.
 */
#ifndef INMATE_CELL_H
#define INMATE_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include <bulkhead/comm.h>
#include <bulkhead/hypercall.h>

/* true: started by Bulkhead; false: by a multiboot loader on a bare machine. */
bool cell_is_cell(void);

/* The communication page; NULL if there is none. */
volatile struct bh_comm *cell_comm(void);

/*
 * What the program was told: in a cell, the string that was loaded at CELL_ARGUMENTS_AT, as in
 * `bulkhead cell load NAME PROGRAM -s "words" -a 0x1000`; on a bare machine, the loader's command
 * line. main() has its words as argv.
 */
#define CELL_ARGUMENTS_AT   0x1000u
#define CELL_ARGUMENTS_SIZE 0x1000u
const char *cell_arguments(void);

/* A hypercall; -1 on a bare machine. */
int64_t cell_call(enum bh_hypercall number, uint64_t a, uint64_t b, uint64_t c);

/* For people and programs that look at the cell from outside: see `bulkhead cell show`. */
void cell_message(uint32_t number);
void cell_heartbeat(void);

/*
 * Is the cell asked to shut down? Answer with one of the others. A program that accepts ends by
 * exit() when it is ready.
 */
bool cell_shutdown_asked(void);
void cell_shutdown_accept(void);
void cell_shutdown_refuse(void);

#endif
