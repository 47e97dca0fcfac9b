/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * I/O instructions on ports that are not the cell's: reads give all ones, writes are dropped. Those
 * of configuration space are pci_ports.c's.
 */
#include "core/cell.h"
#include "core/string.h"
#include "model/bits.h"
#include "model/emulate.h"
#include "vcpu.h"
#include "x86/guest/exits.h"
#include "x86/guest/fault.h"
#include "x86/guest/memory.h"
#include "x86/guest/served.h"
#include "x86/guest/skip.h"
#include "x86/window.h"

/* A register as a counter or index of that width; 32-bit writes clear the upper half. */
static void set_counter(uint64_t *gpr, uint64_t value, uint64_t mask)
{
	*gpr = mask == 0xffff ? (*gpr & ~mask) | (value & mask) : value & mask;
}

/*
 * All ones to memory, as the device that is not there would have given; false if it cannot be
 * stored.
 */
static bool store_ones(struct cpu *cpu, uint64_t qualification, uint32_t size)
{
	struct walk_state state;
	struct walk_result result;
	uint64_t at = vcpu_port_linear(cpu, qualification);
	uint32_t i;

	guest_walk_state(cpu, &state);
	for (i = 0; i < size; i++) {
		uint8_t *byte = guest_pointer(cpu, &state, GLA(at + i), WALK_WRITE, &result);

		if (!byte) {
			window_close(cpu);
			if (result.status == WALK_FAULT) {
				vcpu_set_cr2(cpu, at + i);
				vcpu_inject_code(cpu, VECTOR_PF, result.error_code);
			} else {
				vcpu_inject_code(cpu, VECTOR_GP, 0);
			}
			return false;
		}
		*byte = 0xff;
		window_close(cpu);
	}
	return true;
}

/* One element; a repeated instruction comes back for the next, so no exit takes long (I5). */
static __attribute__((noinline, cold)) void do_string(struct cpu *cpu, uint64_t qualification)
{
	uint32_t size = PORT_BYTES(qualification);
	uint64_t mask = vcpu_port_address_mask(cpu, qualification);
	uint64_t *index = &cpu->gprs[PORT_IS_IN(qualification) ? GPR_RDI : GPR_RSI];
	uint64_t *count = &cpu->gprs[GPR_RCX];
	uint64_t step = vcpu_rflags(cpu) & (1 << 10) ? -(uint64_t)size : size;
	bool done = true;

	if (!PORT_REP(qualification) || (*count & mask) != 0) {
		if (PORT_IS_IN(qualification) && !store_ones(cpu, qualification, size))
			return;
		set_counter(index, *index + step, mask);
		if (PORT_REP(qualification)) {
			set_counter(count, *count - 1, mask);
			done = (*count & mask) == 0;
		}
	}
	if (done)
		vcpu_skip(cpu);
}

static __attribute__((noinline, cold)) bool raise(struct cpu *cpu, uint64_t qualification)
{
	bool in = PORT_IS_IN(qualification);
	uint32_t size = PORT_BYTES(qualification);
	const struct attempt attempt = {
		.kind = BH_FAULT_PORT,
		.access = in ? BH_ACCESS_READ : BH_ACCESS_WRITE,
		.size = size,
		.place = PORT_NUMBER(qualification),
		.value = cpu->gprs[GPR_RAX] & bytes_mask(size),
		.has_value = !in && !PORT_STRING(qualification),
	};

	return fault_raise(cpu, &attempt);
}

void exit_port(struct cpu *cpu)
{
	uint64_t qualification = vcpu_qualification(cpu);

	if (PORT_NUMBER(qualification) - PCI_PORT_ADDRESS <= PCI_PORT_LAST - PCI_PORT_ADDRESS &&
	    guest_pci_port(cpu, qualification))
		return;
	if (!fault_is_known(cpu, BH_FAULT_PORT, PORT_NUMBER(qualification)) &&
	    !raise(cpu, qualification))
		return;
	if (PORT_STRING(qualification)) {
		do_string(cpu, qualification);
		return;
	}
	if (PORT_IS_IN(qualification)) {
		uint64_t ones = bytes_mask(PORT_BYTES(qualification));

		/* A 32-bit result clears the upper half, smaller ones leave the rest alone. */
		cpu->gprs[GPR_RAX] = ones == 0xffffffff ? ones : cpu->gprs[GPR_RAX] | ones;
	}
	vcpu_skip(cpu);
}
