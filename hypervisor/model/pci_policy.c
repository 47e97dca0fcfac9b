/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tables say of one write. A word of 32 bits is put together from the rules of its four
 * bytes: which bits may be written, which are dropped without a word, which are cleared by 1. What
 * needs more than that (base addresses, decoding, power state, messages) looks at the whole word
 * as it would be.
 */
#include "model/pci_policy.h"

#include "model/bits.h"
#include "model/msi_layout.h"

#define MSI_CONTROL_BITS ((PCI_MSI_ENABLE | PCI_MSI_MESSAGES) << 16)
#define POWER_STATE      0x3u
#define POWER_D3HOT      0x3u
#define POWER_KEEPS      0x8u /* No_Soft_Reset: D3hot to D0 keeps the registers (PM 1.2, 3.2.4) */
#define ROM_ADDRESS      0xfffff800u

/* A word, and what may be done to it. */
struct word {
	const struct pci_function *function;
	const struct pci_reader *reader;
	const struct pci_capability *capability; /* null in the header, and between them */
	uint32_t offset;
	uint32_t current;
	uint32_t pass;   /* bits that may be written */
	uint32_t quiet;  /* bits that are dropped without a word */
	uint32_t clears; /* bits that are cleared by 1 */
	enum pci_action special;
};

static uint32_t read_word(const struct pci_reader *reader, uint32_t offset)
{
	return reader->read(reader->context, offset);
}

static const struct pci_rules *find_rules(const struct pci_rules_list *lists, uint32_t id,
					  uint8_t header)
{
	size_t i;

	for (i = 0; i < lists->count; i++)
		if (lists->list[i].id == id && (lists->list[i].header == header ||
						lists->list[i].header == PCI_ANY_HEADER))
			return &lists->list[i];
	return NULL;
}

static const struct pci_capability *capability_at(const struct pci_function *function,
						  uint32_t offset)
{
	uint32_t i;

	for (i = 0; i < function->capabilities.count; i++) {
		const struct pci_capability *capability = &function->capabilities.list[i];

		if (offset - capability->offset < capability->size)
			return capability;
	}
	return NULL;
}

static uint32_t class_of(const struct pci_function *function)
{
	return function->own[PCI_CLASS / 4] >> 16;
}

static const struct pci_rules *chipset_rules(const struct pci_function *function)
{
	return find_rules(&pci_policy_chipset, class_of(function), function->header);
}

/* What is in a capability without rules is as if it were in none. */
static const struct pci_rules *find_rules_of_word(struct word *word)
{
	const struct pci_function *function = word->function;
	const struct pci_capability *capability = NULL;
	const struct pci_rules *rules = NULL;

	if (word->offset >= function->capabilities.space)
		return &pci_policy_beyond;
	if (word->offset < 4 * PCI_HEADER_WORDS)
		rules = find_rules(&pci_policy_headers, 0, function->header);
	else
		capability = capability_at(function, word->offset);
	if (capability)
		rules = find_rules(capability->is_extended ? &pci_policy_extended :
							     &pci_policy_capabilities,
				   capability->id, function->header);
	word->capability = rules ? capability : NULL;
	if (!rules)
		rules = chipset_rules(function);
	return rules ? rules : find_rules(&pci_policy_others, 0, function->header);
}

/*
 * What no rule names. Where a capability of the first list ends it does not say: what follows it in
 * a function of the chipset is not root's.
 */
static enum pci_action rest_of(const struct word *word, const struct pci_rules *rules,
			       enum pci_who who)
{
	if (who == PCI_OF_CELL)
		return rules->rest_of_cell;
	if (word->capability && !word->capability->is_extended && chipset_rules(word->function))
		return PCI_DENY;
	return rules->rest_of_root;
}

/* What a rule says of one byte of the word. */
static void add_byte(struct word *word, uint32_t byte, enum pci_action action, uint32_t bits)
{
	uint32_t all = 0xffu << 8 * byte;

	switch (action) {
	case PCI_ALLOW:
		word->pass |= all;
		break;
	case PCI_QUIET:
		word->quiet |= all;
		word->pass |= bits << 8 * byte;
		break;
	case PCI_IGNORE:
		word->quiet |= all;
		break;
	case PCI_POWER:
		word->special = action;
		word->quiet |= all;
		word->pass |= bits << 8 * byte;
		break;
	case PCI_BITS:
		word->pass |= bits << 8 * byte;
		break;
	case PCI_BASE:
	case PCI_MESSAGE:
	case PCI_OWN:
		word->special = action;
		break;
	case PCI_DENY:
		break;
	}
}

