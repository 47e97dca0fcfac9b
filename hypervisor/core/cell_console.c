/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Collects the lines of a cell. They go to the ring only: the board's console is slow, and the lock
 * of the log is everybody's, so a cell that talks must not hold it for long (I5).
 */
#include "core/cell_console.h"

#include "core/log.h"

static void end_line(struct cell *cell, struct cell_line *line)
{
	log_print_quietly("%s| %.*s\n", cell->config->name, (int)line->length, line->text);
	line->length = 0;
}

/* What is no printable character of ASCII could forge lines of others. */
static char printable(char c)
{
	if ((c >= ' ' && c <= '~') || c == '\t')
		return c;
	return '?';
}

void cell_console_write(struct cell *cell, const char *text, uint32_t count)
{
	struct cell_line *line = &cell->line;
	uint32_t i;

	spin_lock(&line->lock);
	for (i = 0; i < count; i++) {
		if (text[i] == '\r')
			continue;
		if (text[i] != '\n')
			line->text[line->length++] = printable(text[i]);
		if (text[i] == '\n' || line->length == CELL_LINE)
			end_line(cell, line);
	}
	spin_unlock(&line->lock);
}

void cell_console_end(struct cell *cell)
{
	spin_lock(&cell->line.lock);
	if (cell->line.length > 0)
		end_line(cell, &cell->line);
	spin_unlock(&cell->line.lock);
}
