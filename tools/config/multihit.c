/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks Linux for its word on CVE-2018-12207, for a board or against one. See multihit.h. */
#include "multihit.h"

#include <stdio.h>
#include <string.h>

#include "board.h"
#include "model/backend_kind.h"

enum multihit multihit_read(const char *sysfs)
{
	static const char good[] = "Not affected";
	char line[128] = "", path[300];
	FILE *file;

	/* Of the file's name all but the first folder. */
	snprintf(path, sizeof(path), "%s%s", sysfs, MULTIHIT_FILE + strlen("/sys"));
	file = fopen(path, "re");
	if (!file)
		return MULTIHIT_UNKNOWN;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	if (line[0] == '\0')
		return MULTIHIT_UNKNOWN;
	return strncmp(line, good, strlen(good)) == 0 ? MULTIHIT_NOT_AFFECTED : MULTIHIT_AFFECTED;
}

void multihit_judge(struct config_file *file, const struct config_view *board, const char *sysfs)
{
	const struct config_place place = { .part = CONFIG_BOARD, .setting = "itlb_multihit" };
	const config_setting_t *at = board_setting(&file->source, board, &place);

	if (board_backend(board->board) != BH_BACKEND_VMX ||
	    (board->board->flags & BH_BOARD_MULTIHIT) ||
	    multihit_read(sysfs) != MULTIHIT_AFFECTED)
		return;
	warn_of(&file->complaints, at ? config_setting_source_line(at) : 0,
		"board.itlb_multihit: should be true on this machine, by what Linux says in "
		MULTIHIT_FILE);
}
