// SPDX-License-Identifier: GPL-2.0-only
/* Looks at physical memory that should not be there for the root cell. */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/sched.h>

struct tally {
	u64 words;
	u64 hits;
};

typedef bool (*look)(u64 __iomem *word);

static bool is_not_all_ones(u64 __iomem *word)
{
	return readq(word) != ~0ULL;
}

/* Does a write get through? What was there is put back. */
static bool takes_writes(u64 __iomem *word)
{
	u64 before = readq(word);
	bool changed;

	writeq(before ^ 0x5a5a5a5a5a5a5a5aULL, word);
	changed = readq(word) != before;
	if (changed)
		writeq(before, word);
	return changed;
}

static int walk(const u64 *numbers, look hit, struct tally *tally)
{
	u64 size = numbers[1];
	u64 step = numbers[2];
	void __iomem *start;
	u64 at;

	if (step == 0 || step % sizeof(u64) || numbers[0] % sizeof(u64) || size < sizeof(u64))
		return -EINVAL;
	start = ioremap(numbers[0], size);
	if (!start)
		return -ENOMEM;
	for (at = 0; at <= size - sizeof(u64); at += step) {
		tally->words++;
		tally->hits += hit(start + at);
		cond_resched();
	}
	iounmap(start);
	return 0;
}

int probe_scan(const u64 *numbers, unsigned int count)
{
	struct tally tally = {};
	int error = walk(numbers, is_not_all_ones, &tally);

	probe_say("words %llu other %llu", tally.words, tally.hits);
	return error;
}

int probe_scribble(const u64 *numbers, unsigned int count)
{
	struct tally tally = {};
	int error = walk(numbers, takes_writes, &tally);

	probe_say("words %llu changed %llu", tally.words, tally.hits);
	return error;
}
