/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Picks the board's console among the types built in, and writes to it. The ring is log.c's.
 */
#include "core/console.h"

#include "model/refuse.h"

static const struct console_driver *const drivers[] = {
#ifdef CONFIG_CONSOLE_8250_PORT
	&console_8250_port,
#endif
#ifdef CONFIG_CONSOLE_8250_MMIO
	&console_8250_mmio,
#endif
	NULL
};

static const struct console_driver *active;

bool console_open(const struct bh_console *console, struct bh_refusal *refusal)
{
	size_t i;

	active = NULL;
	if (console->type == BH_CONSOLE_NONE)
		return true;
	for (i = 0; drivers[i]; i++) {
		if (drivers[i]->type != console->type)
			continue;
		drivers[i]->open(console);
		active = drivers[i];
		return true;
	}
	return refuse(refusal,
		      "the board's console is an 8250 %s, which this hypervisor was built without",
		      console->type == BH_CONSOLE_8250_PORT ? "by port" : "in memory");
}

void console_write(const char *text, size_t length)
{
	size_t i;

	if (!active)
		return;
	for (i = 0; i < length; i++) {
		if (text[i] == '\n')
			active->put('\r');
		active->put(text[i]);
	}
}
