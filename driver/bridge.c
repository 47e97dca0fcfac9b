// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data pages of the bridge: descriptor tables that serve while neither Linux's nor the
 * hypervisor's can be used, and what came in meanwhile. See crossing.S for the rules.
 */
#include "bridge.h"

#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/irq_vectors.h>
#include <asm/segment.h>
#include <asm/trapnr.h>

#include "model/refuse.h"

/* crossing.S */
extern const u8 bridge_text[], bridge_resume[], bridge_leave[];
extern const u8 bridge_nmi[], bridge_machine_check[];
int bridge_enter(struct bh_bridge *page);

#define GATE_PRESENT   0x80
#define GATE_INTERRUPT 0x0e

/* The busy bit in the type of a TSS descriptor (SDM vol. 3, 8.2.3). */
#define TSS_BUSY BIT_ULL(41)

bool bridge_allocate(struct bridge *bridge, struct bh_refusal *refusal)
{
	struct page *pages;

	bridge->order = get_order((unsigned long)bridge->cpu_count * PAGE_SIZE);
	pages = alloc_pages(GFP_KERNEL | __GFP_ZERO, bridge->order);
	if (!pages)
		return refuse(refusal, "Linux has no %lu KiB of contiguous memory for the bridge",
			      (PAGE_SIZE << bridge->order) >> 10);
	bridge->pages = page_address(pages);
	return true;
}

void bridge_free(struct bridge *bridge)
{
	if (bridge->pages)
		free_pages((unsigned long)bridge->pages, bridge->order);
	bridge->pages = NULL;
}

bool bridge_has_units(const struct bridge *bridge)
{
	unsigned int i;

	for (i = 0; i < bridge->cpu_count; i++)
		if (bridge->pages[i].unit_lost)
			return false;
	return true;
}

int bridge_index(const struct bridge *bridge, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < bridge->cpu_count; i++)
		if (bridge->cpus[i] == cpu)
			return i;
	return -1;
}

uint64_t bridge_text_address(void)
{
	return (uint64_t)bridge_text;
}

void bridge_locate(const struct bridge *bridge, struct hvmap_bridge *where)
{
	where->text = bridge_text_address();
	where->text_page = HPA(page_to_phys(vmalloc_to_page(bridge_text)));
	where->data = (uint64_t)bridge->pages;
	where->data_pages = HPA(virt_to_phys(bridge->pages));
}

void bridge_direct(struct bridge *bridge, hpa_t host_tables, uint64_t entry, uint64_t handover)
{
	unsigned int i;

	for (i = 0; i < bridge->cpu_count; i++) {
		struct bh_bridge *page = &bridge->pages[i];

		page->host_cr3 = host_tables.v;
		page->entry = entry;
		page->cpu = i;
		page->handover = handover;
		page->resume = (uint64_t)bridge_resume;
		page->leave = (uint64_t)bridge_leave;
	}
}

/* Linux's selectors have to mean the same in the copy; its TSS must be one that LTR takes. */
static void copy_gdt(struct bh_bridge *page)
{
	struct desc_ptr linux_gdt;
	unsigned int tss;

	native_store_gdt(&linux_gdt);
	store_tr(tss);
	memset(page->gdt, 0, sizeof(page->gdt));
	memcpy(page->gdt, (const void *)linux_gdt.address,
	       min_t(size_t, linux_gdt.size + 1UL, sizeof(page->gdt)));
	page->gdt[tss / sizeof(page->gdt[0])] &= ~TSS_BUSY;
	page->gdtr.base = (uint64_t)page->gdt;
	page->gdtr.limit = sizeof(page->gdt) - 1;
}

/* An interrupt gate without a stack of its own (SDM vol. 3, 6.14.1). */
static void set_gate(struct bh_bridge *page, unsigned int vector, const u8 *handler)
{
	uint64_t address = (uint64_t)handler;

	page->idt[2 * vector] = (address & 0xffff) | (uint64_t)__KERNEL_CS << 16 |
				(uint64_t)(GATE_PRESENT | GATE_INTERRUPT) << 40 |
				(address >> 16 & 0xffff) << 48;
	page->idt[2 * vector + 1] = address >> 32;
}

static void fill_idt(struct bh_bridge *page)
{
	memset(page->idt, 0, sizeof(page->idt));
	set_gate(page, X86_TRAP_NMI, bridge_nmi);
	set_gate(page, X86_TRAP_MC, bridge_machine_check);
	page->idtr.base = (uint64_t)page->idt;
	page->idtr.limit = sizeof(page->idt) - 1;
}

bool bridge_cross(struct bh_bridge *page)
{
	copy_gdt(page);
	fill_idt(page);
	return bridge_enter(page) == 0;
}

/*
 * One NMI for however many came: the processor too keeps but one waiting. The CPU sends it to
 * itself, for Linux's handler relies on the processor to hold back a second one until it has saved
 * the frame of the first, which INT would not do (SDM vol. 3, 6.7.1). Machine checks have no such
 * sender; INT runs Linux's handler on the stack that its gate names, as the event would have.
 */
void bridge_deliver(struct bh_bridge *page)
{
	if (xchg(&page->nmis, 0) != 0)
		apic->send_IPI(smp_processor_id(), NMI_VECTOR);
	if (xchg(&page->checks, 0) != 0)
		asm volatile("int %0" : : "i"(X86_TRAP_MC) : "memory");
}
