/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bulkhead config`: works with board and cell files, on any machine, without hypervisor or driver.
 * The language is in config/, the printing in config/show.c and config/map.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/commands.h"
#include "config/map_host.h"
#include "config/numbers.h"
#include "output.h"
#include "verb.h"

#define INSTALLED_IMAGE "/lib/firmware/bulkhead.bin"

struct options {
	char **paths; /* null-terminated */
	bool as_json;
	bool is_live;
	const char *image;
	const char *output;
	const char *name;
	const char *folder;
	bool needs_no_file;
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->as_json = true;
		return 0;
	case 'i':
		options->image = argument;
		return 0;
	case 'l':
		options->is_live = true;
		return 0;
	case 'o':
		options->output = argument;
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		return 0;
	case 'n':
		options->name = argument;
		return 0;
	case 'p':
		options->folder = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (!options->needs_no_file)
			argp_error(state, "no board file given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The files of the command line, and the image that they are judged by. */
struct input {
	struct config_file *files;
	uint32_t count;
	struct bh_image_header image;
	struct set_options options;
	char sysfs[256];
};

static bool input_open(struct input *input, const struct options *options)
{
	const char *image = options->image;

	memset(input, 0, sizeof(*input));
	if (!image && access(INSTALLED_IMAGE, F_OK) == 0)
		image = INSTALLED_IMAGE;
	if (image && !image_read(&input->image, image))
		return false;
	input->options.image = image ? &input->image : NULL;
	if (options->folder)
		snprintf(input->sysfs, sizeof(input->sysfs), "%s/sys", options->folder);
	else
		snprintf(input->sysfs, sizeof(input->sysfs), "/sys");
	input->options.live = options->is_live ? input->sysfs : NULL;
	while (options->paths[input->count])
		input->count++;
	input->files = must(calloc(input->count + 1UL, sizeof(*input->files)));
	for (uint32_t i = 0; i < input->count; i++)
		file_open(&input->files[i], options->paths[i]);
	return true;
}

/* Prints what there is to say about the files. */
static void input_close(struct input *input)
{
	uint32_t i;

	for (i = 0; i < input->count; i++)
		file_close(&input->files[i]);
	free(input->files);
}

/* How many files belong to the board file at that place: itself, and cell files behind it. */
static uint32_t input_board(const struct input *input, uint32_t board)
{
	uint32_t next = board + 1;

	while (next < input->count && !file_is_board(&input->files[next]))
		next++;
	return next - board;
}

/* Anything but a board file and its cells is wrong usage. */
static bool input_is_one_board(const struct input *input, const char *verb)
{
	if (file_is_cell(&input->files[0]))
		verb_complain(verb, "%s is a cell file: name its board file before it",
			      input->files[0].complaints.path);
	else if (input_board(input, 0) != input->count)
		verb_complain(verb, "one board file at a time");
	else
		return true;
	return false;
}

static void print_good(const struct config_set *set)
{
	const struct bh_cell *root = &set->board.view.board->root;
	uint32_t i;

	printf("%s: good: board \"%s\", %u CPUs, %u regions, %u port ranges, %zu bytes "
	       "compiled\n",
	       set->board_file->complaints.path, set->board.view.board->name,
	       cpus_count(root->cpus), root->region_count, root->port_count, set->board.size);
	for (i = 0; i < set->count; i++) {
		const struct cell_blob *blob = &set->cells[i].blob;
		const struct bh_cell *cell = blob->view.cell;
		char cpus[CPUS_TEXT];

		cpus_format(cell->cpus, cpus);
		printf("%s: good: cell \"%s\", CPUs %s, %u regions, %u port ranges, %zu bytes "
		       "compiled\n",
		       set->cells[i].file->complaints.path, cell->name, cpus, cell->region_count,
		       cell->port_count, blob->size);
	}
}

static int run_check(const struct options *options)
{
	int status = VERB_DONE;
	struct input input;
	uint32_t at, count;

	if (!input_open(&input, options))
		return VERB_REFUSED;
	if (file_is_cell(&input.files[0]) && !input_is_one_board(&input, "config check"))
		status = VERB_USAGE;
	for (at = 0; at < input.count && status != VERB_USAGE; at += count) {
		struct config_set set;

		count = input_board(&input, at);
		if (set_judge(&set, &input.files[at], count, &input.options))
			print_good(&set);
		else
			status = VERB_REFUSED;
		set_free(&set);
	}
	input_close(&input);
	return status;
}

/* One board and its cells, judged; then what the action does with them. */
static int run_one(const struct options *options, const char *verb,
		   bool (*act)(const struct options *options, const struct input *input,
			       const struct config_set *set))
{
	int status = VERB_USAGE;
	struct config_set set;
	struct input input;

	if (!input_open(&input, options))
		return VERB_REFUSED;
	if (input_is_one_board(&input, verb)) {
		status = VERB_REFUSED;
		if (set_judge(&set, input.files, input.count, &input.options) &&
		    act(options, &input, &set))
			status = VERB_DONE;
		set_free(&set);
	}
	input_close(&input);
	return status;
}

static bool act_show(const struct options *options, const struct input *input,
		     const struct config_set *set)
{
	(void)input;
	config_show(set, options->as_json);
	return true;
}

static int run_show(const struct options *options)
{
	return run_one(options, "config show", act_show);
}

static bool act_map(const struct options *options, const struct input *input,
		    const struct config_set *set)
{
	return config_map(set, input->options.image, options->as_json);
}

static int run_map(const struct options *options)
{
	return run_one(options, "config map", act_map);
}

static bool file_write(const char *verb, const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "we");
	bool done = file && fwrite(data, 1, size, file) == size;

	if (file && fclose(file) != 0)
		done = false;
	if (!done)
		verb_complain(verb, "%s: %s", path, strerror(errno));
	return done;
}

/* What is written is the last file's: the board's, or a cell's judged with its board. */
static bool act_compile(const struct options *options, const struct input *input,
			const struct config_set *set)
{
	const struct cell_blob *cell;

	(void)input;
	if (set->count == 0)
		return file_write("config compile", options->output, set->board.data,
				  set->board.size);
	cell = &set->cells[set->count - 1].blob;
	return file_write("config compile", options->output, cell->data, cell->size);
}

static int run_compile(const struct options *options)
{
	if (!options->output) {
		verb_complain("config compile", "say where the result goes: -o FILE");
		return VERB_USAGE;
	}
	return run_one(options, "config compile", act_compile);
}

#define IMAGE_OPTION \
	{ "image", 'i', "FILE", 0, "The hypervisor's image (default: " INSTALLED_IMAGE ")", 0 }

static const struct argp_option check_options[] = {
	IMAGE_OPTION,
	{ "live", 'l', NULL, 0, "This machine is the board: ask it which CPUs are threads of one "
				"core, and for its PCI devices", 0 },
	{ "proc", 'p', "FOLDER", 0, "With --live: ask FOLDER/sys, a copy, and not /sys", 0 },
	{ 0 },
};

/* By the rule of `config check`, before anything is asked of the machine. */
static bool name_is_good(const char *name)
{
	unsigned int stranger = config_name_stranger(name);

	if (name[0] == '\0')
		verb_complain("config create", "--name: the name is empty");
	else if (stranger)
		verb_complain("config create", "--name: " CONFIG_NAME_RULE, stranger);
	else if (strlen(name) >= BH_NAME_SIZE)
		verb_complain("config create", "--name: \"%s\" has %zu characters, at most %d fit",
			      name, strlen(name), BH_NAME_SIZE - 1);
	else
		return true;
	return false;
}

/* Nothing is written unless all of it can be. */
static int run_create(const struct options *options)
{
	const struct create_options create = {
		.name = options->name ? options->name : "board", .folder = options->folder,
	};
	char *text = NULL;
	size_t size;
	FILE *out;
	bool done;

	if (options->paths) {
		verb_complain("config create", "takes no file: -o FILE says where the result goes");
		return VERB_USAGE;
	}
	if (!name_is_good(create.name))
		return VERB_USAGE;
	out = must(open_memstream(&text, &size));
	done = config_create(out, &create);
	if (fclose(out) != 0)
		done = false;
	if (done && options->output)
		done = file_write("config create", options->output, text, size);
	else if (done)
		fputs(text, stdout);
	free(text);
	return done ? VERB_DONE : VERB_REFUSED;
}

#define JSON_OPTION { "json", 'j', NULL, 0, "Print JSON for programs", 0 }

static const struct argp_option show_options[] = { JSON_OPTION, { 0 } };
static const struct argp_option create_rows[] = {
	{ "output", 'o', "FILE", 0, "Where the board file goes (default: standard output)", 0 },
	{ "name", 'n', "NAME", 0, "The board's name (default: board)", 0 },
	{ "proc", 'p', "FOLDER", 0, "Read iomem, ioports, cmdline and cpuinfo there (default: "
				  "/proc)", 0 },
	{ 0 },
};

static const struct argp_option map_options[] = { JSON_OPTION, IMAGE_OPTION, { 0 } };

static const struct argp_option compile_options[] = {
	{ "output", 'o', "FILE", 0, "Where the binary form goes (needed)", 0 },
	{ 0 },
};

static const struct action {
	const char *name;
	int (*run)(const struct options *options);
	const struct argp_option *options;
	const char *arguments;
	const char *summary;
	const char *doc;
} actions[] = {
	{ "create", run_create, create_rows, "", "write a first board file for this machine",
	  "Writes a board file from what Linux tells of this machine, with comments that say what "
	  "to look at." },
	{ "check", run_check, check_options, "BOARD [CELL...]", "name everything that is wrong",
	  "Reads a board file and files of cells that are to exist at the same time, and names "
	  "everything that is wrong in them, with file and line. Further boards may follow, each "
	  "with its cells." },
	{ "show", run_show, show_options, "BOARD [CELL...]",
	  "list whose each address and port is",
	  "Lists what a board file and cell files say: whose each address and port is, and what "
	  "nobody has." },
	{ "map", run_map, map_options, "BOARD [CELL...]", "show the page tables to be built",
	  "Shows the page tables that the hypervisor will build for a board and for cells, and the "
	  "memory that it takes." },
	{ "compile", run_compile, compile_options, "BOARD [CELL] -o FILE",
	  "write the binary form",
	  "Writes the binary form of a board file, or of a cell file that is judged with its "
	  "board, as the driver takes it." },
};

static int action_run(const struct action *action, int argc, char **argv)
{
	const struct argp argp = {
		.options = action->options, .parser = parse_option,
		.args_doc = action->arguments, .doc = action->doc,
	};
	struct options options = { .needs_no_file = action->run == run_create };
	char name[32];

	snprintf(name, sizeof(name), "config %s", action->name);
	verb_parse(&argp, name, argc, argv, &options);
	return action->run(&options);
}

static char *help_filter(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t size, i;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&list, &size);
	if (!out)
		return NULL;
	for (i = 0; i < BH_ARRAY_SIZE(actions); i++)
		fprintf(out, "  %-8s %-21s %s\n", actions[i].name, actions[i].arguments,
			actions[i].summary);
	return fclose(out) == 0 ? list : NULL;
}

/* Stops at the action: what follows is the action's to read. */
static error_t parse_action(int key, char *argument, struct argp_state *state)
{
	int *action = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_ARG:
		*action = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "create, check, show, map or compile?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int verb_config(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse_action,
		.args_doc = "create\ncheck|show|map|compile BOARD [CELL...]",
		.help_filter = help_filter,
		.doc = "Works with board and cell files, on any machine.\v",
	};
	char name[] = "bulkhead config";
	int at = 0;
	size_t i;

	/* In order, so that options behind the action are left for it. */
	argv[0] = name;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &at))
		return VERB_USAGE;
	for (i = 0; i < BH_ARRAY_SIZE(actions); i++)
		if (strcmp(argv[at], actions[i].name) == 0)
			return action_run(&actions[i], argc - at, argv + at);
	verb_complain("config", "there is no \"%s\": create, check, show, map or compile",
		      argv[at]);
	return VERB_USAGE;
}
