/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A network card of the program's own: answers every frame to its sender, with the addresses
 * swapped, until the number that it was told of is reached or it is asked to end. The words:
 *
 *	poll, intx, msi, msix    how it learns of frames (poll, if nothing is said)
 *	count=N                  frames to answer
 *	every=N                  prints a line after each N
 *	pin=N                    the I/O APIC's pin of its line, for intx; else what firmware says
 *	mmconfig=ADDRESS         configuration space is there and not behind ports
 *	dma=ADDRESS              where the memory at 0 is in the machine, if no IOMMU knows it
 *	xapic                    leaves the local APIC out of x2APIC mode
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/e1000.h>
#include <inmate/interrupt.h>
#include <inmate/ioapic.h>
#include <inmate/timer.h>
#include <inmate/words.h>

#define VECTOR      0x50
#define EVERY       1000u
#define LINK_TRIES  5000u /* of a millisecond: both ends agree on a speed first */

static struct e1000 nic;
static uint8_t frame[E1000_FRAME_SIZE];
static uint64_t answered, bytes;

static const char *const names[] = {
	[E1000_POLL] = "poll", [E1000_INTX] = "intx", [E1000_MSI] = "msi", [E1000_MSIX] = "msix",
};

static enum e1000_interrupt interrupt_wanted(char **argv)
{
	enum e1000_interrupt i;

	for (i = E1000_MSIX; i > E1000_POLL; i--)
		if (words_have(argv, names[i]))
			return i;
	return E1000_POLL;
}

static void interrupted(struct interrupt_frame *interrupt_frame)
{
	(void)interrupt_frame;
	e1000_acknowledge(&nic);
}

static bool line_open(char **argv)
{
	unsigned int pin = (unsigned int)words_number(
		argv, "pin", pci_read8(nic.function, PCI_INTERRUPT_LINE));

	if (ioapic_route(pin, VECTOR, apic_id(), ioapic_trigger_of_pci(pin)))
		return true;
	printf("Pin %u of the I/O APIC is not ours.\n", pin);
	return false;
}

static bool nic_open(char **argv)
{
	enum e1000_interrupt interrupt = interrupt_wanted(argv);
	pci_function function;
	unsigned int i;

	pci_use_mmconfig(words_number(argv, "mmconfig", 0));
	pci_dma_offset(words_number(argv, "dma", 0));
	if (!e1000_find(&function)) {
		printf("There is no network card that this program knows.\n");
		return false;
	}
	interrupt_handle(VECTOR, interrupted);
	if (!e1000_open(&nic, function, interrupt, VECTOR)) {
		printf("The card at %02x:%02x.%x cannot do %s.\n", PCI_BUS(function),
		       PCI_DEVICE(function), PCI_NUMBER(function), names[interrupt]);
		return false;
	}
	if (interrupt == E1000_INTX && !line_open(argv))
		return false;
	for (i = 0; i < LINK_TRIES && !e1000_link_is_up(&nic); i++)
		delay_us(1000);
	printf("Card %04x at %02x:%02x.%x, %02x:%02x:%02x:%02x:%02x:%02x, link %s, %s: echoing.\n",
	       pci_read16(function, PCI_ID + 2), PCI_BUS(function), PCI_DEVICE(function),
	       PCI_NUMBER(function), nic.mac[0], nic.mac[1], nic.mac[2], nic.mac[3], nic.mac[4],
	       nic.mac[5], e1000_link_is_up(&nic) ? "up" : "down", names[interrupt]);
	return true;
}

/* A frame for everybody had no address of ours: the answer has. */
static void answer(size_t size)
{
	memcpy(frame, frame + E1000_MAC_SIZE, E1000_MAC_SIZE);
	memcpy(frame + E1000_MAC_SIZE, nic.mac, E1000_MAC_SIZE);
	if (!e1000_send(&nic, frame, size))
		return;
	answered++;
	bytes += size;
	cell_heartbeat();
}

static void print(void)
{
	printf("%" PRIu64 " frames, %" PRIu64 " bytes, %" PRIu64 " interrupts\n", answered, bytes,
	       nic.interrupts);
}

/* Interrupts are off but in cpu_wait(): what comes after the last look ends the wait. */
static void echo(uint64_t count, uint64_t every)
{
	size_t size;

	while (answered < count && !cell_shutdown_asked()) {
		size = e1000_receive(&nic, frame, sizeof(frame));
		if (size) {
			answer(size);
			if (answered % every == 0 && answered < count)
				print();
		} else if (nic.interrupt == E1000_POLL) {
			cpu_pause();
		} else {
			cpu_wait();
		}
	}
}

int main(int argc, char **argv)
{
	uint64_t every = words_number(argv, "every", EVERY);

	(void)argc;
	apic_open(!words_have(argv, "xapic"));
	interrupts_off();
	if (!nic_open(argv))
		return 1;
	echo(words_number(argv, "count", UINT64_MAX), every ? every : EVERY);
	interrupts_take(); /* of frames that came without a wait for them */
	e1000_close(&nic);
	print();
	cell_shutdown_accept();
	return interrupts_unexpected() ? 1 : 0;
}
