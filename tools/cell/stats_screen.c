// SPDX-License-Identifier: GPL-2.0-only
/* The screen by ncurses: see stats_screen.h. */
#include "stats_screen.h"

#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/output.h"

#define MS_PER_SECOND 1000
#define NANOSECONDS   1e9

static volatile sig_atomic_t interrupted;

static struct {
	SCREEN *terminal;
	char *title;
	char *text;
	int first; /* line of text at the top */
} screen;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

bool screen_open(void)
{
	const struct sigaction action = { .sa_handler = interrupt };

	screen.terminal = newterm(NULL, stdout, stdin);
	if (!screen.terminal)
		return false;
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return true;
}

void screen_close(void)
{
	endwin();
	delscreen(screen.terminal);
	free(screen.title);
	free(screen.text);
	memset(&screen, 0, sizeof(screen));
}

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static void draw(void)
{
	int room = LINES - 2;
	int last = count_lines(screen.text) - room;
	const char *line = screen.text;
	int i;

	if (screen.first > last)
		screen.first = last;
	if (screen.first < 0)
		screen.first = 0;
	erase();
	attron(A_REVERSE);
	mvprintw(0, 0, "%-*.*s", COLS, COLS, screen.title);
	attroff(A_REVERSE);
	for (i = 0; i < screen.first; i++)
		line = strchr(line, '\n') + 1;
	for (i = 0; i < room && *line; i++) {
		const char *end = strchr(line, '\n');
		int length = end ? (int)(end - line) : (int)strlen(line);

		mvaddnstr(2 + i, 0, line, length < COLS ? length : COLS);
		line += length + (end != NULL);
	}
	refresh();
}

void screen_draw(const char *title, const char *text)
{
	free(screen.title);
	free(screen.text);
	screen.title = must(strdup(title));
	screen.text = must(strdup(text));
	draw();
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / NANOSECONDS;
}

/* False if the key ends it all. */
static bool take_key(int key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return false;
	case KEY_UP:
		screen.first--;
		break;
	case KEY_DOWN:
		screen.first++;
		break;
	case KEY_PPAGE:
		screen.first -= LINES / 2;
		break;
	case KEY_NPAGE:
		screen.first += LINES / 2;
		break;
	default:
		break;
	}
	draw();
	return true;
}

bool screen_wait(double seconds)
{
	double end = now() + seconds;
	double left;

	while (!interrupted && (left = end - now()) > 0) {
		int key;

		timeout((int)(left * MS_PER_SECOND) + 1);
		key = getch();
		if (key != ERR && !take_key(key))
			return false;
	}
	return !interrupted;
}
