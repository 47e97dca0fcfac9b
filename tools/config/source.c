/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a configuration file and has libconfig parse it.
 *
 * libconfig 1.5 cuts numbers to 32 bits without a word unless an L stands behind them, and ends the
 * program when a file cannot be read. So the file is read here, and its text goes through a scanner
 * that writes every number in a form libconfig keeps: below 2^63 with an L, above as a string.
 */
#include "source.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

#define LARGEST_FILE (1024 * 1024)

/* How deep brackets may nest; board files need four levels. */
#define DEEPEST 32

/* What libconfig allows in names behind the first letter. */
#define NAME_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_*"

/* The whole file with a zero behind it, or null. */
static char *file_read(struct complaints *complaints)
{
	FILE *file = fopen(complaints->path, "re");
	char *text = malloc(LARGEST_FILE + 1);
	size_t size;

	if (!text)
		err(1, "%s", complaints->path);
	if (!file) {
		complain(complaints, 0, "cannot be opened: %s", strerror(errno));
		free(text);
		return NULL;
	}
	size = fread(text, 1, LARGEST_FILE, file);
	text[size] = '\0';
	if (ferror(file))
		complain(complaints, 0, "cannot be read: %s", strerror(errno));
	else if (size == LARGEST_FILE)
		complain(complaints, 0, "has a megabyte or more: no board file needs that");
	else if (strlen(text) != size)
		complain(complaints, 0, "is no text: byte %zu is zero", strlen(text));
	fclose(file);
	if (complaints->count == 0)
		return text;
	free(text);
	return NULL;
}

struct scanner {
	const char *at;
	unsigned int line;
	FILE *out;
	struct complaints *complaints;
	bool is_hopeless; /* the parser would only add confusion */
	unsigned int depth;
	struct {
		char bracket;
		unsigned int line;
	} open[DEEPEST];
};

static void give_up(struct scanner *scanner, unsigned int line, const char *text)
{
	complain(scanner->complaints, line, "%s", text);
	scanner->is_hopeless = true;
}

/* Copies so many characters as they are. */
static void copy(struct scanner *scanner, size_t count)
{
	for (; count; count--) {
		if (*scanner->at == '\n')
			scanner->line++;
		fputc(*scanner->at++, scanner->out);
	}
}

/* A string that goes on in the next line is one whose end was forgotten. */
static void copy_string(struct scanner *scanner)
{
	size_t length = 1;

	while (scanner->at[length] && !strchr("\"\n", scanner->at[length]))
		length += scanner->at[length] == '\\' && scanner->at[length + 1] ? 2 : 1;
	if (scanner->at[length] == '"')
		copy(scanner, length + 1);
	else
		give_up(scanner, scanner->line,
			"the string that starts here has no end in its line: \"");
}

static void copy_comment(struct scanner *scanner)
{
	const char *end;

	if (scanner->at[0] != '/' || scanner->at[1] != '*') {
		copy(scanner, strcspn(scanner->at, "\n"));
		return;
	}
	end = strstr(scanner->at + 2, "*/");
	if (end)
		copy(scanner, (size_t)(end + 2 - scanner->at));
	else
		give_up(scanner, scanner->line, "the comment that starts here has no end: */");
}

/* How long the number at `text` is, whatever it is worth; a fraction is not one. */
static size_t number_length(const char *text)
{
	size_t length;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return 2 + strspn(text + 2, "0123456789abcdefABCDEF");
	length = strspn(text, "0123456789");
	if (text[length] == '.' || (tolower((unsigned char)text[length]) == 'e' &&
				    strspn(text + length + 1, "+-0123456789")))
		return 0;
	return length;
}

static void copy_number(struct scanner *scanner)
{
	size_t length = number_length(scanner->at);
	size_t suffix = strspn(scanner->at + length, "L");
	size_t unit = strspn(scanner->at + length + suffix, NAME_CHARACTERS);
	char *digits = strndup(scanner->at, length);
	uint64_t value;

	if (!digits)
		err(1, "%s", scanner->complaints->path);
	if (length == 0) {
		copy(scanner, strspn(scanner->at, "0123456789.eE"));
	} else if (unit) {
		complain(scanner->complaints, scanner->line,
			 "a number with a unit, or a range, stands in quotes: \"%.*s\"",
			 (int)(length + suffix + unit), scanner->at);
		fprintf(scanner->out, "\"%.*s\"", (int)(length + suffix + unit), scanner->at);
	} else if (number_parse(digits, &value) && value <= INT64_MAX) {
		fprintf(scanner->out, "%sL", digits);
	} else {
		fprintf(scanner->out, "\"%s\"", digits);
	}
	if (length)
		scanner->at += length + suffix + unit;
	free(digits);
}

