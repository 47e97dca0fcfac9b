/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of a VT-d unit by the names of its specification (chapter 11).
 */
#ifndef MODEL_VTD_REGISTERS_H
#define MODEL_VTD_REGISTERS_H

#define VTD_VER    0x00
#define VTD_CAP    0x08
#define VTD_ECAP   0x10
#define VTD_GCMD   0x18
#define VTD_GSTS   0x1c
#define VTD_RTADDR 0x20
#define VTD_FSTS   0x34
#define VTD_FECTL  0x38
#define VTD_FEDATA 0x3c
#define VTD_FEADDR 0x40
#define VTD_FEUADDR 0x44
#define VTD_PMEN   0x64
#define VTD_IQH    0x80
#define VTD_IQT    0x88
#define VTD_IQA    0x90
#define VTD_IRTA   0xb8

/* CAP */
#define CAP_DOMAINS(cap)   (16U << 2 * ((cap) & 7))      /* ND 2:0: how many it tells apart */
#define CAP_WRITE_BUFFER   (1ULL << 4)                   /* RWBF: has to be told to flush */
#define CAP_PROTECTED      (3ULL << 5)                   /* PLMR, PHMR */
#define CAP_LEVELS(levels) (1ULL << (8 + (levels) - 2))  /* SAGAW 12:8 */
#define CAP_FAULTS(cap)    (((cap) >> 24 & 0x3ff) * 16)  /* FRO 33:24: offset of the records */
#define CAP_PAGES_2M       (1ULL << 34)                  /* SLLPS 37:34 */
#define CAP_PAGES_1G       (1ULL << 35)
#define CAP_RECORDS(cap)   (((cap) >> 40 & 0xff) + 1)    /* NFR 47:40 */

/* ECAP */
#define ECAP_COHERENT      (1ULL << 0)  /* C: walks of tables look into caches */
#define ECAP_QUEUE         (1ULL << 1)  /* QI */
#define ECAP_INTERRUPTS    (1ULL << 3)  /* IR */
#define ECAP_SCALABLE      (1ULL << 43) /* SMTS */
#define ECAP_SECOND_LEVEL  (1ULL << 46) /* SLTS: in scalable mode */

/* GCMD and GSTS have the same bits. What is written there: vtd_command.h. */
#define GCMD_TRANSLATION   (1U << 31)   /* TE */
#define GCMD_ROOT_TABLE    (1U << 30)   /* SRTP */
#define GCMD_FLUSH         (1U << 27)   /* WBF */
#define GCMD_QUEUE         (1U << 26)   /* QIE */
#define GCMD_INTERRUPTS    (1U << 25)   /* IRE */
#define GCMD_INTERRUPT_TABLE (1U << 24) /* SIRTP */
#define GCMD_COMPATIBLE    (1U << 23)   /* CFI: interrupts that are not remappable pass */
/* Those that stay set; the others are done once and must not be written again. */
#define GCMD_STAYING       (GCMD_TRANSLATION | GCMD_QUEUE | GCMD_INTERRUPTS | GCMD_COMPATIBLE)

#define RTADDR_SCALABLE    (1ULL << 10) /* TTM 11:10 */
#define IQA_WIDE           (1ULL << 11) /* DW: descriptors of 256 bits, as scalable mode has them */

#define FSTS_OVERFLOW      (1U << 0)    /* PFO; written 1 it is cleared, as are the next */
#define FSTS_PENDING       (1U << 1)    /* PPF */
#define FSTS_QUEUE         (7U << 4)    /* IQE, ICE, ITE */
#define FSTS_COMMAND       (1U << 4)    /* IQE: of the queue it did not understand one */
#define FECTL_MASKED       (1U << 31)   /* IM */
#define PMEN_ENABLE        (1U << 31)   /* EPM */
#define PMEN_STATUS        (1U << 0)    /* PRS */

#define IQA_PAGES(iqa)     (1ULL << ((iqa) & 7)) /* QS 2:0 */
#define QUEUE_PLACE        0x7fff0U     /* IQH, IQT 18:4 */
#define IRTA_ENTRIES(irta) (2ULL << ((irta) & 0xf)) /* S 3:0 */
#define IRTA_WIDE          (1ULL << 11) /* EIME: APIC ids have 32 bits */

#endif
