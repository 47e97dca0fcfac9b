/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verbs of `bulkhead cell`, each in the file of its name. argv[0] is the verb; what is returned
 * is an enum verb_status.
 */
#ifndef TOOLS_CELL_COMMANDS_H
#define TOOLS_CELL_COMMANDS_H

int cell_create(int argc, char **argv);
int cell_load_images(int argc, char **argv);
int cell_start(int argc, char **argv);
int cell_shutdown(int argc, char **argv);
int cell_destroy(int argc, char **argv);
int cell_list(int argc, char **argv);
int cell_show(int argc, char **argv);
int cell_stats(int argc, char **argv);
int cell_faults(int argc, char **argv);
int cell_console(int argc, char **argv);
int cell_dump(int argc, char **argv);

#endif
