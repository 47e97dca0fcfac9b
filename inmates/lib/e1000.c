/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network cards of e1000.h, by what they have in common: legacy descriptors, one ring each way.
 * "8254x" is Intel's PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual
 * (317453), "82574" the data sheet of that card (317694).
 */
#include <inmate/e1000.h>

#include <string.h>

#include <inmate/apic.h>
#include <inmate/cpu.h>
#include <inmate/timer.h>

/* 8254x, table 13-2; 82574, 10.1.5. */
enum e1000_register {
	CTRL = 0x0000,
	STATUS = 0x0008,
	EERD = 0x0014,
	CTRL_EXT = 0x0018,
	ICR = 0x00c0,
	ITR = 0x00c4,
	IMS = 0x00d0,
	IMC = 0x00d8,
	EIAC = 0x00dc,  /* 82574 only: causes that clear themselves when MSI-X tells of them */
	IAM = 0x00e0,   /* 82574 only, as the next two */
	IVAR = 0x00e4,  /* which cause has which entry of the MSI-X table */
	EITR = 0x00e8,
	RCTL = 0x0100,
	TCTL = 0x0400,
	TIPG = 0x0410,
	RDBAL = 0x2800,
	RDBAH = 0x2804,
	RDLEN = 0x2808,
	RDH = 0x2810,
	RDT = 0x2818,
	RDTR = 0x2820,
	RADV = 0x282c,
	TDBAL = 0x3800,
	TDBAH = 0x3804,
	TDLEN = 0x3808,
	TDH = 0x3810,
	TDT = 0x3818,
	RXCSUM = 0x5000,
	RFCTL = 0x5008, /* 82574 only */
	MTA = 0x5200,
	RAL = 0x5400,
	RAH = 0x5404,
	MRQC = 0x5818,  /* 82574 only */
};

#define CTRL_LINK_UP       (1u << 6)
#define CTRL_RESET         (1u << 26)
#define STATUS_LINK_UP     (1u << 1)
#define EERD_START         (1u << 0) /* of the 82540EM; 8254x, 13.4.4 */
#define EERD_DONE          (1u << 4)
#define EERD_WORD          8
#define EERD_DATA          16
#define CTRL_EXT_IAME      (1u << 27) /* 82574, 10.2.2.5 */
#define CAUSE_LINK         (1u << 2)
#define CAUSE_FEW_LEFT     (1u << 4)
#define CAUSE_OVERRUN      (1u << 6)
#define CAUSE_RECEIVED     (1u << 7)
#define CAUSE_QUEUE_0      (1u << 20) /* 82574: the same by MSI-X */
#define CAUSES             (CAUSE_LINK | CAUSE_FEW_LEFT | CAUSE_OVERRUN | CAUSE_RECEIVED)
#define IVAR_QUEUE_0       (1u << 3)  /* valid, entry 0; 82574, 10.2.4.7 */
#define RCTL_ENABLE        (1u << 1)
#define RCTL_BROADCAST     (1u << 15)
#define RCTL_STRIP_CRC     (1u << 26)
#define TCTL_ENABLE        (1u << 1)
#define TCTL_PAD           (1u << 3)
#define TCTL_COLLISIONS    (0x0fu << 4 | 0x40u << 12) /* as 8254x, 13.4.33 recommends */
#define TIPG_COPPER        (10u | 8u << 10 | 6u << 20)  /* 8254x, table 13-77 */
#define RAH_VALID          (1u << 31)
#define MTA_ENTRIES        128u
#define MEMORY_TRIES       100000u
#define RESET_US           1000u /* 8254x, 13.4.1: no access for 1 us; the PHY takes longer */

/* In a descriptor's second half; 8254x, 3.2.3 and 3.3.3. */
#define RECEIVED_SIZE      0xffffu
#define RECEIVED_DONE      (1ULL << 32)
#define RECEIVED_ALL       (1ULL << 33)
#define RECEIVED_ERRORS    (0xffULL << 40)
#define SEND_WHOLE         (1ULL << 24) /* the frame ends here */
#define SEND_CHECKSUM      (1ULL << 25) /* the frame's own: FCS */
#define SEND_REPORT        (1ULL << 27)
#define SEND_DONE          (1ULL << 32)

#define ETHERNET_HEADER    14u

static uint32_t nic_read(const struct e1000 *nic, enum e1000_register reg)
{
	return *(volatile uint32_t *)(nic->registers + reg);
}

static void nic_write(struct e1000 *nic, unsigned int reg, uint32_t value)
{
	*(volatile uint32_t *)(nic->registers + reg) = value;
}

