/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log: ring and console. The ring's head is in memory that survives a warm reset, so it is kept
 * right after every line.
 */
#include "core/log.h"

#include "core/console.h"
#include "core/spinlock.h"
#include "model/log_ring.h"
#include "model/text.h"

#define LINE_SIZE 512

/*
 * Two locks: the console is slow, and who writes to the ring only must not wait for it. A cell that
 * prints would else be held up by whatever is said of another (I5).
 */
static struct spinlock ring_lock;
static struct spinlock console_lock;
static struct bh_log *kept;

void log_open(struct bh_log *log)
{
	kept = log;
}

static struct log_ring ring_of(struct bh_log *log)
{
	return (struct log_ring){ .data = log->data, .size = log->data_size };
}

static void log_keep(const char *text, size_t length)
{
	log_ring_put(ring_of(kept), kept->written, text, length);
	__atomic_store_n(&kept->written, kept->written + length, __ATOMIC_RELEASE);
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
	return log_ring_get(ring_of(kept), log_written(), position, buffer, size);
}

uint64_t log_written(void)
{
	return __atomic_load_n(&kept->written, __ATOMIC_ACQUIRE);
}
