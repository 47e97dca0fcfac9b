// SPDX-License-Identifier: GPL-2.0-only
/* Draws the bar: see progress.h. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1e9
#define PATIENCE    0.3  /* seconds before there is a bar */
#define INTERVAL    0.1  /* between two drawings */
#define WIDTH       40
#define KIB         1024

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / NANOSECONDS;
}

void progress_begin(struct progress *progress, uint64_t total)
{
	*progress = (struct progress){
		.total = total, .started = now(), .may_show = isatty(STDERR_FILENO) && total,
	};
}

static void draw(struct progress *progress)
{
	double part = (double)progress->done / (double)progress->total;
	int filled = (int)(part * WIDTH);
	int i;

	fputs("\r[", stderr);
	for (i = 0; i < WIDTH; i++)
		fputc(i < filled ? '#' : ' ', stderr);
	fprintf(stderr, "] %3d%%  %" PRIu64 " of %" PRIu64 " KiB", (int)(part * 100),
		progress->done / KIB, progress->total / KIB);
	fflush(stderr);
	progress->is_shown = true;
}

void progress_add(struct progress *progress, uint64_t done)
{
	double time;

	progress->done += done;
	if (!progress->may_show)
		return;
	time = now();
	if (time - progress->started < PATIENCE || time - progress->shown < INTERVAL)
		return;
	draw(progress);
	progress->shown = time;
}

void progress_end(struct progress *progress)
{
	/* Carriage return, and erase to the end of the line. */
	if (progress->is_shown)
		fputs("\r\033[K", stderr);
}
