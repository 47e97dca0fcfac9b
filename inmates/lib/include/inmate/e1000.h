/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intel's gigabit network cards of two families: 82540EM (PCI, interrupts by INTx) and 82574L (PCI
 * Express, by INTx, MSI or MSI-X). Whole Ethernet frames go in and out, without their checksum.
 * One CPU at a time; e1000_acknowledge() alone is for the interrupt's handler.
 */
#ifndef INMATE_E1000_H
#define INMATE_E1000_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <inmate/pci.h>

#define E1000_VENDOR       0x8086u
#define E1000_82540EM      0x100eu
#define E1000_82574L       0x10d3u

#define E1000_MAC_SIZE     6u
#define E1000_FRAME_SIZE   1514u /* the longest that is sent */
#define E1000_BUFFER_SIZE  2048u
#define E1000_RECEIVERS    32u
#define E1000_TRANSMITTERS 32u

enum e1000_interrupt {
	E1000_POLL, /* none */
	E1000_INTX, /* the pin is routed by the program */
	E1000_MSI,
	E1000_MSIX,
};

/* A descriptor: 16 bytes that mean different things when sent and when received. */
struct e1000_descriptor {
	uint64_t address;
	uint64_t state;
};

/* The card reads and writes what is in here: it lies where a device can reach it. */
struct e1000 {
	struct e1000_descriptor receive_ring[E1000_RECEIVERS] __attribute__((aligned(128)));
	struct e1000_descriptor transmit_ring[E1000_TRANSMITTERS] __attribute__((aligned(128)));
	uint8_t receive_buffers[E1000_RECEIVERS][E1000_BUFFER_SIZE];
	uint8_t transmit_buffers[E1000_TRANSMITTERS][E1000_BUFFER_SIZE];
	pci_function function;
	uint64_t registers;
	enum e1000_interrupt interrupt;
	uint8_t mac[E1000_MAC_SIZE];
	unsigned int receive_next, transmit_next;
	volatile uint64_t interrupts;
};

/* Finds one of the cards. */
bool e1000_find(pci_function *function);

/*
 * Resets the card and lets it receive what is for it and for everybody. It interrupts in the way
 * given, by this vector of the calling CPU, once for what has come since the last one was
 * acknowledged. false: it has no registers, or cannot interrupt that way.
 */
bool e1000_open(struct e1000 *nic, pci_function function, enum e1000_interrupt interrupt,
		uint8_t vector);
void e1000_close(struct e1000 *nic);

bool e1000_link_is_up(const struct e1000 *nic);

/* The frame's size, 0: none has come. What does not fit into the room is cut off. */
size_t e1000_receive(struct e1000 *nic, void *frame, size_t room);

/* Waits for a free place in the ring only; false: the size is not one of a frame. */
bool e1000_send(struct e1000 *nic, const void *frame, size_t size);

/* Waits until all that was sent has left. */
void e1000_flush(struct e1000 *nic);

/* To be called in the interrupt. */
void e1000_acknowledge(struct e1000 *nic);

#endif