static void open_byte(struct word *word, const struct pci_rules *rules, uint32_t byte,
		      enum pci_who who)
{
	uint32_t at = word->offset + byte - (word->capability ? word->capability->offset : 0);
	uint32_t i;

	for (i = 0; i < rules->count; i++) {
		const struct pci_rule *rule = &rules->rules[i];
		uint32_t shift = 8 * (at - rule->first);

		if (at < rule->first || at > rule->last)
			continue;
		add_byte(word, byte, who == PCI_OF_ROOT ? rule->root : rule->cell,
			 shift < 32 ? rule->bits >> shift & 0xff : 0);
		if (shift < 32)
			word->clears |= (rule->clears >> shift & 0xff) << 8 * byte;
		return;
	}
	add_byte(word, byte, rest_of(word, rules, who), 0);
}

/* Bits of a word of the capability that may be written at all. */
static uint32_t msi_bits(uint32_t control, uint32_t at)
{
	uint32_t word = msi_word_at(control, at);

	if (at == 0)
		return MSI_CONTROL_BITS;
	if (word < MSI_WORDS)
		return word == MSI_WORDS - 1 ? 0xffff : UINT32_MAX;
	return at == msi_masks_offset(control) ? UINT32_MAX : 0;
}

static uint32_t msi_control(const struct word *word)
{
	return read_word(word->reader, word->capability->offset) >> 16;
}

/* What the four bytes have in common: behind the end of the capability it is what it is there. */
static void open_message(struct word *word, const struct pci_rules *rules, enum pci_who who)
{
	uint32_t control = msi_control(word);
	uint32_t at = word->offset - word->capability->offset;
	enum pci_action rest = rest_of(word, rules, who);

	if (at < msi_size(control)) {
		word->pass = msi_bits(control, at);
		word->quiet = UINT32_MAX;
		return;
	}
	word->special = PCI_DENY;
	word->pass = rest == PCI_ALLOW ? UINT32_MAX : 0;
}

static void open_word(struct word *word, uint32_t offset, enum pci_who who)
{
	const struct pci_rules *rules;
	uint32_t byte;

	word->offset = offset & ~3u;
	word->current = read_word(word->reader, word->offset);
	rules = find_rules_of_word(word);
	for (byte = 0; byte < 4; byte++)
		open_byte(word, rules, byte, who);
	if (word->special == PCI_MESSAGE)
		open_message(word, rules, who);
}

/* The number of a base address by its place in the header; PCI_BASES if it is none. */
static uint32_t base_index(const struct pci_function *function, uint32_t offset)
{
	uint32_t bases = function->header == PCI_HEADER_BRIDGE ? 2 : BH_BARS;
	uint32_t rom = function->header == PCI_HEADER_BRIDGE ? PCI_BRIDGE_ROM : PCI_ROM;

	if (offset == rom)
		return PCI_BASE_ROM;
	if (offset < PCI_BAR0 || offset >= PCI_BAR0 + 4 * bases)
		return PCI_BASES;
	return (offset - PCI_BAR0) / 4;
}

static bool is_upper_half(const struct pci_function *function, uint32_t index)
{
	const uint32_t *bars = &function->own[PCI_BAR0 / 4];
	bool is_upper = false;
	uint32_t i;

	for (i = 0; i < index; i++)
		is_upper = !is_upper && !(bars[i] & PCI_BAR_PORTS) &&
			   (bars[i] & PCI_BAR_WIDTH) == PCI_BAR_64;
	return is_upper;
}

/* The bits of a base address that hold the address. */
static uint32_t address_bits(const struct pci_function *function, uint32_t index)
{
	if (index == PCI_BASE_ROM)
		return ROM_ADDRESS;
	if (is_upper_half(function, index))
		return UINT32_MAX;
	return function->own[PCI_BAR0 / 4 + index] & PCI_BAR_PORTS ? ~0x3u : ~0xfu;
}

