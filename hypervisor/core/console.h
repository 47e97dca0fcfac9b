/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's console: at most one, of a type that this build knows and the board file names.
 */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <bulkhead/config.h>
#include <bulkhead/refusal.h>
#include <bulkhead/types.h>

/* One type of console. */
struct console_driver {
	uint32_t type; /* enum bh_console_type */
	void (*open)(const struct bh_console *console);
	void (*put)(char c);
};

extern const struct console_driver console_8250_port;
extern const struct console_driver console_8250_mmio;

bool console_open(const struct bh_console *console, struct bh_refusal *refusal);
void console_write(const char *text, size_t length);

#endif
