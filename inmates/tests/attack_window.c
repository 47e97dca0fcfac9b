/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables of an attacker: the first 4 GiB as they are, the first GiB once more for user level,
 * and one window of 2 MiB that is moved to any other physical address. The window lies behind
 * USER_ALIAS, so a try may spoil its entry and nothing else. Behind that window the APIC is there a
 * second time, out of the reach of what hits addresses by chance.
 */
#include "attack.h"

#include "machine.h"

#define ENTRIES      512u
#define LARGE_SIZE   0x200000ULL
#define GIB          0x40000000ULL
#define PRESENT      0x3u  /* and writable */
#define USER         0x4u
#define LARGE        0x80u
#define DIRECTORIES  4u    /* of a GiB each */
#define ALIAS_SLOT   2u    /* of the topmost table: USER_ALIAS */
#define WINDOW       (USER_ALIAS + GIB)
#define APIC_WINDOW  (WINDOW + LARGE_SIZE)

#define TABLE __attribute__((aligned(4096)))
static uint64_t top[ENTRIES] TABLE;
static uint64_t pointers[ENTRIES] TABLE;
static uint64_t directories[DIRECTORIES][ENTRIES] TABLE;
static uint64_t alias_pointers[ENTRIES] TABLE;
static uint64_t alias_directory[ENTRIES] TABLE;
static uint64_t window_directory[ENTRIES] TABLE;

static uint64_t table(const void *place, uint64_t more)
{
	return (uint64_t)place | PRESENT | more;
}

void window_open(void)
{
	uint64_t i;

	for (i = 0; i < DIRECTORIES * ENTRIES; i++)
		directories[i / ENTRIES][i % ENTRIES] = i * LARGE_SIZE | LARGE | PRESENT;
	for (i = 0; i < ENTRIES; i++)
		alias_directory[i] = i * LARGE_SIZE | LARGE | PRESENT | USER;
	for (i = 0; i < DIRECTORIES; i++)
		pointers[i] = table(directories[i], 0);
	alias_pointers[0] = table(alias_directory, USER);
	alias_pointers[1] = table(window_directory, 0);
	window_directory[1] = (OWN_APIC & -LARGE_SIZE) | LARGE | PRESENT;
	top[0] = table(pointers, 0);
	top[ALIAS_SLOT] = table(alias_pointers, USER);
	cr3_write((uint64_t)top);
}

volatile void *window_at(uint64_t physical)
{
	volatile uint8_t *base = (volatile uint8_t *)WINDOW;

	window_directory[0] = (physical & -LARGE_SIZE) | LARGE | PRESENT;
	page_forget(base);
	return base + physical % LARGE_SIZE;
}

volatile uint32_t *window_apic(uint32_t offset)
{
	return (volatile uint32_t *)(APIC_WINDOW + OWN_APIC % LARGE_SIZE + offset);
}

void window_hide_apic(void)
{
	directories[OWN_APIC / GIB][OWN_APIC % GIB / LARGE_SIZE] = 0;
	cr3_write((uint64_t)top);
}

uint64_t *window_entry(void)
{
	return window_directory;
}

uint64_t window_physical_end(void)
{
	uint32_t eax = 0x80000008, ebx, ecx = 0, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return 1ULL << (eax & 0xff);
}
