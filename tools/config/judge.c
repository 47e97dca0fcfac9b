/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Has the model check what was compiled, and gives each finding the file and the line of the
 * setting it is about.
 */
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "cell.h"
#include "file.h"
#include "model/iommus.h"
#include "model/pci_parts.h"
#include "model/range.h"
#include "numbers.h"
#include "settings.h"

struct judgement {
	struct config_file *file;                 /* what is being judged */
	const struct config_view *board;
	struct config_file *board_file;           /* null if it is not at hand */
	const struct judged_cell *cell;           /* null while the board itself is judged */
	const struct judged_cell *others;
	uint32_t count;
};

/* The file that a place is in; null if it is in none. */
static struct config_file *place_file(const struct judgement *judgement,
				      const struct config_place *place)
{
	uint32_t i;

	if (!place->cell)
		return judgement->board_file;
	if (judgement->cell && place->cell == judgement->cell->view)
		return judgement->file;
	for (i = 0; i < judgement->count; i++)
		if (place->cell == judgement->others[i].view)
			return judgement->others[i].file;
	return NULL;
}

static config_setting_t *find_setting(const struct judgement *judgement,
				      const struct config_place *place)
{
	const struct config_file *file = place_file(judgement, place);

	if (!file || place->part == CONFIG_NOTHING)
		return NULL;
	return place->cell ? cell_setting(&file->source, place) :
			     board_setting(&file->source, judgement->board, place);
}

/* Something else was said already about what this depends on. */
static bool place_is_bad(const struct judgement *judgement, const struct config_place *place)
{
	const config_setting_t *setting = find_setting(judgement, place);

	return setting && (setting_is_bad(setting) ||
			   (place->cell &&
			    cell_place_depends_on_bad(&place_file(judgement, place)->source,
						      place)));
}

#define PLACE_TEXT 160

/* As the model has it; but which cell it is need not be said in the cell's own file. */
static const char *place_name(const struct judgement *judgement, const struct config_place *place,
			      char text[PLACE_TEXT])
{
	size_t own = 0;

	config_place_name(judgement->board, place, text, PLACE_TEXT);
	if (judgement->cell && place->cell == judgement->cell->view)
		own = strlen("cell : ") + strlen(place->cell->cell->name);
	return text + own;
}

/* " OTHER (FILE:LINE)" */
static void other_name(const struct judgement *judgement, const struct config_place *other,
		       char *text, size_t size)
{
	const config_setting_t *setting = find_setting(judgement, other);
	char name[PLACE_TEXT];
	int used;

	text[0] = '\0';
	if (other->part == CONFIG_NOTHING)
		return;
	used = snprintf(text, size, " %s", place_name(judgement, other, name));
	if (setting)
		snprintf(text + used, size - (size_t)used, " (%s:%u)",
			 place_file(judgement, other)->complaints.path,
			 config_setting_source_line(setting));
}

#define POOLS_TEXT 200

/* What there is, if a region was to be inside it: ": that is 0x38800000-0x3bffffff". */
static void pools_name(const struct config_view *board, const struct config_finding *finding,
		       char text[POOLS_TEXT])
{
	size_t used = 0;
	uint32_t i;

	text[0] = '\0';
	if (!strstr(finding->what, "inside board.cell_memory"))
		return;
	if (board->board->pool_count == 0)
		snprintf(text, POOLS_TEXT, ": the board has none");
	for (i = 0; i < board->board->pool_count && used < POOLS_TEXT; i++)
		used += (size_t)snprintf(text + used, POOLS_TEXT - used, "%s0x%llx-0x%llx",
					 i ? ", " : ": that is ",
					 (unsigned long long)board->pools[i].start,
					 (unsigned long long)range_last(board->pools[i]));
}

/* The model's words go by files: of a cell whose file is not at hand, what it has is said. */
static bool complain_of_cpus(const struct judgement *judgement,
			     const struct config_finding *finding)
{
	const struct cell_view *cell = finding->place.cell, *other = finding->other.cell;
	const config_setting_t *setting = find_setting(judgement, &finding->place);
	uint64_t both[BH_CPU_WORDS];
	char text[CPUS_TEXT];
	size_t i;

	if (!setting || !other || finding->other.part != CONFIG_CELL ||
	    place_file(judgement, &finding->other))
		return false;
	for (i = 0; i < BH_CPU_WORDS; i++)
		both[i] = cell->cell->cpus[i] & other->cell->cpus[i];
	cpus_format(both, text);
	complain(&judgement->file->complaints, config_setting_source_line(setting),
		 cpus_count(both) == 1 ? "cell.cpus: CPU %s belongs to the cell \"%s\"" :
					 "cell.cpus: CPUs %s belong to the cell \"%s\"",
		 text, other->cell->name);
	return true;
}

/* Is what the cell has there a part of that device of the board? */
static bool is_part_of(const struct bh_device *device, const struct config_place *place)
{
	const struct cell_view *cell = place->cell;
	struct bh_region regions[DEVICE_REGIONS];
	struct bh_ports ports[BH_BARS];
	bool found = false;
	uint32_t i, count;

	switch (place->part) {
	case CONFIG_REGION:
		count = device_regions(device, regions);
		for (i = 0; i < count; i++)
			found = found || (cell->regions[place->index].flags & BH_REGION_BAR &&
					  cell->regions[place->index].phys == regions[i].phys);
		return found;
	case CONFIG_PORTS:
		count = device_ports(device, ports);
		for (i = 0; i < count; i++)
			found = found || (cell->ports[place->index].flags & BH_PORTS_BAR &&
					  cell->ports[place->index].first == ports[i].first);
		return found;
	case CONFIG_IRQ:
		return cell->irqs[place->index].gsi == device->pin;
	default:
		return false;
	}
}

