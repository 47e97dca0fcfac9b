/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything the hypervisor says: into the ring in its memory, and to the board's console if it has
 * one. Lines are whole: CPUs do not mix theirs.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <bulkhead/log.h>
#include <bulkhead/types.h>

/* The ring was opened by the driver; from here on it is ours. */
void log_open(struct bh_log *log);

/* One or more whole lines. */
void log_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same without the console: into the ring only. */
void log_print_quietly(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a CPU that is about to stop: does not wait for others for ever. */
void log_print_panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Copies bytes of the ring from *position on, which moves up where the ring has gone on; how many.
 */
size_t log_read(uint64_t *position, void *buffer, size_t size);

uint64_t log_written(void);

#endif
