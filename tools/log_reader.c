// SPDX-License-Identifier: GPL-2.0-only
/* Reads the log, and follows it: see log_reader.h. */
#include "log_reader.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "device.h"
#include "model/refuse.h"

#define POLL_NANOSECONDS 200000000

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

char log_printable(char c)
{
	if ((c >= ' ' && c <= '~') || c == '\n' || c == '\t')
		return c;
	return '?';
}

static bool read_page(const struct log_reader *reader, struct device_page *page,
		      struct bh_refusal *refusal)
{
	if (!reader->last && hypervisor_is_enabled())
		return device_read(reader->device, BH_READ_LOG, reader->position, page, refusal);
	return device_read_last(reader->device, reader->memory, reader->position, page, refusal);
}

/* Every turn moves on or ends. */
bool log_reader_drain(struct log_reader *reader, struct bh_refusal *refusal)
{
	while (!interrupted) {
		const struct bh_chunk *chunk;
		struct device_page page = { .size = 0 };

		if (!read_page(reader, &page, refusal))
			return false;
		chunk = device_chunk(&page, 1);
		if (!chunk)
			return refuse(refusal, "the log is cut off: driver and tool do not fit "
				      "each other");
		if (chunk->first > reader->position)
			reader->lost(reader->context, chunk->first - reader->position);
		reader->text(reader->context, (const char *)(chunk + 1), chunk->count);
		/* A ring that was begun anew is behind the position: go back to its end. */
		reader->position = chunk->first + chunk->count;
		if (chunk->count == 0)
			break;
	}
	return true;
}

void log_reader_follow(struct log_reader *reader, void (*pause)(void *context))
{
	const struct timespec moment = { .tv_nsec = POLL_NANOSECONDS };
	const struct sigaction action = { .sa_handler = interrupt };
	struct bh_refusal refusal;
	bool may_be_new = true;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (!interrupted && !ferror(stdout)) {
		bool enabled = hypervisor_is_enabled();

		/*
		 * What is in memory after a disable is read once: it does not change any more. A
		 * log that is not there yet comes with the first enable.
		 */
		if (enabled || may_be_new)
			log_reader_drain(reader, &refusal);
		pause(reader->context);
		fflush(stdout);
		may_be_new = enabled;
		nanosleep(&moment, NULL);
	}
}
