/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of config_check(): where findings go. Nobody else includes this.
 */
#ifndef MODEL_CONFIG_CHECKS_H
#define MODEL_CONFIG_CHECKS_H

#include "model/config.h"
#include "model/range.h"
#include "model/refuse.h"

struct config_checker {
	const struct config_view *view;
	config_report report;
	void *context;
	unsigned int findings;
};

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

/* Addresses of regions, pools, hypervisor memory; what overlaps. */
void config_check_memory(struct config_checker *checker);
/* Ports, MSRs and the console. */
void config_check_io(struct config_checker *checker);

#endif