/* A descriptor is shared with the card. */
static uint64_t state_read(const struct e1000_descriptor *descriptor)
{
	return __atomic_load_n(&descriptor->state, __ATOMIC_ACQUIRE);
}

bool e1000_find(pci_function *function)
{
	return pci_find(E1000_VENDOR, E1000_82540EM, function) ||
	       pci_find(E1000_VENDOR, E1000_82574L, function);
}

static bool is_82574(const struct e1000 *nic)
{
	return pci_read16(nic->function, PCI_ID + 2) == E1000_82574L;
}

static void ring_tell(struct e1000 *nic, unsigned int base, const void *ring, uint32_t size)
{
	uint64_t address = pci_dma_address(ring);

	/* The transmitter's registers are the receiver's, at another place. */
	nic_write(nic, base, (uint32_t)address);
	nic_write(nic, base + RDBAH - RDBAL, (uint32_t)(address >> 32));
	nic_write(nic, base + RDLEN - RDBAL, size);
	nic_write(nic, base + RDH - RDBAL, 0);
	nic_write(nic, base + RDT - RDBAL, 0);
}

static void receiver_open(struct e1000 *nic)
{
	unsigned int i;

	for (i = 0; i < E1000_RECEIVERS; i++)
		nic->receive_ring[i] = (struct e1000_descriptor){
			.address = pci_dma_address(nic->receive_buffers[i]),
		};
	ring_tell(nic, RDBAL, nic->receive_ring, sizeof(nic->receive_ring));
	nic->receive_next = 0;
	for (i = 0; i < MTA_ENTRIES; i++)
		nic_write(nic, MTA + 4 * i, 0);
	nic_write(nic, RCTL, RCTL_ENABLE | RCTL_BROADCAST | RCTL_STRIP_CRC);
	/* One stays the program's: head and tail on the same one would be an empty ring. */
	nic_write(nic, RDT, E1000_RECEIVERS - 1);
}

static void transmitter_open(struct e1000 *nic)
{
	unsigned int i;

	for (i = 0; i < E1000_TRANSMITTERS; i++)
		nic->transmit_ring[i] = (struct e1000_descriptor){
			.address = pci_dma_address(nic->transmit_buffers[i]),
			.state = SEND_DONE,
		};
	ring_tell(nic, TDBAL, nic->transmit_ring, sizeof(nic->transmit_ring));
	nic->transmit_next = 0;
	nic_write(nic, TIPG, TIPG_COPPER);
	nic_write(nic, TCTL, TCTL_ENABLE | TCTL_PAD | TCTL_COLLISIONS);
}

static uint32_t memory_read(struct e1000 *nic, uint32_t word)
{
	unsigned int tries;
	uint32_t value = 0;

	nic_write(nic, EERD, word << EERD_WORD | EERD_START);
	for (tries = 0; tries < MEMORY_TRIES && !(value & EERD_DONE); tries++)
		value = nic_read(nic, EERD);
	return value >> EERD_DATA;
}

/* Its own address, which it should have taken from its memory by itself; Bochs's has not. */
static void address_take(struct e1000 *nic)
{
	uint32_t low = nic_read(nic, RAL), high = nic_read(nic, RAH);

	if (!(high & RAH_VALID) && !is_82574(nic)) {
		low = memory_read(nic, 0) | memory_read(nic, 1) << 16;
		high = memory_read(nic, 2);
	}
	memcpy(nic->mac, &low, 4);
	memcpy(nic->mac + 4, &high, 2);
	nic_write(nic, RAL, low);
	nic_write(nic, RAH, high | RAH_VALID);
}

/*
 * What a reset should have made so: interrupts at once, descriptors as above, one queue. QEMU's
 * cards keep what the driver before wanted.
 */
static void defaults_set(struct e1000 *nic)
{
	static const uint16_t all[] = { ITR, RDTR, RADV, RXCSUM };
	static const uint16_t of_82574[] = { EIAC, IAM, IVAR, EITR, RFCTL, MRQC };
	unsigned int i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		nic_write(nic, all[i], 0);
	if (!is_82574(nic))
		return;
	nic_write(nic, CTRL_EXT, nic_read(nic, CTRL_EXT) & ~CTRL_EXT_IAME);
	for (i = 0; i < sizeof(of_82574) / sizeof(of_82574[0]); i++)
		nic_write(nic, of_82574[i], 0);
}

