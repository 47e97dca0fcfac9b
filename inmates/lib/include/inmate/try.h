/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tries something that may raise an exception, and survives it: under the fault policy "report" an
 * MSR that the cell may not use is #GP, a forbidden instruction and a fetch from nowhere are #UD.
 */
#ifndef INMATE_TRY_H
#define INMATE_TRY_H

#include <stdbool.h>
#include <stdint.h>

#define TRY_FINE (-1)

/*
 * Calls the function; returns TRY_FINE, or the vector of the exception that ended it. What it did
 * until then stays done. Tries do not nest.
 */
int try_run(void (*what)(void *), void *argument);

/* false: it raised #GP; a value that was to be read is all ones then. */
bool try_msr_read(uint32_t msr, uint64_t *value);
bool try_msr_write(uint32_t msr, uint64_t value);

#endif