static uint32_t base_offset(const struct pci_function *function, uint32_t index)
{
	if (index == PCI_BASE_ROM)
		return function->header == PCI_HEADER_BRIDGE ? PCI_BRIDGE_ROM : PCI_ROM;
	return PCI_BAR0 + 4 * index;
}

static bool is_decoding(const struct pci_reader *reader)
{
	return read_word(reader, PCI_COMMAND) & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
}

/*
 * Hardware loses its base addresses in a reset, and has ones in them while it is asked for sizes:
 * it must not decode then. A function of another header type has none that are known.
 */
static bool bases_are_own(const struct pci_function *function, const struct pci_reader *reader)
{
	uint32_t i;

	if (function->header > PCI_HEADER_BRIDGE)
		return true;
	for (i = 0; i < PCI_BASES; i++) {
		uint32_t offset = base_offset(function, i);

		if (base_index(function, offset) != i)
			continue;
		if ((read_word(reader, offset) ^ function->own[offset / 4]) &
		    address_bits(function, i))
			return false;
	}
	return true;
}

/* Writing ones asks for the size: hardware only if nobody else knows it. */
static void ask_size(struct pci_function *function, const struct word *word, uint32_t index,
		     struct pci_verdict *verdict)
{
	uint8_t bit = (uint8_t)(1u << index);

	if (function->has_size & bit) {
		function->sizing |= bit;
		return;
	}
	if (is_decoding(word->reader)) {
		verdict->is_denied = true;
		return;
	}
	function->sizing |= bit;
	verdict->carry_out = true;
	verdict->value = address_bits(function, index);
}

static struct pci_verdict write_base(struct pci_function *function, enum pci_who who,
				     const struct word *word, uint32_t wanted)
{
	uint32_t index = base_index(function, word->offset);
	uint32_t own = function->own[word->offset / 4];
	uint32_t bits = address_bits(function, index);
	struct pci_verdict verdict = { .value = own };
	bool is_rom = index == PCI_BASE_ROM;

	if (is_rom && who == PCI_OF_CELL && function->header == PCI_HEADER_ENDPOINT)
		return verdict;
	if (((wanted ^ own) & bits) == 0) {
		function->sizing &= (uint8_t)~(1u << index);
		if (is_rom)
			verdict.value = (own & bits) | (wanted & PCI_ROM_ENABLE);
		verdict.carry_out = word->current != verdict.value;
	} else if ((wanted & bits) == bits) {
		ask_size(function, word, index, &verdict);
	} else {
		verdict.is_denied = true;
	}
	return verdict;
}

/* Only the value that the header had: written if hardware lost it. */
static struct pci_verdict write_own(const struct word *word, uint32_t wanted, uint32_t mask)
{
	uint32_t own = word->function->own[word->offset / 4];
	uint32_t fixed = ~word->pass & ~word->clears;
	struct pci_verdict verdict = {
		.is_denied = ((wanted ^ own) & mask & fixed & ~word->quiet) != 0,
		.value = (own & fixed) | (wanted & word->pass),
	};

	verdict.carry_out = !verdict.is_denied;
	return verdict;
}

/* The function's registers as they will be with a word written. */
struct after_write {
	const struct word *word;
	uint32_t value;
};

static uint32_t read_after(void *context, uint32_t offset)
{
	const struct after_write *after = context;

	return offset == after->word->offset ? after->value :
					       read_word(after->word->reader, offset);
}

static struct msi_message read_message(const struct word *word, uint32_t control, uint32_t value)
{
	struct after_write after = { .word = word, .value = value };
	const struct pci_reader reader = { .read = read_after, .context = &after };

	return msi_message_read(&reader, word->capability->offset, control);
}

/*
 * A message in force must stay inside the cell. Of how many are allotted, as many as there is room
 * for in the vectors are left.
 */
static void judge_message(const struct word *word, const struct icr_filter *filter,
			  struct pci_verdict *verdict)
{
	uint32_t control = msi_control(word);
	struct msi_message message;
	uint32_t count;

