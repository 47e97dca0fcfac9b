// SPDX-License-Identifier: GPL-2.0-only
/* Prefixes and steps (SDM vol. 2A, 2.1.1 and 2.2.1; APM vol. 3, 1.2). See decode_length.h. */
#include "model/decode_length.h"

static bool is_legacy_prefix(uint8_t byte)
{
	switch (byte) {
	case 0x26: /* ES */
	case 0x2e: /* CS */
	case 0x36: /* SS */
	case 0x3e: /* DS */
	case 0x64: /* FS */
	case 0x65: /* GS */
	case 0x66: /* operand size */
	case 0x67: /* address size */
	case 0xf0: /* LOCK */
	case 0xf2: /* REPNE */
	case 0xf3: /* REP */
		return true;
	default:
		return false;
	}
}

unsigned int decode_prefix_length(const uint8_t *bytes, unsigned int count, enum decode_mode mode)
{
	unsigned int length = 0;

	/* REX counts only as the last one, but one that does not is skipped all the same. */
	while (length < count && (is_legacy_prefix(bytes[length]) ||
				  (mode == DECODE_64 && (bytes[length] & 0xf0) == 0x40)))
		length++;
	return length;
}

unsigned int decode_step_length(uint64_t at, uint64_t next, enum decode_mode mode)
{
	uint64_t length = mode == DECODE_64 ? next - at : (uint32_t)(next - at);

	return length >= 1 && length <= DECODE_INSN_MAX ? (unsigned int)length : 1;
}
