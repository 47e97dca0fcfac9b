/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of an AMD-Vi unit by the names of its specification (3.4).
 */
#ifndef MODEL_AMDVI_REGISTERS_H
#define MODEL_AMDVI_REGISTERS_H

#define AMDVI_DEVICE_TABLE  0x0000
#define AMDVI_COMMAND_BASE  0x0008
#define AMDVI_EVENT_BASE    0x0010
#define AMDVI_CONTROL       0x0018
#define AMDVI_EXCLUSION     0x0020
#define AMDVI_FEATURES      0x0030
#define AMDVI_COMMAND_HEAD  0x2000
#define AMDVI_COMMAND_TAIL  0x2008
#define AMDVI_EVENT_HEAD    0x2010
#define AMDVI_EVENT_TAIL    0x2018
#define AMDVI_STATUS        0x2020

/* Of both buffers: 2^8 entries of 16 bytes, a page (ComLen, EventLen 59:56). */
#define BUFFER_OF_A_PAGE    (8ULL << 56)

/* Control */
#define CONTROL_ENABLE      (1ULL << 0)  /* IommuEn */
#define CONTROL_TUNNEL      (1ULL << 1)  /* HtTunEn */
#define CONTROL_EVENTS      (1ULL << 2)  /* EventLogEn */
#define CONTROL_MESSAGES    (1ULL << 3)  /* EventIntEn */
#define CONTROL_PATIENCE    (7ULL << 5)  /* InvTimeOut */
#define CONTROL_PASS        (1ULL << 8)  /* PassPW */
#define CONTROL_ANSWER_PASS (1ULL << 9)  /* ResPassPW */
#define CONTROL_COHERENT    (1ULL << 10) /* Coherent: walks look into caches */
#define CONTROL_ISOCHRONOUS (1ULL << 11) /* Isoc */
#define CONTROL_COMMANDS    (1ULL << 12) /* CmdBufEn */

#define EXCLUSION_ENABLE    (1ULL << 0)  /* ExEn */

/* Extended features: all zero where there is no such register. */
#define FEATURE_INVALIDATE_ALL (1ULL << 6) /* IASup */

/* Status: written 1 they are cleared. */
#define STATUS_OVERFLOW     (1ULL << 0)  /* EventOverflow */
#define STATUS_EVENT        (1ULL << 1)  /* EventLogInt */
#define STATUS_EVENTS_RUN   (1ULL << 3)  /* EventLogRun: read only */

#endif
