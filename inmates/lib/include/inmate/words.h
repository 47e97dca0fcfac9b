/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that a program was told (main()'s argv), in any order: "poll" is there or not,
 * "count=1000" has a number, decimal or as 0x1f.
 */
#ifndef INMATE_WORDS_H
#define INMATE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

bool words_have(char **argv, const char *word);
uint64_t words_number(char **argv, const char *word, uint64_t otherwise);

#endif