/* Something open has another end, or none. */
static void complain_bracket(struct scanner *scanner, unsigned int depth)
{
	complain(scanner->complaints, scanner->open[depth].line,
		 *scanner->at ? "the %c that is open here meets a %c in line %u first" :
				"the %c that is open here is not closed",
		 scanner->open[depth].bracket, *scanner->at, scanner->line);
	scanner->is_hopeless = true;
}

/* libconfig would open the other file itself, and leave the program if it cannot. */
static void check_include(struct scanner *scanner)
{
	if (strncmp(scanner->at, "@include", strlen("@include")) == 0)
		give_up(scanner, scanner->line, "@include is not possible: a board is one file");
}

/* Knows where brackets were opened: what is missing is told there and not at the file's end. */
static void check_bracket(struct scanner *scanner)
{
	static const char opening[] = "{([", closing[] = "})]";
	const char *close = strchr(closing, *scanner->at);

	if (strchr(opening, *scanner->at)) {
		if (scanner->depth == DEEPEST) {
			give_up(scanner, scanner->line, "brackets nest too deep");
			return;
		}
		scanner->open[scanner->depth].bracket = *scanner->at;
		scanner->open[scanner->depth++].line = scanner->line;
	} else if (close) {
		if (scanner->depth == 0)
			give_up(scanner, scanner->line,
				"nothing is open that could be closed here");
		else if (scanner->open[--scanner->depth].bracket != opening[close - closing])
			complain_bracket(scanner, scanner->depth);
	}
}

/* The text as libconfig shall see it, or null. */
static char *text_widen(const char *text, struct complaints *complaints)
{
	struct scanner scanner = { .at = text, .line = 1, .complaints = complaints };
	char *wide = NULL;
	size_t size;

	scanner.out = open_memstream(&wide, &size);
	if (!scanner.out)
		err(1, "%s", complaints->path);
	while (*scanner.at && !scanner.is_hopeless) {
		const char *at = scanner.at;

		if (*at == '"')
			copy_string(&scanner);
		else if (*at == '#' || (at[0] == '/' && (at[1] == '/' || at[1] == '*')))
			copy_comment(&scanner);
		else if (isalpha((unsigned char)*at) || *at == '*')
			copy(&scanner, 1 + strspn(at + 1, NAME_CHARACTERS));
		else if (isdigit((unsigned char)*at))
			copy_number(&scanner);
		else {
			check_include(&scanner);
			check_bracket(&scanner);
			copy(&scanner, 1);
		}
	}
	if (scanner.depth && !scanner.is_hopeless)
		complain_bracket(&scanner, scanner.depth - 1);
	if (fclose(scanner.out))
		err(1, "%s", complaints->path);
	if (scanner.is_hopeless) {
		free(wide);
		wide = NULL;
	}
	return wide;
}

/* The words of a line, without the space around them. */
static void line_excerpt(const char *text, int line, char *excerpt, size_t size)
{
	size_t length;

	while (--line > 0 && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	text += strspn(text, " \t\r");
	length = strcspn(text, "\n");
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	snprintf(excerpt, size, "%.*s", (int)length, text);
}

static void complain_parse(const config_t *source, const char *text, struct complaints *complaints)
{
	char excerpt[60];

	line_excerpt(text, config_error_line(source), excerpt, sizeof(excerpt));
	complain(complaints, (unsigned int)config_error_line(source), "%s%s%s",
		 config_error_text(source), excerpt[0] ? " in or before: " : " at the end",
		 excerpt);
}

bool source_open(config_t *source, struct complaints *complaints)
{
	char *text = file_read(complaints);
	char *wide = text ? text_widen(text, complaints) : NULL;
	bool is_parsed;

	config_init(source);
	is_parsed = wide && config_read_string(source, wide);
	if (wide && !is_parsed)
		complain_parse(source, text, complaints);
	free(wide);
	free(text);
	return is_parsed;
}

void source_close(config_t *source)
{
	config_destroy(source);
}
