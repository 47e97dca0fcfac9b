/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * calls [FILE]: makes the driver's calls, and bh_probe's, with whatever the lines of its input
 * say, and prints for each "errno: words". FILE is read into a buffer of 64 KiB, followed by memory
 * that is not there.
 *
 *   CALL FIELD...         the call's structure, field by field; missing ones are 0. A field is a
 *                         number, `data+N` (an address in the buffer), or `kernel` (one in the
 *                         kernel)
 *   probe LINE            a line for /proc/bh_probe; prints what it answers
 *   poke OFFSET WIDTH VALUE  changes the buffer
 *   restore               makes it the file's again
 *   seal                  corrects the check sum of the configuration in it
 *   pass                  copies it to /proc/bh_probe_data
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bulkhead/ioctl.h>

#define BUFFER_SIZE 65536
#define KERNEL      0xffff888000000000ULL
#define LINE        256

static unsigned char *buffer;
static unsigned char original[BUFFER_SIZE];
static size_t original_size;
static int device;

/* The structures, as widths of their fields in bytes; the refusal follows. */
static const struct call {
	const char *name;
	unsigned long number;
	const char *widths;
} calls[] = {
	{ "enable", BH_IOCTL_ENABLE, "88" },
	{ "disable", BH_IOCTL_DISABLE, "8" },
	{ "read", BH_IOCTL_READ, "4488" },
	{ "last", BH_IOCTL_LAST, "8888" },
	{ "create", BH_IOCTL_CELL_CREATE, "8844" },
	{ "load", BH_IOCTL_CELL_LOAD, "448888" },
	{ "memory", BH_IOCTL_CELL_MEMORY, "44888" },
	{ "start", BH_IOCTL_CELL_START, "44" },
	{ "shutdown", BH_IOCTL_CELL_SHUTDOWN, "448" },
	{ "destroy", BH_IOCTL_CELL_DESTROY, "448" },
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t number_of(const char *text)
{
	if (!text)
		return 0;
	if (strcmp(text, "kernel") == 0)
		return KERNEL;
	if (strncmp(text, "data+", 5) == 0)
		return (uint64_t)(uintptr_t)buffer + strtoull(text + 5, NULL, 0);
	return strtoull(text, NULL, 0);
}

static void answer(int failed, const char *words)
{
	printf("%d: %s\n", failed ? errno : 0, words);
}

static void make_call(const struct call *call)
{
	unsigned char structure[512] = { 0 };
	size_t at = 0;
	size_t i;
	int failed;

	for (i = 0; call->widths[i]; i++) {
		uint64_t value = number_of(strtok(NULL, " "));
		size_t width = (size_t)(call->widths[i] - '0');

		memcpy(structure + at, &value, width);
		at += width;
	}
	failed = ioctl(device, call->number, structure) != 0;
	answer(failed, (const char *)structure + at);
}

static void make_probe(const char *line)
{
	char words[512] = "";
	int probe = open("/proc/bh_probe", O_RDWR);
	int failed;

	if (probe < 0)
		die("/proc/bh_probe");
	failed = write(probe, line, strlen(line)) < 0;
	if (failed || pread(probe, words, sizeof(words) - 1, 0) < 0)
		words[0] = 0;
	words[strcspn(words, "\n")] = 0;
	answer(failed, words);
	close(probe);
}

static void pass(void)
{
	int data = open("/proc/bh_probe_data", O_WRONLY);

	if (data < 0 || write(data, buffer, BUFFER_SIZE) != BUFFER_SIZE)
		die("/proc/bh_probe_data");
	close(data);
}

static uint32_t crc32(const unsigned char *data, size_t size)
{
	uint32_t crc = 0xffffffff;
	size_t i;
	int bit;

	for (i = 0; i < size; i++)
		for (crc ^= data[i], bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	return ~crc;
}

static void seal(void)
{
	struct bh_config_header *header = (struct bh_config_header *)buffer;

	header->crc32 = 0;
	header->crc32 = crc32(buffer, original_size);
}

static void poke(void)
{
	uint64_t at = number_of(strtok(NULL, " "));
	uint64_t width = number_of(strtok(NULL, " "));
	uint64_t value = number_of(strtok(NULL, " "));

	memcpy(buffer + at, &value, width);
}

static void run(char *line)
{
	const char *word = strtok(line, " ");
	size_t i;

	if (!word)
		return;
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, word) == 0)
			make_call(&calls[i]);
	if (strcmp(word, "probe") == 0)
		make_probe(strtok(NULL, ""));
	else if (strcmp(word, "poke") == 0)
		poke();
	else if (strcmp(word, "restore") == 0)
		memcpy(buffer, original, BUFFER_SIZE);
	else if (strcmp(word, "seal") == 0)
		seal();
	else if (strcmp(word, "pass") == 0)
		pass();
}

int main(int argc, char **argv)
{
	char line[LINE];

	buffer = mmap(NULL, BUFFER_SIZE + 4096, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buffer == MAP_FAILED || munmap(buffer + BUFFER_SIZE, 4096) != 0)
		die("memory");
	if (argc > 1) {
		FILE *file = fopen(argv[1], "rb");

		if (!file)
			die(argv[1]);
		original_size = fread(original, 1, BUFFER_SIZE, file);
		fclose(file);
		memcpy(buffer, original, BUFFER_SIZE);
	}
	device = open(BH_DEVICE, O_RDWR);
	if (device < 0)
		die(BH_DEVICE);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		run(line);
	}
	return 0;
}
