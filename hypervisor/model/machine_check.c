/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells machine checks that a CPU survives from those that it does not.
 */
#include "model/machine_check.h"

#include <bulkhead/fault.h>

/* Behind these VMX's registers begin; AMD's further banks have no places here. */
#define BANKS_MAX 32U

/*
 * An error that whoever runs on this CPU cannot go on from. Without SER that is each uncorrected
 * one. With it there are two more sorts, which a bank of the whole package shows to all its CPUs:
 * memory found bad before anybody has used it, and what is told by other means (SDM vol. 3B,
 * 15.6.3). Root's kernel takes care of both. And a bank of the core shows both its threads what one
 * of them has used: the other has RIPV without EIPV (table 15-20).
 */
static bool ends(uint64_t capabilities, uint64_t global, uint64_t status)
{
	const uint64_t reason = MC_STATUS_VALID | MC_STATUS_UNCORRECTED | MC_STATUS_ENABLED;
	bool is_here = (global & (MCG_STATUS_RIPV | MCG_STATUS_EIPV)) != MCG_STATUS_RIPV;

	if ((status & reason) != reason)
		return false;
	if (!(capabilities & MCG_CAP_SER) || (status & MC_STATUS_CORRUPT))
		return true;
	return (status & MC_STATUS_ACTION) && is_here;
}

struct machine_check machine_check_look(const struct feature_reader *reader)
{
	struct machine_check check = { .can_go_on = true, .bank = BH_CHECK_NO_BANK };
	uint64_t capabilities, status, bank_status;
	uint32_t bank;

	if (!reader->read_msr(reader->context, MSR_MCG_STATUS, &status) ||
	    !reader->read_msr(reader->context, MSR_MCG_CAP, &capabilities))
		return check;
	check.in_progress = status & MCG_STATUS_MCIP;
	check.can_go_on = status & MCG_STATUS_RIPV;
	for (bank = 0; bank < MCG_CAP_BANKS(capabilities) && bank < BANKS_MAX; bank++) {
		if (!reader->read_msr(reader->context, MSR_MC_STATUS(bank), &bank_status) ||
		    !ends(capabilities, status, bank_status))
			continue;
		check.can_go_on = false;
		check.bank = bank;
		check.bank_status = bank_status;
		break;
	}
	return check;
}
