/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the attackers share: the list of what can be tried, how a try that ends in an exception is
 * survived, and windows to any physical address. Each attack_*.c tries one sort of thing.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The attacker's own walls, as configs/boards/bochs/attacker.conf gives them: what
 * lies outside of these must read as all ones.
 */
#define OWN_RAM_END    0x00400000u
#define OWN_READ_ONLY  0x00800000u /* 64 KiB, RAM that may be read only */
#define OWN_SHARED     0x00a00000u /* 4 KiB, the neighbour's to write, ours to read */
#define OWN_NO_EXECUTE 0x00c00000u /* 64 KiB, RAM without execution */
#define OWN_NO_EXECUTE_SIZE 0x10000u
#define OWN_KEPT       0x01000000u /* 64 KiB, RAM of cells with devices, but not for these */
#define OWN_KEPT_SIZE  0x10000u
#define OWN_DEVICE     0xfed40010u /* 16 bytes of a device, less than a page */
#define OWN_DEVICE_SIZE 16u
#define OWN_COMM       0x80000000u
#define OWN_APIC       0xfee00000u
#define OWN_PORT_FIRST 0x2e8u
#define OWN_PORT_LAST  0x2efu
#define OWN_APIC_ID    3u

/* The processor's answer to a try that raised no exception. */
#define NO_EXCEPTION (-1)

enum vector {
	VECTOR_DE = 0,
	VECTOR_DB = 1,
	VECTOR_NMI = 2,
	VECTOR_BP = 3,
	VECTOR_UD = 6,
	VECTOR_NM = 7,
	VECTOR_DF = 8,
	VECTOR_SS = 12,
	VECTOR_GP = 13,
	VECTOR_PF = 14,
	VECTOR_MC = 18,
	VECTOR_FIRST_INTERRUPT = 32,
	VECTORS = 256,
};

/* One thing to try. The number is the caller's. */
typedef void (*attempt)(uint64_t number);

struct last_words {
	const char *name;
	void (*run)(void); /* need not come back: the cell may be stopped for it */
};

extern const struct last_words last_words[];
extern const size_t last_words_count;

/* attack.c: counting, for whoever looks on from outside. */
void attack_tried(void);
void attack_publish(uint64_t round);
bool attack_next(void);
void attack_expect(bool good, const char *what, uint64_t number);

/* attack_trap.c, attack_entry.S */
void trap_open(void);
int trap_try(attempt what, uint64_t number); /* the exception's vector, or NO_EXCEPTION */
extern volatile uint64_t trap_interrupts;
extern volatile uint64_t trap_nmis;
extern bool trap_x2apic;

/* Segments and tables that trap_open() makes; an attack may use or break them. */
#define SELECTOR_CODE      0x08
#define SELECTOR_DATA      0x10
#define SELECTOR_USER_DATA 0x1b
#define SELECTOR_USER_CODE 0x23
#define SELECTOR_CODE_32   0x28
#define SELECTOR_TSS       0x30
struct table_register {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));
uint64_t *trap_exception_frame(void); /* what the processor pushes first ends there */
void trap_restore(void); /* GDT, IDT, TSS, control registers as they were made */

/* attack_window.c: tables of our own; the first 4 GiB are mapped as they are. */
#define USER_ALIAS 0x10000000000ULL /* the first GiB again, for user level */
void window_open(void);
volatile void *window_at(uint64_t physical); /* any address; the window before this one is gone */
volatile uint32_t *window_apic(uint32_t offset); /* a register, wherever else it is mapped */
void window_hide_apic(void);                 /* at its own address nothing is mapped any more */
uint64_t *window_entry(void);                /* the page directory entry of the window */
uint64_t window_physical_end(void);          /* beyond the processor's width */

/* attack_code.c: instructions as bytes, and the registers with which they run. */
#define CODE_ROOM 32u
struct code_registers {
	uint64_t rax, rcx, rdx, rbx, rbp, rsi, rdi;
};
extern struct code_registers code_registers;
int code_try(const void *bytes, size_t size); /* as trap_try() */
uint64_t code_address(void);

static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/*
 * config_space.c: PCI configuration space as it is, by ports or, with the word mmconfig=ADDRESS, by
 * memory. A function is its bus, device and number in 8, 5 and 3 bits; widths are 1, 2, 4.
 */
enum config_way { BY_PORTS, BY_MEMORY };
bool config_has_memory(void);
uint64_t config_place(uint32_t function, uint32_t reg); /* by memory */
uint32_t config_read(enum config_way way, uint32_t function, uint32_t reg, uint32_t width);
void config_write(enum config_way way, uint32_t function, uint32_t reg, uint32_t width,
		  uint32_t value);
bool config_find(uint32_t id, uint32_t *function); /* device above vendor */
uint32_t config_capability(uint32_t function, uint32_t id);
uint64_t config_bar(uint32_t function, uint32_t number);
#define CONFIG_COMMAND  0x04u
#define CONFIG_MEMORY   0x2u
#define CONFIG_MASTER   0x4u
#define CONFIG_FUNCTIONS 0x100u /* of a bus */
#define CONFIG_NONE     0xffffffffu
#define EDU_ID          0x11e81234u

/* attack_pci_own.c: what a cell may change of its own functions, and that nothing else changes. */
void own_keep(enum config_way way, uint32_t function, uint32_t end);
void own_expect(enum config_way way, uint32_t function, uint32_t reg, uint32_t width);
void own_try_odd(enum config_way way, uint32_t function, uint32_t end);
void own_end(enum config_way way, uint32_t function, uint32_t end);

void attack_dma(void);
void attack_msi(void);
void attack_listen(void);
void attack_silence(void);
void attack_noise(void);
void attack_ioapic(void);
void attack_hpet(void);
void attack_pci(void);
void attack_memory(void);
void attack_memory_far(void);
void attack_ports(void);
void attack_strings(void);
void attack_msrs(void);
void attack_instructions(void);
void attack_control(void);
void attack_events(void);
void attack_interrupts(void);
void attack_interrupts_x2apic(void);
void attack_tables(void);
void attack_borders(void);
void attack_fuzz(uint64_t seed, uint64_t first, uint64_t rounds);

#endif
