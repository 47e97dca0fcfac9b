/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * I/O instructions on ports that are not the cell's: reads give all ones, writes are dropped. SDM
 * vol. 3C, table 27-5.
 */
#include "core/cell.h"
#include "core/string.h"
#include "model/emulate.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/fault.h"
#include "x86/vmx/guest_memory.h"
#include "x86/vmx/vmx.h"
#include "x86/window.h"

#define PORT_BYTES(q)  (uint32_t)(((q) & 7) + 1)
#define PORT_IS_IN(q)  ((q) >> 3 & 1)
#define PORT_STRING(q) ((q) >> 4 & 1)
#define PORT_REP(q)    ((q) >> 5 & 1)
#define PORT_NUMBER(q) ((q) >> 16 & 0xffff)

/* The address size of INS and OUTS: VM-exit instruction information, bits 9:7 (table 27-9). */
static uint64_t address_mask(void)
{
	static const uint64_t masks[] = { 0xffff, 0xffffffff, ~0ULL, ~0ULL };

	return masks[vmcs_read(VMCS_INSTRUCTION_INFO) >> 7 & 3];
}

/* A register as a counter or index of that width; 32-bit writes clear the upper half. */
static void set_counter(uint64_t *gpr, uint64_t value, uint64_t mask)
{
	*gpr = mask == 0xffff ? (*gpr & ~mask) | (value & mask) : value & mask;
}

/*
 * All ones to memory, as the device that is not there would have given; false if it cannot be
 * stored.
 */
static bool store_ones(struct cpu *cpu, uint32_t size)
{
	struct walk_state state;
	struct walk_result result;
	uint64_t at = vmcs_read(VMCS_GUEST_LINEAR);
	uint32_t i;

	guest_walk_state(&state);
	for (i = 0; i < size; i++) {
		uint8_t *byte = guest_pointer(cpu, &state, GLA(at + i), WALK_WRITE, &result);

		if (!byte) {
			window_close(cpu);
			if (result.status == WALK_FAULT) {
				cr2_write(at + i);
				vmx_inject_exception_code(VECTOR_PF, result.error_code);
			} else {
				vmx_inject_exception_code(VECTOR_GP, 0);
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
	uint64_t mask = address_mask();
	uint64_t *index = &cpu->gprs[PORT_IS_IN(qualification) ? GPR_RDI : GPR_RSI];
	uint64_t *count = &cpu->gprs[GPR_RCX];
	uint64_t step = vmcs_read(VMCS_GUEST_RFLAGS) & (1 << 10) ? -(uint64_t)size : size;
	bool done = true;

	if (!PORT_REP(qualification) || (*count & mask) != 0) {
		if (PORT_IS_IN(qualification) && !store_ones(cpu, size))
			return;
		set_counter(index, *index + step, mask);
		if (PORT_REP(qualification)) {
			set_counter(count, *count - 1, mask);
			done = (*count & mask) == 0;
		}
	}
	if (done)
		vmx_skip();
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
		.value = cpu->gprs[GPR_RAX] & ((1ULL << 8 * size) - 1),
		.has_value = !in && !PORT_STRING(qualification),
	};

	return fault_raise(cpu, &attempt);
}

void exit_port(struct cpu *cpu)
{
	uint64_t qualification = vmcs_read(VMCS_QUALIFICATION);

	if (!fault_is_known(cpu, BH_FAULT_PORT, PORT_NUMBER(qualification)) &&
	    !raise(cpu, qualification))
		return;
	if (PORT_STRING(qualification)) {
		do_string(cpu, qualification);
		return;
	}
	if (PORT_IS_IN(qualification)) {
		uint64_t ones = (1ULL << 8 * PORT_BYTES(qualification)) - 1;

		/* A 32-bit result clears the upper half, smaller ones leave the rest alone. */
		cpu->gprs[GPR_RAX] = ones == 0xffffffff ? ones : cpu->gprs[GPR_RAX] | ones;
	}
	vmx_skip();
}
