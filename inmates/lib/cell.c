/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the program was started as: a cell, with a communication page and hypercalls, or a bare
 * machine's kernel, with what a multiboot loader tells.
 */
#include <inmate/cell.h>

#include <string.h>

#include <bulkhead/call.h>

#include <inmate/cpu.h>

#include "internal.h"

#define MULTIBOOT_MAGIC       0x2badb002u
#define MULTIBOOT_HAS_MEMORY  (1u << 0)
#define MULTIBOOT_HAS_COMMAND (1u << 2)
#define MIB                   0x100000u
#define PIC_MASK_FIRST        0x21
#define PIC_MASK_SECOND       0xa1
#define PIC_MASK_ALL          0xff

/* What a multiboot loader leaves; only as far as it is needed here. */
struct multiboot {
	uint32_t flags;
	uint32_t lower_kib, upper_kib;
	uint32_t boot_device;
	uint32_t command_line;
};

extern uint8_t inmate_ram_size[];

static bool is_cell, is_vmmcall;
static volatile struct bh_comm *comm;
static uint64_t memory_end;
static char command_line[256];

/*
 * The command line is copied, since the loader may have left it where the heap will be. The
 * firmware's interrupts would come with the numbers of exceptions.
 */
static void bare_open(const struct multiboot *info)
{
	port_out8(PIC_MASK_FIRST, PIC_MASK_ALL);
	port_out8(PIC_MASK_SECOND, PIC_MASK_ALL);
	if (info->flags & MULTIBOOT_HAS_MEMORY && memory_end > MIB + info->upper_kib * 1024ULL)
		memory_end = MIB + info->upper_kib * 1024ULL;
	if (info->flags & MULTIBOOT_HAS_COMMAND)
		strlcpy(command_line, (const char *)(uint64_t)info->command_line,
			sizeof(command_line));
}

void cell_open(uint32_t magic, uint32_t info)
{
	is_cell = magic == BH_BOOT_MAGIC;
	memory_end = (uint64_t)inmate_ram_size;
	if (is_cell && info)
		comm = (volatile struct bh_comm *)(uint64_t)info;
	else if (magic == MULTIBOOT_MAGIC)
		bare_open((const struct multiboot *)(uint64_t)info);
	if (is_cell)
		is_vmmcall = bh_call_is_vmmcall(comm);
}

uint64_t cell_memory_end(void)
{
	return memory_end;
}

bool cell_is_cell(void)
{
	return is_cell;
}

volatile struct bh_comm *cell_comm(void)
{
	return comm;
}

/* A loader puts the program's own name first. */
const char *cell_arguments(void)
{
	const char *rest = strchr(command_line, ' ');

	if (is_cell)
		return (const char *)CELL_ARGUMENTS_AT;
	return rest ? rest + 1 : "";
}

int64_t cell_call(enum bh_hypercall number, uint64_t a, uint64_t b, uint64_t c)
{
	return is_cell ? bh_call(is_vmmcall, number, a, b, c) : -1;
}

void cell_message(uint32_t number)
{
	if (comm)
		comm->message = number;
}

void cell_heartbeat(void)
{
	if (comm)
		comm->heartbeats++;
}

bool cell_shutdown_asked(void)
{
	return comm && comm->command == BH_COMM_SHUTDOWN && comm->reply == BH_COMM_NO_REPLY;
}

void cell_shutdown_accept(void)
{
	if (comm)
		comm->reply = BH_COMM_ACCEPTED;
}

void cell_shutdown_refuse(void)
{
	if (comm)
		comm->reply = BH_COMM_REFUSED;
}
