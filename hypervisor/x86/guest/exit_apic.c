/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xAPIC writes: decoded, checked against the table of registers, and passed on. The page is mapped
 * read-only, so reads never come here; why it is done so is in Documentation/apic.md.
 */
#include "x86/guest/apic.h"

#include "core/cells.h"
#include "model/apic_policy.h"
#include "model/emulate.h"
#include "vcpu.h"
#include "x86/apic.h"
#include "x86/guest/fault.h"
#include "x86/guest/fetch.h"
#include "x86/guest/guest.h"
#include "x86/guest/memory.h"
#include "x86/guest/skip.h"
#include "x86/icr.h"

static __attribute__((noinline, cold)) bool deny(struct cpu *cpu, uint32_t offset, uint32_t size,
					   uint64_t value)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_APIC,
		.access = BH_ACCESS_WRITE,
		.size = size,
		.place = offset,
		.value = value,
		.has_value = true,
	};

	return fault_raise(cpu, &attempt);
}

static __attribute__((noinline, cold)) bool send(struct cpu *cpu, uint32_t low)
{
	uint32_t destination = apic_read(APIC_ICR_HIGH) >> 24;
	const struct attempt attempt = {
		.kind = BH_FAULT_INTERRUPT, .access = BH_ACCESS_WRITE, .size = 4,
		.place = destination, .value = low, .has_value = true,
	};

	switch (icr_filter(cpu, false, low, destination)) {
	case ICR_WRITE:
		apic_write(APIC_ICR_LOW, low & ~ICR_BUSY);
		return true;
	case ICR_DONE:
		return true;
	default:
		return fault_raise(cpu, &attempt);
	}
}

/* The destination is read only where it matters: that takes long. */
static inline bool icr_goes_out(const struct cpu *cpu, uint32_t low)
{
	const struct icr_filter *filter = &cpu->cell->icr;

	if (filter->alone)
		return icr_stays_inside(filter, false, low, 0);
	return icr_stays_inside(filter, false, low, apic_read(APIC_ICR_HIGH) >> 24);
}

/*
 * Whom logical interrupts reach. A cell's own are sent to its CPUs one by one, so its ids need not
 * be in the processor: there they would catch what root's devices send to logical ids.
 */
static __attribute__((noinline, cold)) void write_logical(struct cpu *cpu, uint32_t offset,
							  uint32_t value)
{
	if (cpu->cell == &root_cell) {
		apic_write(offset, value);
		apic_look(cpu);
	} else {
		apic_set_logical(cpu, offset, value);
	}
	cells_update_interrupts();
}

/* Its delivery mode may reach past the cell. */
static __attribute__((noinline, cold)) bool write_local(struct cpu *cpu, uint32_t offset,
							uint32_t value)
{
	if (cpu->cell != &root_cell && !apic_local_is_own(offset, value))
		return deny(cpu, offset, sizeof(value), value);
	apic_write(offset, value);
	return true;
}

/* True if the guest goes on. */
static inline __attribute__((always_inline)) bool
write_register(struct cpu *cpu, uint32_t offset, uint32_t size, uint64_t value)
{
	enum apic_action action = size == 4 ? apic_write_action(offset) : APIC_DENY;

	switch (action) {
	case APIC_PASS:
		apic_write(offset, (uint32_t)value);
		return true;
	case APIC_SEND:
		if (!icr_goes_out(cpu, (uint32_t)value))
			return send(cpu, (uint32_t)value);
		apic_write(offset, (uint32_t)value & ~ICR_BUSY);
		return true;
	case APIC_LOGICAL:
		write_logical(cpu, offset, (uint32_t)value);
		return true;
	case APIC_LOCAL:
		return write_local(cpu, offset, (uint32_t)value);
	default:
		return deny(cpu, offset, size, value);
	}
}

static uint64_t value_of(struct cpu *cpu, const struct decoded *d)
{
	if (d->operand == DECODE_OPERAND_IMMEDIATE)
		return (uint64_t)d->immediate;
	if (d->reg == GPR_RSP)
		return vcpu_rsp(cpu);
	return cpu->gprs[d->reg];
}

/* Anything but a plain 32-bit move: reads the register, computes, writes. */
static __attribute__((noinline, cold)) void write_by_emulation(struct cpu *cpu, uint32_t offset,
							 const struct decoded *d)
{
	uint64_t rflags = vcpu_rflags(cpu);
	uint32_t loaded = d->access & DECODE_READ ? apic_read(offset & ~15u) : 0;
	uint64_t stored = 0;
	bool complete;

	cpu->gprs[GPR_RSP] = vcpu_rsp(cpu);
	if (emulate_is_empty(d, cpu->gprs)) {
		vcpu_skip_bytes(cpu, d->length);
		return;
	}
	complete = emulate_insn(d, cpu->gprs, &rflags, loaded, &stored);
	if (!write_register(cpu, offset, d->op == DECODE_MOVS ? 0 : d->size, stored))
		return;
	vcpu_set_rsp(cpu, cpu->gprs[GPR_RSP]);
	vcpu_set_rflags(cpu, rflags);
	if (complete)
		vcpu_skip_bytes(cpu, d->length);
}

/* Any instruction; the bytes are those of fetch_open(). */
static __attribute__((noinline)) void write_decoded(struct cpu *cpu, uint32_t offset,
						    const uint8_t *bytes)
{
	struct decoded decoded;

	if (!guest_decode_exit(cpu, bytes, &decoded)) {
		guest_apic_undecoded(cpu, offset);
		return;
	}
	if (decoded.op != DECODE_MOV) {
		write_by_emulation(cpu, offset, &decoded);
		return;
	}
	if (write_register(cpu, offset, decoded.size, value_of(cpu, &decoded)))
		vcpu_skip_bytes(cpu, decoded.length);
}

/*
 * How Linux writes: MOV [r64 + displacement of 32 bits], r32 without prefixes and SIB byte; opcode
 * 89, ModRM, displacement (SDM vol. 2A, table 2-2). The first byte is the lower one of the head.
 */
#define PLAIN_STORE_LENGTH 6

static inline bool is_plain_store(uint32_t head)
{
	return (head & 0xc0ff) == 0x8089 && (head & 0x0700) != 0x0400;
}

void exit_apic_write(struct cpu *cpu, uint32_t offset)
{
	const uint8_t *bytes;
	uint32_t head, reg;

	if (__builtin_expect(cpu->apic_page != APIC_PAGE_REAL, 0)) {
		guest_apic_shadow(cpu, offset);
		return;
	}
	bytes = fetch_open(cpu);
	head = bytes ? bytes[0] | (uint32_t)bytes[1] << 8 : 0;
	reg = head >> 11 & 7;
	if (!is_plain_store(head)) {
		write_decoded(cpu, offset, bytes);
	} else if (offset == APIC_EOI) {
		/* Most of what is ever written; the value means nothing. */
		fetch_close(cpu);
		apic_write(APIC_EOI, 0);
		vcpu_skip_bytes(cpu, PLAIN_STORE_LENGTH);
	} else if (reg == GPR_RSP) {
		/* Which is not in its slot. */
		write_decoded(cpu, offset, bytes);
	} else {
		fetch_close(cpu);
		if (write_register(cpu, offset, sizeof(uint32_t), cpu->gprs[reg]))
			vcpu_skip_bytes(cpu, PLAIN_STORE_LENGTH);
	}
}
