/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VT-d: whether a unit is what the board says, switching it on around root's running devices, and
 * off again. VT-d specification, chapters 6, 10 and 11.
 */
#include "x86/iommu/vtd.h"

#include "core/deadline.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/seal.h"
#include "core/string.h"
#include "model/ioapic_policy.h"
#include "model/refuse.h"
#include "model/vtd_command.h"

bool vtd_command_within(struct iommu_unit *unit, uint32_t bit, bool on, uint32_t ms)
{
	uint64_t deadline = deadline_in_ms(ms);

	unit_write32(unit, VTD_GCMD, vtd_command_value(&unit->command, bit, on));
	while (!(unit_read32(unit, VTD_GSTS) & bit) == on) {
		if (deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

bool vtd_command(struct iommu_unit *unit, uint32_t bit, bool on)
{
	return vtd_command_within(unit, bit, on, ANSWER_MS);
}

/* What a unit must have, or must not have been told: one row a bit, with the words of a refusal. */
struct demand {
	uint32_t offset;
	uint32_t if_flag;     /* only if the board says so; 0: always */
	uint64_t bits;        /* all of them */
	uint32_t unless_flag; /* not if the board says so */
	bool must_be_set;
	const char *words;
};

static const struct demand demands[] = {
	{ VTD_GSTS, 0, GCMD_TRANSLATION, 0, false,
	  "Linux uses it for DMA: boot with intel_iommu=off" },
	{ VTD_GSTS, 0, GCMD_INTERRUPTS, BH_IOMMU_LINUX_REMAPS, false,
	  "Linux remaps its interrupts by it: say linux_remaps = true, or boot with intremap=off" },
	{ VTD_GSTS, 0, GCMD_QUEUE, BH_IOMMU_LINUX_REMAPS, false,
	  "Linux uses its queue (GSTS.QIES): boot with intel_iommu=off intremap=off" },
	{ VTD_GSTS, BH_IOMMU_LINUX_REMAPS, GCMD_INTERRUPTS | GCMD_QUEUE, 0, true,
	  "Linux does not remap its interrupts by it: say linux_remaps = false, or boot without "
	  "intremap=off" },
	{ VTD_ECAP, 0, ECAP_QUEUE, 0, true, "it has no queued invalidation (ECAP.QI)" },
	{ VTD_ECAP, BH_IOMMU_REMAPS, ECAP_INTERRUPTS, 0, true,
	  "it does not remap interrupts (ECAP.IR): say remaps = false" },
	{ VTD_ECAP, BH_IOMMU_SCALABLE, ECAP_SCALABLE | ECAP_SECOND_LEVEL, 0, true,
	  "it has no scalable mode with second level (ECAP.SMTS, SLTS): say scalable = false" },
	{ VTD_CAP, BH_IOMMU_PAGES_2M, CAP_PAGES_2M, 0, true,
	  "it has no pages of 2 MiB (CAP.SLLPS): say pages_2m = false" },
	{ VTD_CAP, BH_IOMMU_PAGES_1G, CAP_PAGES_1G, 0, true,
	  "it has no pages of 1 GiB (CAP.SLLPS): say pages_1g = false" },
};

static bool meets(const struct iommu_unit *unit, const struct demand *demand)
{
	uint64_t value = demand->offset == VTD_GSTS ? unit_read32(unit, VTD_GSTS) :
						      unit_read64(unit, demand->offset);

	if ((demand->if_flag && !(unit->config->flags & demand->if_flag)) ||
	    (unit->config->flags & demand->unless_flag))
		return true;
	return demand->must_be_set ? (value & demand->bits) == demand->bits :
				     !(value & demand->bits);
}

/* Numbers that are more than a bit. */
static bool check_capabilities(const struct iommu_unit *unit, struct bh_refusal *refusal)
{
	const char *name = unit->config->name;
	uint64_t cap = unit_read64(unit, VTD_CAP);

	if (!(cap & CAP_LEVELS(unit->config->levels)))
		return refuse(refusal, "IOMMU %s: it does not walk tables of %u levels (CAP.SAGAW "
			      "0x%x): say levels = %u", name, unit->config->levels,
			      (uint32_t)(cap >> 8 & 0x1f), unit->config->levels == 3 ? 4 : 3);
	if (unit->assignable->count && CAP_DOMAINS(cap) < IOMMU_DOMAINS)
		return refuse(refusal, "IOMMU %s: it tells %u domains apart (CAP.ND), where cells "
			      "may have devices it takes %u: leave out pci.devices", name,
			      CAP_DOMAINS(cap), IOMMU_DOMAINS);
	if (CAP_FAULTS(cap) + CAP_RECORDS(cap) * 16 > BH_PAGE_SIZE)
		return refuse(refusal, "IOMMU %s: its fault records are not in its first page",
			      name);
	return true;
}

/* Maps are built before units are started, and published as these want it. */
static void learn(struct iommu_unit *unit)
{
	uint64_t extended = unit_read64(unit, VTD_ECAP);

	unit->is_coherent = extended & ECAP_COHERENT;
	unit->snoops_maps = vtd_snoops_maps(extended, unit_is_scalable(unit));
	unit->command = unit_read32(unit, VTD_GSTS) & GCMD_STAYING;
}

static bool vtd_check(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	const char *name = unit->config->name;
	uint32_t version = unit_read32(unit, VTD_VER);
	size_t i;

	if (version == 0 || version == ~0U)
		return refuse(refusal, "IOMMU %s: there is no VT-d unit at 0x%llx", name,
			      (unsigned long long)unit->config->registers);
	for (i = 0; i < BH_ARRAY_SIZE(demands); i++)
		if (!meets(unit, &demands[i]))
			return refuse(refusal, "IOMMU %s: %s", name, demands[i].words);
	if (!check_capabilities(unit, refusal))
		return false;
	learn(unit);
	return !unit_is_linuxs(unit) || vtd_take_check(unit, refusal);
}

/* Buffers of writes in the chipset, where they do not empty by themselves (6.8). */
static bool flush_writes(struct iommu_unit *unit)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	if (!(unit_read64(unit, VTD_CAP) & CAP_WRITE_BUFFER))
		return true;
	unit_write32(unit, VTD_GCMD, vtd_command_value(&unit->command, GCMD_FLUSH, true));
	while (unit_read32(unit, VTD_GSTS) & GCMD_FLUSH) {
		if (deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

static bool set_root_table(struct iommu_unit *unit)
{
	unit_write64(unit, VTD_RTADDR,
		     unit->devices.v | (unit_is_scalable(unit) ? RTADDR_SCALABLE : 0));
	return vtd_command(unit, GCMD_ROOT_TABLE, true);
}

/*
 * Memory that firmware closed to all devices: now root's tables do that (11.4.7). Where firmware
 * has locked it, as with TXT, it stays closed.
 */
static bool open_protected(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	if (!(unit_read64(unit, VTD_CAP) & CAP_PROTECTED))
		return true;
	unit_write32(unit, VTD_PMEN, unit_read32(unit, VTD_PMEN) & ~PMEN_ENABLE);
	while (unit_read32(unit, VTD_PMEN) & PMEN_STATUS) {
		if (deadline_is_over(deadline))
			return refuse(refusal, "IOMMU %s: keeps memory closed that firmware "
				      "protects (PMEN 0x%x): switch that off in its setup",
				      unit->config->name, unit_read32(unit, VTD_PMEN));
		__builtin_ia32_pause();
	}
	return true;
}

enum kept { KEPT_FECTL, KEPT_MESSAGE, KEPT_UPPER, KEPT_PMEN, KEPT_RTADDR, KEPT_IQA, VTD_KEPT };
_Static_assert(VTD_KEPT <= UNIT_KEPT, "a unit has room for them");

static void keep(struct iommu_unit *unit)
{
	unit->kept[KEPT_FECTL] = unit_read32(unit, VTD_FECTL);
	unit->kept[KEPT_MESSAGE] = (uint64_t)unit_read32(unit, VTD_FEADDR) << 32 |
				   unit_read32(unit, VTD_FEDATA);
	unit->kept[KEPT_UPPER] = unit_read32(unit, VTD_FEUADDR);
	unit->kept[KEPT_PMEN] = unit_read32(unit, VTD_PMEN);
	unit->kept[KEPT_RTADDR] = unit_read64(unit, VTD_RTADDR);
	unit->kept[KEPT_IQA] = unit_read64(unit, VTD_IQA);
}

static bool vtd_start(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	keep(unit);
	vtd_tables_fill(unit);
	/* All of its own, also those of zeros: memory may still hold what an earlier run left. */
	vtd_publish_pages(unit, unit->devices, unit->budget.total);
	vtd_listen(unit, false);
	vtd_faults_clear(unit);
	vtd_listen(unit, true);
	if (flush_writes(unit) && set_root_table(unit) && vtd_command(unit, GCMD_QUEUE, false) &&
	    vtd_queue_start(unit) &&
	    vtd_queue_flush_all(unit) && vtd_command(unit, GCMD_TRANSLATION, true) &&
	    vtd_remapping_start(unit))
		return open_protected(unit, refusal);
	return refuse(refusal, "IOMMU %s: does not do what it is told (GSTS 0x%x, FSTS 0x%x)",
		      unit->config->name, unit_read32(unit, VTD_GSTS),
		      unit_read32(unit, VTD_FSTS));
}

/* The message of its faults as Linux has it now. */
static void keep_again(struct iommu_unit *unit)
{
	unit->kept[KEPT_FECTL] = unit->seen.control;
	unit->kept[KEPT_MESSAGE] = (uint64_t)unit->seen.address << 32 | unit->seen.data;
	unit->kept[KEPT_UPPER] = unit->seen.upper;
}

/* The unit has none now. */
static bool give_queue(struct iommu_unit *unit)
{
	if (unit_is_linuxs(unit))
		return vtd_queue_give(unit);
	unit_write64(unit, VTD_IQT, 0);
	unit_write64(unit, VTD_IQA, unit->kept[KEPT_IQA]);
	return true;
}

/* All of it in any case: what does not obey in one thing may in another. */
static bool vtd_stop(struct iommu_unit *unit)
{
	bool done;

	vtd_listen(unit, false);
	if (unit->kept[KEPT_PMEN] & PMEN_ENABLE)
		unit_write32(unit, VTD_PMEN, (uint32_t)unit->kept[KEPT_PMEN]);
	done = vtd_remapping_stop(unit);
	done &= vtd_command(unit, GCMD_TRANSLATION, false);
	done &= vtd_command(unit, GCMD_QUEUE, false);
	if (!done)
		log_print("IOMMU %s: GSTS 0x%x, FSTS 0x%x\n", unit->config->name,
			  unit_read32(unit, VTD_GSTS), unit_read32(unit, VTD_FSTS));
	vtd_faults_clear(unit);
	done &= give_queue(unit);
	if (unit_is_linuxs(unit))
		keep_again(unit);
	unit_write64(unit, VTD_RTADDR, unit->kept[KEPT_RTADDR]);
	unit_write32(unit, VTD_FEDATA, (uint32_t)unit->kept[KEPT_MESSAGE]);
	unit_write32(unit, VTD_FEADDR, (uint32_t)(unit->kept[KEPT_MESSAGE] >> 32));
	unit_write32(unit, VTD_FEUADDR, (uint32_t)unit->kept[KEPT_UPPER]);
	unit_write32(unit, VTD_FECTL, (uint32_t)unit->kept[KEPT_FECTL]);
	return done;
}

static bool vtd_set_device(struct iommu_unit *unit, uint16_t source,
			   const struct iommu_domain *domain, struct bh_refusal *refusal)
{
	if (!vtd_tables_set(unit, source, domain))
		return refuse(refusal, "IOMMU %s: bus 0x%x has no table of its own",
			      unit->config->name, source >> 8);
	return (flush_writes(unit) && vtd_queue_flush_all(unit)) ||
	       refuse(refusal, "IOMMU %s: does not answer (FSTS 0x%x)", unit->config->name,
		      unit_read32(unit, VTD_FSTS));
}

const struct iommu_driver vtd_driver = {
	.kind = BH_IOMMU_VTD,
	.check = vtd_check,
	.publish = vtd_publish_map,
	.start = vtd_start,
	.stop = vtd_stop,
	.set_device = vtd_set_device,
	.open_routes = vtd_routes_close, /* each entry names its device */
	.close_routes = vtd_routes_close,
	.set_route = vtd_route_set,
	.set_entry = vtd_entry_set,
	.pin_value = ioapic_remapped_entry,
	.read_register = vtd_linux_read_register,
	.write_register = vtd_linux_write_register,
	.judge_again = vtd_linux_judge_again,
	.find_lost = vtd_linux_find_lost,
	.listen = vtd_listen,
	.next_fault = vtd_fault_next,
};
