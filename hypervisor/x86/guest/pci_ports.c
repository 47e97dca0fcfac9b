/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration space by ports (PCI 3.0, 3.2.2.3.2). The address port is a register of the cell,
 * in which nothing is chosen but what its next access is about.
 */
#include "core/cell.h"
#include "core/pci_functions.h"
#include "model/bits.h"
#include "vcpu.h"
#include "x86/guest/fault.h"
#include "x86/guest/served.h"
#include "x86/guest/skip.h"
#include "x86/port.h"

/* What an IN leaves in RAX: 32 bits clear the upper half, fewer leave the rest alone. */
static void answer(struct cpu *cpu, uint32_t size, uint32_t value)
{
	uint64_t mask = size == 4 ? UINT64_MAX : bytes_mask(size);

	cpu->gprs[GPR_RAX] = (cpu->gprs[GPR_RAX] & ~mask) | value;
}

static void access_address(struct cpu *cpu, bool in)
{
	uint32_t *address = &cpu->cell->pci_address;

	if (in)
		answer(cpu, sizeof(*address), __atomic_load_n(address, __ATOMIC_RELAXED));
	else
		__atomic_store_n(address, (uint32_t)cpu->gprs[GPR_RAX], __ATOMIC_RELAXED);
}

/* False if it was a fault that has stopped the cell. */
static bool access_data(struct cpu *cpu, uint32_t port, uint32_t size, bool in)
{
	uint32_t address = __atomic_load_n(&cpu->cell->pci_address, __ATOMIC_RELAXED);
	uint32_t ones = (uint32_t)bytes_mask(size);
	uint32_t value = (uint32_t)cpu->gprs[GPR_RAX] & ones;
	struct attempt attempt = {
		.kind = BH_FAULT_PCI, .access = BH_ACCESS_WRITE, .size = size, .value = value,
		.has_value = true,
	};
	struct pci_register reg;
	bool found = pci_register_by_port(&reg, address, port, size);

	if (in) {
		answer(cpu, size, found ? pci_read(cpu->cell, &reg, size) : ones);
		return true;
	}
	if (!found || pci_write(cpu->cell, &reg, size, value))
		return true;
	attempt.place = BH_PCI_PLACE(reg.function, reg.offset);
	return fault_raise(cpu, &attempt);
}

static bool has_reset_control(const struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->port_count; i++)
		if (cell->ports[i].first <= PCI_PORT_RESET && cell->ports[i].last >= PCI_PORT_RESET)
			return true;
	return false;
}

/* It lies among the ports of configuration space, and resets the machine: root's if it has it. */
static void access_reset(struct cpu *cpu, bool in)
{
	if (in)
		answer(cpu, 1, port_read8(PCI_PORT_RESET));
	else
		port_write8(PCI_PORT_RESET, (uint8_t)cpu->gprs[GPR_RAX]);
}

bool guest_pci_port(struct cpu *cpu, uint64_t qualification)
{
	uint32_t port = PORT_NUMBER(qualification);
	uint32_t size = PORT_BYTES(qualification);
	bool in = PORT_IS_IN(qualification);

	if (PORT_STRING(qualification) || !cpu->cell->has_pci)
		return false;
	if (port == PCI_PORT_ADDRESS && size == 4)
		access_address(cpu, in);
	else if (port == PCI_PORT_RESET && size == 1 && has_reset_control(cpu->cell))
		access_reset(cpu, in);
	else if (port < PCI_PORT_DATA || port + size > PCI_PORT_LAST + 1)
		return false;
	else if (!access_data(cpu, port, size, in))
		return true;
	vcpu_skip(cpu);
	return true;
}
