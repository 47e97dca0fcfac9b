/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every I/O port, in all widths, the one that asks for a system-management interrupt among them;
 * and string I/O whose ports or whose memory are half ours.
 */
#include "attack.h"

#include "machine.h"

#define PORTS      0x10000u
#define SMI_PORT   0xb2u
#define STRING     64u
#define HOLE       0x00500000u /* behind our RAM */

static bool is_mine(uint32_t port, uint32_t width)
{
	return port + width > OWN_PORT_FIRST && port <= OWN_PORT_LAST;
}

static void try_port(uint32_t port, uint32_t width)
{
	uint32_t ones = width == 4 ? ~0u : (1u << 8 * width) - 1;

	attack_expect(port_read(port, width) == ones, "port that is not ours answers", port);
	port_write(port, width, port == SMI_PORT ? port : 0);
	attack_tried();
}

void attack_ports(void)
{
	uint32_t port, width;

	for (width = 1; width <= 4; width *= 2)
		for (port = 0; port < PORTS; port++)
			/* Behind the last port a wide access wraps or is cut: both are tried. */
			if (!is_mine(port, width))
				try_port(port, width);
	/* Across both ends of what is ours: refused as a whole. */
	for (port = OWN_PORT_FIRST - 3; port < OWN_PORT_FIRST; port++)
		try_port(port, 4);
	for (port = OWN_PORT_LAST - 2; port <= OWN_PORT_LAST; port++)
		try_port(port, 4);
}

static void string_in(uint64_t port, uint64_t to, uint64_t count)
{
	__asm__ volatile("rep insb" : "+D"(to), "+c"(count) : "d"(port) : "memory");
}

static void string_out(uint64_t port, uint64_t from, uint64_t count)
{
	__asm__ volatile("rep outsb" : "+S"(from), "+c"(count) : "d"(port) : "memory");
}

static const uint64_t string_places[] = {
	OWN_RAM_END - STRING / 2,        /* half in RAM, half in the hole behind it */
	OWN_READ_ONLY,
	OWN_READ_ONLY + 0x10000 - STRING / 2,
	HOLE - STRING / 2,
	OWN_SHARED + 4096 - STRING / 2,
	OWN_DEVICE - STRING / 2,
	0xfffffff0,
	0x38000000,                      /* the hypervisor's own memory */
};

/* With the first, the memory alone is at fault; with the others the port comes first. */
static const uint64_t string_ports[] = { OWN_PORT_FIRST + 7, SMI_PORT, 0x2f8 };

static void try_string_in(uint64_t number)
{
	string_in(string_ports[number % 8], string_places[number / 8], STRING);
}

static void try_string_out(uint64_t number)
{
	string_out(string_ports[number % 8], string_places[number / 8], STRING);
}

static void try_string(attempt what, uint64_t number)
{
	if (!attack_next())
		return;
	trap_try(what, number);
	attack_tried();
}

/* Some of it is answered, some raises an exception, some ends the cell. */
void attack_strings(void)
{
	uint64_t place, port;

	for (place = 0; place < sizeof(string_places) / sizeof(string_places[0]); place++) {
		for (port = 0; port < sizeof(string_ports) / sizeof(string_ports[0]); port++) {
			try_string(try_string_in, place * 8 + port);
			try_string(try_string_out, place * 8 + port);
		}
	}
}
