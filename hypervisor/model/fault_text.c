/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words for fault records, shared by the hypervisor's log and the tool. The kinds are a table: what
 * a place means and how it is best shown.
 */
#include "model/fault_text.h"

#include "model/decode.h"
#include "model/iommu_reason.h"
#include "model/text.h"

static const struct {
	const char *name;  /* one word, for listings and counters */
	const char *words; /* takes the place */
} kinds[BH_FAULT_KINDS] = {
	[BH_FAULT_NONE] = {"none", "nothing at 0x%llx"},
	[BH_FAULT_MEMORY] = {"memory", "address 0x%llx, which is not its own"},
	[BH_FAULT_MISCONFIG] = {"misconfig", "address 0x%llx, where the map is broken"},
	[BH_FAULT_PORT] = {"port", "port 0x%llx, which is not its own"},
	[BH_FAULT_MSR] = {"msr", "MSR 0x%llx, which no policy allows"},
	[BH_FAULT_INSTRUCTION] = {"instruction",
				  "an instruction that no cell may use (exit reason %llu)"},
	[BH_FAULT_CONTROL] = {"control",
			      "a control register bit that is not its own (register 0x%llx)"},
	[BH_FAULT_INTERRUPT] = {"interrupt",
				"an interrupt to APIC id 0x%llx, which is not its own"},
	[BH_FAULT_APIC] = {"apic", "APIC register 0x%llx in a way that is not allowed"},
	[BH_FAULT_TRIPLE] = {"triple", "a triple fault at 0x%llx"},
	[BH_FAULT_DELIVERY] = {"delivery", "address 0x%llx while an event was delivered"},
	[BH_FAULT_HYPERCALL] = {"hypercall", "hypercall %llu in a way that is not allowed"},
	[BH_FAULT_EXIT] = {"exit", "something that nobody expects (exit reason %llu)"},
	[BH_FAULT_PCI] = {"pci", "register 0x%llx"},
	[BH_FAULT_PIN] = {"pin", "interrupt %llu in a way that is not allowed"},
	[BH_FAULT_DMA] = {"dma", "address 0x%llx by DMA, which it may not"},
	[BH_FAULT_CHECK] = {"machine_check", "a machine check of bank %llu"},
};

/* What was tried. A delivery may also be stopped by an exception, which accesses nothing. */
static const char *words_of(const struct bh_fault *fault)
{
	if (fault->kind == BH_FAULT_DELIVERY && !fault->access)
		return "an exception at 0x%llx while an event was delivered";
	if (fault->kind == BH_FAULT_CHECK && fault->place == BH_CHECK_NO_BANK)
		return "a machine check that no bank tells of";
	return kinds[fault->kind < BH_FAULT_KINDS ? fault->kind : BH_FAULT_NONE].words;
}

const char *fault_kind_name(uint32_t kind)
{
	return kind < BH_FAULT_KINDS ? kinds[kind].name : "unknown";
}

static const char *access_word(uint32_t access)
{
	if (access & BH_ACCESS_EXECUTE)
		return "execute";
	if (access & BH_ACCESS_WRITE)
		return access & BH_ACCESS_READ ? "read and write" : "write";
	return access & BH_ACCESS_READ ? "read" : "do";
}