/* Of a device that two cells have it is enough to say so, and not of each of its parts as well. */
static bool follows_from_device(const struct config_view *board,
				const struct config_finding *finding)
{
	const struct cell_view *cell = finding->place.cell, *other = finding->other.cell;
	uint32_t i;

	for (i = 0; cell && other && cell != other && i < cell->cell->device_count; i++) {
		uint32_t address = cell->devices[i].address;

		if (cell_owns_device(other, address) &&
		    is_part_of(board_device(board, address), &finding->place))
			return true;
	}
	return false;
}

static void finding_complain(void *context, const struct config_finding *finding)
{
	const struct judgement *judgement = context;
	const config_setting_t *setting = find_setting(judgement, &finding->place);
	struct config_file *file = place_file(judgement, &finding->place);
	char place[PLACE_TEXT], other[600], pools[POOLS_TEXT];

	if (place_is_bad(judgement, &finding->place) || place_is_bad(judgement, &finding->other))
		return;
	if (follows_from_device(judgement->board, finding) || complain_of_cpus(judgement, finding))
		return;
	other_name(judgement, &finding->other, other, sizeof(other));
	pools_name(judgement->board, finding, pools);
	if (!file)
		file = judgement->file;
	complain(&file->complaints, setting ? config_setting_source_line(setting) : 0,
		 "%s: %s%s%s%s%s", place_name(judgement, &finding->place, place), finding->what,
		 other, strchr(";", finding->detail[0]) ? "" : " ", finding->detail, pools);
}

void board_judge(struct config_file *file, const struct config_view *view)
{
	struct judgement judgement = { .file = file, .board = view, .board_file = file };
	struct bh_refusal refusal;
	struct config_view opened;

	config_check(view, finding_complain, &judgement);
	/* The hypervisor will look at the blob alone: it must come to the same result. */
	if (file_is_good(file) && !config_open(&opened, view->header, view->header->size, &refusal))
		complain(&file->complaints, 0, "%s", refusal.text);
}

#define NAMES_TEXT 256

static void list_devices(const struct config_view *board, const struct cell_view *cell,
			 char names[NAMES_TEXT])
{
	size_t used = 0;
	uint32_t i;

	names[0] = '\0';
	for (i = 0; i < cell->cell->device_count && used < NAMES_TEXT; i++)
		used += (size_t)snprintf(names + used, NAMES_TEXT - used, "%s%s", i ? ", " : "",
					 board_device(board, cell->devices[i].address)->name);
}

/* By what devices reach beyond their cell's walls: what is said before and after their names. */
static const struct {
	const char *before, *after;
} accepted[] = {
	[DMA_ANY_INTERRUPT] = {
		"",
		" CAN RAISE ANY INTERRUPT ON ANY CPU. By DMA they reach no memory but this cell's. "
		"Whoever controls this cell can have them write messages in the format without "
		"remapping, though, which a VT-d unit lets pass for Linux's devices: any vector, "
		"NMI, INIT or SMI, to a CPU of Linux or of another cell, which can be the end of "
		"either. They are safe only as long as what runs in this cell is to be trusted",
	},
	[DMA_ANY_MEMORY] = {
		"NO IOMMU STANDS BETWEEN ",
		" AND MEMORY. Whoever controls this cell can have it read and write all memory of "
		"the machine, of Linux, of other cells and of the hypervisor, and raise any "
		"interrupt on any CPU. The walls of this cell hold only as long as what runs in it "
		"is to be trusted",
	},
};

/*
 * In full: it is the one thing that no other wall makes up for. Where nothing is accepted by it,
 * the line is no mistake, but would be one on another board.
 */
static void warn_of_dma(struct config_file *file, const struct config_view *board,
			const struct cell_view *cell)
{
	const config_setting_t *setting = config_lookup(&file->source, "cell.unprotected_dma");
	unsigned int line = setting ? config_setting_source_line(setting) : 0;
	enum dma_reach reach = cell_dma_reach(board, cell);
	char names[NAMES_TEXT];

	list_devices(board, cell, names);
	if (reach != DMA_OWN_MEMORY)
		warn_of(&file->complaints, line, "cell.unprotected_dma: %s%s%s",
			accepted[reach].before, names, accepted[reach].after);
	else if (cell->cell->flags & BH_CELL_UNPROTECTED_DMA)
		warn_of(&file->complaints, line,
			"cell.unprotected_dma: has no effect on this board, whose IOMMUs confine "
			"%s; without it, a board that does not is refused", names);
}

void cell_judge(const struct judged_cell *cell, const struct config_view *board,
		struct config_file *board_file, const struct judged_cell *others, uint32_t count)
{
	struct judgement judgement = {
		.file = cell->file, .board = board, .board_file = board_file, .cell = cell,
		.others = others, .count = count,
	};
	const struct cell_view *views[BH_MAX_CELLS];
	struct bh_refusal refusal;
	struct cell_view opened;
	uint32_t i;

	for (i = 0; i < count; i++)
		views[i] = others[i].view;
	config_check_cell(board, cell->view, views, count, finding_complain, &judgement);
	if (file_is_good(cell->file) &&
	    (!cell_view_open(&opened, cell->view->header, cell->view->header->size, &refusal) ||
	     !cell_admit(board, &opened, views, count, &refusal)))
		complain(&cell->file->complaints, 0, "%s", refusal.text);
	if (file_is_good(cell->file))
		warn_of_dma(cell->file, board, cell->view);
}
