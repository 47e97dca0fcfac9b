/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's log, from where it is: from the hypervisor while it runs, else from the memory
 * where the ring lies. A byte has the same position in both. What to print of it is for the verbs.
 */
#ifndef TOOLS_LOG_READER_H
#define TOOLS_LOG_READER_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>
#include <stdbool.h>
#include <stddef.h>

struct log_reader {
	int device;
	bool last;              /* look into memory only */
	struct bh_range memory; /* where; empty: this boot's last enable */
	uint64_t position;
	void (*text)(void *context, const char *text, size_t size);
	void (*lost)(void *context, uint64_t bytes); /* the ring went on before they were read */
	void *context;
};

/* Gives away all that is there now. */
bool log_reader_drain(struct log_reader *reader, struct bh_refusal *refusal);

/* Goes on until interrupted or standard output breaks; calls `pause` after each drain. */
void log_reader_follow(struct log_reader *reader, void (*pause)(void *context));

/* Memory survives a reset, but not always whole: what is no text must not reach a terminal. */
char log_printable(char c);

#endif
