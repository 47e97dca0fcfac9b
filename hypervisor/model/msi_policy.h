/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Message-signalled interrupts (SDM vol. 3A, 10.11): whom a message that a function is to send
 * reaches, and what may be written into an MSI-X table (PCI 3.0, 6.8.2). Without an IOMMU this is
 * all that keeps a device's interrupts in its cell.
 *
 * A message that is switched off or masked may be anything, since it is not sent: it is looked at
 * as a whole when it comes into force, and at each change while it is. So the registers of the
 * function are the only copy.
 */
#ifndef MODEL_MSI_POLICY_H
#define MODEL_MSI_POLICY_H

#include "model/apic_policy.h"
#include "model/msi_message.h"

/* Why a message may not be sent; MSI_OK if it may. */
enum msi_verdict {
	MSI_OK = 0,
	MSI_NOT_APIC,     /* the address is not 0xfeexxxxx: a write to memory */
	MSI_REMAPPABLE,   /* the format for interrupt remapping, which is the hypervisor's */
	MSI_MODE,         /* SMI, NMI, INIT, ExtINT or reserved */
	MSI_VECTOR,       /* below 16: illegal */
	MSI_DESTINATION,  /* a CPU that is not the cell's */
};

/*
 * `messages` is how many the function may make of it by changing low bits of the vector: 1 to 32.
 */
enum msi_verdict msi_judge(const struct icr_filter *filter, const struct msi_message *message,
			   uint32_t messages);

/* An entry of an MSI-X table: four words. */
#define MSIX_ENTRY_SIZE   16u
#define MSIX_WORD_CONTROL 3u
#define MSIX_MASKED       1u

struct msix_entry {
	uint32_t word[4]; /* address, its upper half, data, control */
};

/*
 * May that go into one word of an entry, which now holds what `entry` says? On anything but MSI_OK
 * the write is dropped: what was in force remains so.
 */
enum msi_verdict msix_judge_write(const struct icr_filter *filter, const struct msix_entry *entry,
				  uint32_t word, uint32_t value);

#endif
