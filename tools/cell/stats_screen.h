/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal as a screen for text that is drawn anew all the time, with keys to scroll. */
#ifndef TOOLS_CELL_STATS_SCREEN_H
#define TOOLS_CELL_STATS_SCREEN_H

#include <stdbool.h>

/* False where this terminal cannot: then nothing is to be closed. */
bool screen_open(void);
void screen_close(void);

/* Shows a title and as many of the lines of text as there is room for. */
void screen_draw(const char *title, const char *text);

/* Waits for that long, and draws again on a key that scrolls; false when the user has had enough.
 */
bool screen_wait(double seconds);

#endif
