// SPDX-License-Identifier: GPL-2.0-only
/* Reads the files of a PCI function. See sysfs_pci.h. */
#include "sysfs_pci.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "pci.h"

/* Of the third number of a line in "resource"; include/linux/ioport.h. */
#define RESOURCE_PORTS  0x100u
#define RESOURCE_FIXED  0x10u /* an old disk controller's: not in its registers */
#define RESOURCE_MEMORY 0x200u

#define ATTRIBUTE_PATH 340

void sysfs_function_name(struct sysfs_function *function, const char *devices, uint32_t address)
{
	char text[PCI_ADDRESS_TEXT];

	pci_address_format(address, text);
	snprintf(function->path, sizeof(function->path), "%s/%s", devices, text);
}

static FILE *open_attribute(const struct sysfs_function *function, const char *name)
{
	char path[ATTRIBUTE_PATH];

	snprintf(path, sizeof(path), "%s/%s", function->path, name);
	return fopen(path, "re");
}

unsigned long sysfs_number(const struct sysfs_function *function, const char *name)
{
	FILE *file = open_attribute(function, name);
	char text[32] = "";

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return strtoul(text, NULL, 0);
}

static bool is_hidden(const struct dirent *entry)
{
	return entry->d_name[0] == '.';
}

bool sysfs_has_any(const struct sysfs_function *function, const char *name)
{
	const struct dirent *entry;
	char path[ATTRIBUTE_PATH];
	DIR *folder;

	snprintf(path, sizeof(path), "%s/%s", function->path, name);
	folder = opendir(path);
	if (!folder)
		return false;
	do
		entry = readdir(folder);
	while (entry && is_hidden(entry));
	closedir(folder);
	return entry != NULL;
}

/* Registers behind the first 64 bytes are for root's eyes. */
void sysfs_read_config(struct sysfs_function *function)
{
	FILE *file = open_attribute(function, "config");

	function->size = file ? (uint32_t)fread(function->config, 1, sizeof(function->config), file)
			      : 0;
	if (file)
		fclose(file);
}

uint32_t sysfs_word(void *context, uint32_t offset)
{
	const struct sysfs_function *function = context;
	uint32_t word = UINT32_MAX;

	if (offset + 4 <= function->size)
		memcpy(&word, &function->config[offset], 4);
	return word;
}

/* A number of a line in "resource". */
static bool take_hex(const char **text, char end, uint64_t *number)
{
	if (strncmp(*text, "0x", strlen("0x")) == 0)
		*text += strlen("0x");
	return hex_take(text, 16, end, number);
}

/* "0xFIRST 0xLAST 0xFLAGS" */
static struct bh_bar parse_bar(const char *line)
{
	uint64_t first, last, flags;
	struct bh_bar bar = { .kind = BH_BAR_NONE };

	if (!take_hex(&line, ' ', &first) || !take_hex(&line, ' ', &last) ||
	    !take_hex(&line, '\0', &flags) || first == 0)
		return bar;
	if ((flags & RESOURCE_PORTS) && (flags & RESOURCE_FIXED))
		return bar;
	if (flags & RESOURCE_PORTS)
		bar.kind = BH_BAR_PORTS;
	else if (flags & RESOURCE_MEMORY)
		bar.kind = BH_BAR_MEMORY;
	else
		return bar;
	bar.at = first;
	bar.size = last - first + 1;
	return bar;
}

void sysfs_bars(const struct sysfs_function *function, struct bh_bar bars[BH_BARS])
{
	FILE *file = open_attribute(function, "resource");
	char line[128];
	int i;

	memset(bars, 0, BH_BARS * sizeof(bars[0]));
	for (i = 0; i < BH_BARS && file && fgets(line, sizeof(line), file); i++) {
		line[strcspn(line, "\n")] = '\0';
		bars[i] = parse_bar(line);
	}
	if (file)
		fclose(file);
}
