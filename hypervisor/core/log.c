/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log: ring and console. The ring's head is in memory that survives a warm reset, so it is kept
 * right after every line.
 */
#include "core/log.h"

#include "core/console.h"
#include "core/spinlock.h"
#include "core/string.h"
#include "model/text.h"

#define LINE_SIZE 512

/*
 * Two locks: the console is slow, and who writes to the ring only must not wait for it. A cell that
 * prints would else be held up by whatever is said of another (I5).
 */
static struct spinlock ring_lock;
static struct spinlock console_lock;
static struct bh_log *log_ring;

void log_open(struct bh_log *ring)
{
	log_ring = ring;
}

/* Where a position is in the ring, and how much of a piece lies before the ring's end. */
static char *ring_at(uint64_t position, size_t size, size_t *before_end)
{
	size_t at = position % log_ring->data_size;
	size_t room = log_ring->data_size - at;

	*before_end = size < room ? size : room;
	return log_ring->data + at;
}

static void log_keep(const char *text, size_t length)
{
	size_t before_end;
	char *at = ring_at(log_ring->written, length, &before_end);

	memcpy(at, text, before_end);
	memcpy(log_ring->data, text + before_end, length - before_end);
	__atomic_store_n(&log_ring->written, log_ring->written + length, __ATOMIC_RELEASE);
}

static size_t log_format(char line[LINE_SIZE], const char *format, va_list arguments)
{
	size_t length = text_vformat(line, LINE_SIZE, format, arguments);

	return length < LINE_SIZE ? length : LINE_SIZE - 1;
}

void log_print(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = log_format(line, format, arguments);
	va_end(arguments);
	spin_lock(&ring_lock);
	log_keep(line, length);
	spin_unlock(&ring_lock);
	spin_lock(&console_lock);
	console_write(line, length);
	spin_unlock(&console_lock);
}

void log_print_quietly(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = log_format(line, format, arguments);
	va_end(arguments);
	spin_lock(&ring_lock);
	log_keep(line, length);
	spin_unlock(&ring_lock);
}

void log_print_panic(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = log_format(line, format, arguments);
	va_end(arguments);
	spin_lock_break(&ring_lock);
	log_keep(line, length);
	spin_unlock(&ring_lock);
	spin_lock_break(&console_lock);
	console_write(line, length);
	spin_unlock(&console_lock);
}

size_t log_read(uint64_t *position, void *buffer, size_t size)
{
	uint64_t written = log_written();
	size_t before_end;
	const char *at;

	if (*position > written)
		*position = written;
	if (written - *position > log_ring->data_size)
		*position = written - log_ring->data_size;
	if (size > written - *position)
		size = written - *position;
	at = ring_at(*position, size, &before_end);
	memcpy(buffer, at, before_end);
	memcpy((char *)buffer + before_end, log_ring->data, size - before_end);
	return size;
}

uint64_t log_written(void)
{
	return __atomic_load_n(&log_ring->written, __ATOMIC_ACQUIRE);
}