static void reset(struct e1000 *nic)
{
	nic_write(nic, IMC, ~0u);
	nic_write(nic, RCTL, 0);
	nic_write(nic, TCTL, 0);
	nic_write(nic, CTRL, nic_read(nic, CTRL) | CTRL_RESET);
	delay_us(RESET_US);
	nic_write(nic, IMC, ~0u);
	nic_read(nic, ICR);
	defaults_set(nic);
}

static bool interrupt_open(struct e1000 *nic, uint8_t vector)
{
	switch (nic->interrupt) {
	case E1000_POLL:
	case E1000_INTX:
		return true;
	case E1000_MSI:
		return pci_msi_open(nic->function, vector, apic_id());
	case E1000_MSIX:
		if (!pci_msix_open(nic->function))
			return false;
		pci_msix_set(nic->function, 0, vector, apic_id());
		nic_write(nic, IVAR, IVAR_QUEUE_0);
		nic_write(nic, EIAC, CAUSE_QUEUE_0);
		return true;
	}
	return false;
}

static uint32_t causes(const struct e1000 *nic)
{
	if (nic->interrupt == E1000_POLL)
		return 0;
	return nic->interrupt == E1000_MSIX ? CAUSE_QUEUE_0 : CAUSES;
}

bool e1000_open(struct e1000 *nic, pci_function function, enum e1000_interrupt interrupt,
		uint8_t vector)
{
	nic->function = function;
	nic->interrupt = interrupt;
	nic->interrupts = 0;
	nic->registers = pci_bar(function, 0);
	if (!nic->registers)
		return false;
	pci_enable(function);
	reset(nic);
	nic_write(nic, CTRL, nic_read(nic, CTRL) | CTRL_LINK_UP);
	address_take(nic);
	if (!interrupt_open(nic, vector))
		return false;
	receiver_open(nic);
	transmitter_open(nic);
	nic_write(nic, IMS, causes(nic));
	return true;
}

void e1000_close(struct e1000 *nic)
{
	e1000_flush(nic);
	reset(nic);
	if (nic->interrupt == E1000_MSI)
		pci_msi_close(nic->function);
	else if (nic->interrupt == E1000_MSIX)
		pci_msix_close(nic->function);
	pci_disable(nic->function);
}

bool e1000_link_is_up(const struct e1000 *nic)
{
	return nic_read(nic, STATUS) & STATUS_LINK_UP;
}

size_t e1000_receive(struct e1000 *nic, void *frame, size_t room)
{
	for (;;) {
		unsigned int place = nic->receive_next;
		uint64_t state = state_read(&nic->receive_ring[place]);
		size_t size = state & RECEIVED_SIZE;
		/* Longer than a buffer, or damaged: nothing that was ever a frame for us. */
		bool good = state & RECEIVED_ALL && !(state & RECEIVED_ERRORS);

		if (!(state & RECEIVED_DONE))
			return 0;
		if (size > room)
			size = room;
		if (good)
			memcpy(frame, nic->receive_buffers[place], size);
		nic->receive_ring[place].state = 0;
		nic->receive_next = (place + 1) % E1000_RECEIVERS;
		/* Given back before the card is told; stores are seen in order. */
		__asm__ volatile("" : : : "memory");
		nic_write(nic, RDT, place);
		if (good && size)
			return size;
	}
}

static void wait_until_sent(struct e1000 *nic, unsigned int place)
{
	while (!(state_read(&nic->transmit_ring[place]) & SEND_DONE))
		cpu_pause();
}

bool e1000_send(struct e1000 *nic, const void *frame, size_t size)
{
	unsigned int place = nic->transmit_next;

	if (size < ETHERNET_HEADER || size > E1000_FRAME_SIZE)
		return false;
	wait_until_sent(nic, place);
	memcpy(nic->transmit_buffers[place], frame, size);
	nic->transmit_ring[place].state = size | SEND_WHOLE | SEND_CHECKSUM | SEND_REPORT;
	nic->transmit_next = (place + 1) % E1000_TRANSMITTERS;
	__asm__ volatile("" : : : "memory");
	nic_write(nic, TDT, nic->transmit_next);
	return true;
}

void e1000_flush(struct e1000 *nic)
{
	unsigned int i;

	for (i = 0; i < E1000_TRANSMITTERS; i++)
		wait_until_sent(nic, i);
}

/*
 * Reading the causes clears them. By MSI-X they cleared themselves and were masked with it
 * (82574, 7.4.4): what comes from here on is another interrupt.
 */
void e1000_acknowledge(struct e1000 *nic)
{
	nic->interrupts++;
	if (nic->interrupt == E1000_MSIX)
		nic_write(nic, IMS, CAUSE_QUEUE_0);
	else
		nic_read(nic, ICR);
}
