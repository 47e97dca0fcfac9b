/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU's educational PCI device, as its specification describes it (docs/specs/edu in QEMU's tree):
 * it lives, computes factorials, copies memory by DMA and interrupts, by MSI or by INTx. Says "ok"
 * or "not ok" to each and ends with the number of those that were not. The words:
 *
 *	intx               by its line instead of by MSI
 *	pin=N              the I/O APIC's pin of the line; else what firmware says
 *	mmconfig=ADDRESS   configuration space is there and not behind ports
 *	dma=ADDRESS        where the memory at 0 is in the machine, if no IOMMU knows it
 */
#include <stdio.h>
#include <string.h>

#include <inmate/apic.h>
#include <inmate/cpu.h>
#include <inmate/interrupt.h>
#include <inmate/ioapic.h>
#include <inmate/pci.h>
#include <inmate/timer.h>
#include <inmate/words.h>

#define EDU_VENDOR      0x1234u
#define EDU_DEVICE      0x11e8u
#define VECTOR          0x51

enum edu_register {
	EDU_ID = 0x00,        /* 0xRRrr00ed */
	EDU_LIVENESS = 0x04,  /* reads as the inverse of what was written */
	EDU_FACTORIAL = 0x08,
	EDU_STATUS = 0x20,
	EDU_CAUSE = 0x24,
	EDU_RAISE = 0x60,
	EDU_ACKNOWLEDGE = 0x64,
	EDU_DMA_FROM = 0x80,  /* these four are of 64 bits */
	EDU_DMA_TO = 0x88,
	EDU_DMA_SIZE = 0x90,
	EDU_DMA_COMMAND = 0x98,
};

#define STATUS_COMPUTING  0x01u
#define STATUS_INTERRUPT  0x80u /* when the factorial is ready */
#define CAUSE_FACTORIAL   0x001u
#define CAUSE_DMA         0x100u
#define CAUSE_OURS        0x040u /* any number may be raised */
#define COMMAND_RUN       1u
#define COMMAND_TO_MEMORY 2u
#define COMMAND_INTERRUPT 4u
#define BUFFER            0x40000u /* in the device, for DMA alone */
#define BUFFER_SIZE       2048u /* it has 4096, but not every QEMU lets go up to the last one */
#define LONGEST_MS        5000u

static uint64_t registers;
static volatile uint32_t causes; /* of all interrupts so far */
static volatile unsigned int interrupts;
static int broken;
static uint8_t source[BUFFER_SIZE] __attribute__((aligned(4096)));
static uint8_t target[BUFFER_SIZE] __attribute__((aligned(4096)));

static void check(bool good, const char *name)
{
	printf("%s %s\n", good ? "ok" : "not ok", name);
	broken += !good;
}

static uint32_t edu_read(enum edu_register reg)
{
	return *(volatile uint32_t *)(registers + reg);
}

static void edu_write(enum edu_register reg, uint32_t value)
{
	*(volatile uint32_t *)(registers + reg) = value;
}

static void edu_write64(enum edu_register reg, uint64_t value)
{
	*(volatile uint64_t *)(registers + reg) = value;
}

/* Until all causes are taken back the line stays as it is; by MSI nothing would follow. */
static void interrupted(struct interrupt_frame *frame)
{
	uint32_t cause = edu_read(EDU_CAUSE);

	(void)frame;
	causes |= cause;
	interrupts++;
	edu_write(EDU_ACKNOWLEDGE, cause);
}

/* Sleeps until it has come, or for so long that it never will. */
static bool wait_for(uint32_t cause)
{
	uint64_t end = tsc_read() + tsc_hz() / 1000 * LONGEST_MS;
	bool came;

	interrupts_on();
	while (!(causes & cause) && tsc_read() < end)
		cpu_pause();
	interrupts_off();
	came = causes & cause;
	causes = 0;
	return came;
}

static void check_life(void)
{
	check((edu_read(EDU_ID) & 0xffff) == 0x00ed, "it is the device");
	edu_write(EDU_LIVENESS, 0x12345678);
	check(edu_read(EDU_LIVENESS) == ~0x12345678u, "it is alive");
}

static void check_interrupt(void)
{
	unsigned int before = interrupts;

	edu_write(EDU_RAISE, CAUSE_OURS);
	check(wait_for(CAUSE_OURS) && interrupts == before + 1, "an interrupt comes, once");
}

static void check_factorial(void)
{
	edu_write(EDU_STATUS, STATUS_INTERRUPT);
	edu_write(EDU_FACTORIAL, 10);
	check(wait_for(CAUSE_FACTORIAL), "it interrupts when it is ready");
	check(!(edu_read(EDU_STATUS) & STATUS_COMPUTING), "and is not busy then");
	check(edu_read(EDU_FACTORIAL) == 3628800, "10! is 3628800");
	edu_write(EDU_STATUS, 0);
}

static bool copy(uint64_t from, uint64_t to, uint32_t command)
{
	edu_write64(EDU_DMA_FROM, from);
	edu_write64(EDU_DMA_TO, to);
	edu_write64(EDU_DMA_SIZE, BUFFER_SIZE);
	edu_write64(EDU_DMA_COMMAND, command | COMMAND_RUN | COMMAND_INTERRUPT);
	return wait_for(CAUSE_DMA);
}

static void check_dma(void)
{
	unsigned int i;

	for (i = 0; i < BUFFER_SIZE; i++)
		source[i] = (uint8_t)(i * 7 + 3);
	memset(target, 0, sizeof(target));
	check(copy(pci_dma_address(source), BUFFER, 0), "it reads memory");
	check(copy(BUFFER, pci_dma_address(target), COMMAND_TO_MEMORY), "it writes memory");
	__asm__ volatile("" : : : "memory");
	check(!memcmp(source, target, sizeof(source)), "what went through it is the same");
}

static bool interrupt_open(pci_function function, char **argv)
{
	unsigned int pin;

	interrupt_handle(VECTOR, interrupted);
	if (!words_have(argv, "intx"))
		return pci_msi_open(function, VECTOR, apic_id());
	pin = (unsigned int)words_number(argv, "pin", pci_read8(function, PCI_INTERRUPT_LINE));
	return ioapic_route(pin, VECTOR, apic_id(), ioapic_trigger_of_pci(pin));
}

int main(int argc, char **argv)
{
	pci_function function;

	(void)argc;
	pci_use_mmconfig(words_number(argv, "mmconfig", 0));
	pci_dma_offset(words_number(argv, "dma", 0));
	if (!pci_find(EDU_VENDOR, EDU_DEVICE, &function)) {
		printf("There is no such device.\n");
		return 255;
	}
	apic_open(true);
	interrupts_off();
	pci_enable(function);
	registers = pci_bar(function, 0);
	check(interrupt_open(function, argv), "its interrupt is set up");
	check_life();
	check_interrupt();
	check_factorial();
	check_dma();
	pci_msi_close(function);
	pci_disable(function);
	check(!interrupts_unexpected(), "nothing else interrupts");
	return broken;
}