	if (word->offset == word->capability->offset)
		control = verdict->value >> 16;
	count = (control & PCI_MSI_MESSAGES) >> 4;
	if (count > (control & PCI_MSI_CAPABLE) >> 1)
		count = (control & PCI_MSI_CAPABLE) >> 1;
	if (count > 5)
		count = 5;
	if (control & PCI_MSI_ENABLE) {
		message = read_message(word, control, verdict->value);
		verdict->message = msi_judge(filter, &message, 1u << count);
		while (verdict->message == MSI_VECTOR && count > 0 &&
		       word->offset == word->capability->offset)
			verdict->message = msi_judge(filter, &message, 1u << --count);
	}
	if (verdict->message != MSI_OK) {
		verdict->is_denied = true;
		verdict->carry_out = false;
	}
	if (word->offset == word->capability->offset)
		verdict->value = (verdict->value & ~(PCI_MSI_MESSAGES << 16)) | count << 20;
}

/* Bits that were to change and may not, of all that the access wanted. */
static uint32_t denied_bits(const struct word *word, uint32_t wanted)
{
	uint32_t changes = (wanted ^ word->current) & ~word->clears;

	return (changes | (wanted & word->clears)) & ~word->pass & ~word->quiet;
}

static void hold_decoding(const struct word *word, struct pci_verdict *verdict)
{
	uint32_t decode = PCI_COMMAND_IO | PCI_COMMAND_MEMORY;
	uint32_t begins = verdict->value & ~word->current & decode;

	if (begins == 0 || bases_are_own(word->function, word->reader))
		return;
	verdict->value &= ~begins;
	verdict->is_denied = true;
}

static void hold_power(const struct word *word, struct pci_verdict *verdict)
{
	uint32_t state = verdict->value & POWER_STATE;

	if (state == 0 || (state == POWER_D3HOT && (word->current & POWER_KEEPS)))
		return;
	verdict->value = (verdict->value & ~POWER_STATE) | (word->current & POWER_STATE);
	verdict->is_denied = true;
}

/* `wanted` is the word as the access would leave it, if it might. */
static struct pci_verdict write_bits(const struct word *word, uint32_t wanted, uint32_t mask,
				     const struct icr_filter *filter)
{
	uint32_t pass = word->pass & mask;
	struct pci_verdict verdict = {
		.carry_out = pass != 0,
		.is_denied = (denied_bits(word, wanted) & mask) != 0,
		.value = (word->current & ~pass & ~word->clears) | (wanted & pass),
	};

	if (word->offset == PCI_COMMAND)
		hold_decoding(word, &verdict);
	if (word->special == PCI_POWER && (mask & POWER_STATE))
		hold_power(word, &verdict);
	if (word->special == PCI_MESSAGE && pass)
		judge_message(word, filter, &verdict);
	return verdict;
}

static uint32_t access_mask(const struct pci_access *access)
{
	return (uint32_t)bytes_mask(access->width);
}

struct pci_verdict pci_policy_write(struct pci_function *function, enum pci_who who,
				    const struct pci_access *access, uint32_t value,
				    const struct icr_filter *filter,
				    const struct pci_reader *reader)
{
	struct word word = { .function = function, .reader = reader };
	uint32_t shift = 8 * (access->offset & 3);
	uint32_t mask = access_mask(access) << shift;
	struct pci_verdict verdict;
	uint32_t wanted;

	open_word(&word, access->offset, who);
	wanted = (word.current & ~mask) | (value << shift & mask);
	if (word.special == PCI_BASE)
		verdict = write_base(function, who, &word, wanted);
	else if (word.special == PCI_OWN)
		verdict = write_own(&word, wanted, mask);
	else
		verdict = write_bits(&word, wanted, mask, filter);
	verdict.value = (verdict.value & mask) >> shift;
	return verdict;
}

uint32_t pci_policy_read(const struct pci_function *function, enum pci_who who,
			 const struct pci_access *access, const struct pci_reader *reader)
{
	uint32_t index = base_index(function, access->offset & ~3u);
	uint32_t value;

	if (function->header > PCI_HEADER_BRIDGE)
		index = PCI_BASES;
	if (index < PCI_BASES && (function->sizing & function->has_size & 1u << index))
		value = function->sizes[index];
	else if (index == PCI_BASE_ROM && who == PCI_OF_CELL &&
		 function->header == PCI_HEADER_ENDPOINT)
		value = 0;
	else
		value = read_word(reader, access->offset & ~3u);
	return value >> 8 * (access->offset & 3) & access_mask(access);
}