/* Appends at *used, which never runs past size. */
static void append(char *text, size_t size, size_t *used, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void append(char *text, size_t size, size_t *used, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*used += text_vformat(text + *used, size - *used, format, arguments);
	va_end(arguments);
	if (*used >= size)
		*used = size - 1;
}

/* "register 0x4 of 0000:00:03.0" */
static void append_register(const struct bh_fault *fault, char *text, size_t size, size_t *used)
{
	uint32_t function = (uint32_t)(fault->place >> 16);
	uint32_t offset = (uint32_t)(fault->place & 0xffff);

	append(text, size, used, "%s 0x%x of PCI function %04x:%02x:%02x.%u",
	       offset & BH_PCI_IN_MSIX ? "byte" : "register", offset & ~BH_PCI_IN_MSIX,
	       BH_PCI_DOMAIN(function), BH_PCI_BUS(function), BH_PCI_DEVICE(function),
	       BH_PCI_FUNCTION(function));
	if (offset & BH_PCI_IN_MSIX)
		append(text, size, used, "'s MSI-X table");
}

static void append_instruction(const struct bh_fault *fault, char *text, size_t size, size_t *used)
{
	enum decode_mode mode = fault->mode == 64   ? DECODE_64
				: fault->mode == 32 ? DECODE_32
						    : DECODE_16;
	char mnemonic[DECODE_TEXT_MAX];
	struct decoded decoded;
	bool is_known = decode_insn(fault->bytes, fault->byte_count, mode, &decoded);
	unsigned int count = is_known ? decoded.length : fault->byte_count;
	unsigned int i;

	append(text, size, used, ", by");
	for (i = 0; i < count; i++)
		append(text, size, used, " %02x", fault->bytes[i]);
	if (!is_known)
		return;
	decode_mnemonic(&decoded, mnemonic, sizeof(mnemonic));
	append(text, size, used, " (%s)", mnemonic);
}

void fault_device_text(const struct bh_fault *fault, char *text, size_t size)
{
	unsigned int device = (unsigned int)fault->qualification;

	text_format(text, size, "%04x:%02x:%02x.%x", device >> 16, device >> 8 & 0xff,
		    device >> 3 & 0x1f, device & 7);
}

/* " (VT-d reason 0x5: nothing there that it may write)" */
static void append_reason(const struct bh_fault *fault, char *text, size_t size, size_t *used)
{
	const char *kind = iommu_kind_name(fault->backend);
	const char *words = iommu_reason_words(fault->backend, fault->exit_reason);

	append(text, size, used, " (%s%sreason 0x%x", kind ? kind : "", kind ? " " : "",
	       fault->exit_reason);
	if (words)
		append(text, size, used, ": %s", words);
	append(text, size, used, ")");
}

/* No CPU has to do with it. */
static void dma_text(const struct bh_fault *fault, char *text, size_t size)
{
	char device[FAULT_DEVICE_MAX];
	size_t used = 0;

	fault_device_text(fault, device, sizeof(device));
	append(text, size, &used, "device %s tried to ", device);
	if (fault->access) {
		append(text, size, &used, "%s ", access_word(fault->access));
		append(text, size, &used, words_of(fault), (unsigned long long)fault->place);
	} else {
		append(text, size, &used, "interrupt a CPU");
	}
	append_reason(fault, text, size, &used);
	if (fault->flags & BH_FAULT_STOPPED)
		append(text, size, &used, "; stopped");
}

void fault_text(const struct bh_fault *fault, char *text, size_t size)
{
	size_t used = 0;

	if (fault->kind == BH_FAULT_DMA) {
		dma_text(fault, text, size);
		return;
	}
	append(text, size, &used, "CPU %u ", fault->cpu);
	if (fault->kind == BH_FAULT_CHECK)
		append(text, size, &used, "had ");
	else
		append(text, size, &used, "tried to %s ", access_word(fault->access));
	if (fault->kind == BH_FAULT_PCI)
		append_register(fault, text, size, &used);
	else
		append(text, size, &used, words_of(fault), (unsigned long long)fault->place);
	if (fault->size)
		append(text, size, &used, ", %u byte%s", fault->size, fault->size == 1 ? "" : "s");
	if (fault->flags & BH_FAULT_HAS_VALUE)
		append(text, size, &used, ", value 0x%llx", (unsigned long long)fault->value);
	append(text, size, &used, ", at rip 0x%llx", (unsigned long long)fault->rip);
	if (fault->byte_count)
		append_instruction(fault, text, size, &used);
	if (fault->flags & BH_FAULT_STOPPED)
		append(text, size, &used, "; stopped");
}
