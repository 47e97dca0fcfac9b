/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of config_check(): where findings go. Nobody else includes this.
 */
#ifndef MODEL_CONFIG_CHECKS_H
#define MODEL_CONFIG_CHECKS_H

#include "model/config.h"
#include "model/range.h"
#include "model/refuse.h"
#include "model/text.h"

struct config_checker {
	const struct config_view *view;
	config_report report;
	void *context;
	unsigned int findings;
	/* of config_check_cell(): the cell that is checked, and those that passed before */
	const struct cell_view *cell;
	const struct cell_view *const *others;
	uint32_t other_count;
};

/* Makes a refusal of the first finding. Hidden: its address is taken without a GOT. */
struct config_first {
	const struct config_view *view;
	struct bh_refusal *refusal;
	bool found;
};
void config_keep_first(void *context, const struct config_finding *finding)
	__attribute__((visibility("hidden")));

/* A blob's header and check sum; `body` bytes at least follow the header. */
bool config_header_open(const void *blob, size_t size, const char *magic, size_t body,
			struct bh_refusal *refusal);
bool config_count_within(uint32_t count, uint32_t most, const char *what,
			 struct bh_refusal *refusal);
/* A name ends inside its field, and nothing is hidden behind its end. */
bool config_name_open(const char name[BH_NAME_SIZE], const char *what, uint32_t index,
		      struct bh_refusal *refusal);

/* Something is wrong with one place alone. */
void config_find_words(struct config_checker *checker, struct config_place place,
		       const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Two places do not go together. */
void config_clash_words(struct config_checker *checker, struct config_place place,
			struct config_place other, const char *what, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Something is wrong with a place: no more than that. */
void config_find_wordless(struct config_checker *checker, struct config_place place);

/*
 * The hypervisor checks for itself what tool and driver have checked, by the same code. What is
 * wrong was told there in full, so its image does without the words.
 */
#if __STDC_HOSTED__ || defined(__KERNEL__)
#define config_find  config_find_words
#define config_clash config_clash_words
/* Not even well-formed: see refuse.h. */
#define reject       refuse
#else
#define WORDLESS static inline __attribute__((always_inline))

WORDLESS void config_find(struct config_checker *checker, struct config_place place,
			  const char *format, ...)
{
	(void)format;
	config_find_wordless(checker, place);
}

WORDLESS void config_clash(struct config_checker *checker, struct config_place place,
			   struct config_place other, const char *what, const char *format, ...)
{
	(void)other;
	(void)what;
	(void)format;
	config_find_wordless(checker, place);
}

WORDLESS bool reject(struct bh_refusal *refusal, const char *format, ...)
{
	(void)format;
	return refuse(refusal, "the configuration is malformed");
}
#endif

static inline struct config_place config_at(enum config_part part, uint32_t index,
					    const char *setting)
{
	return (struct config_place){ .part = part, .index = index, .setting = setting };
}

/* A place in the cell that is checked, and in one of the others. */
static inline struct config_place config_cell_at(const struct config_checker *checker,
						 enum config_part part, uint32_t index,
						 const char *setting)
{
	return (struct config_place){
		.cell = checker->cell, .part = part, .index = index, .setting = setting,
	};
}

static inline struct config_place config_other_at(const struct cell_view *cell,
						  enum config_part part, uint32_t index,
						  const char *setting)
{
	return (struct config_place){
		.cell = cell, .part = part, .index = index, .setting = setting,
	};
}

/* Names stand in commands, in sysfs and in reports, without quotes. */
void config_check_name(struct config_checker *checker, struct config_place place,
		       const char *name);
bool config_names_equal(const char *a, const char *b);

/* Addresses of regions, pools, hypervisor memory; what overlaps. */
void config_check_memory(struct config_checker *checker);
/* Ports, MSRs and the console. */
void config_check_io(struct config_checker *checker);
void config_check_iommus(struct config_checker *checker);

/* MMCONFIG, IOAPICs and the devices that cells may have. */
void config_check_pci(struct config_checker *checker);
/* Is that part of a device there, just so? */
bool config_has_region(const struct bh_region *regions, uint32_t count,
		       const struct bh_region *wanted);
bool config_has_ports(const struct bh_ports *ports, uint32_t count, const struct bh_ports *wanted);

/* The same of a cell. */
void config_check_cell_memory(struct config_checker *checker);
void config_check_cell_io(struct config_checker *checker);
void config_check_cell_pci(struct config_checker *checker);

#endif
