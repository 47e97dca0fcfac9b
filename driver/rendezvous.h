/* SPDX-License-Identifier: GPL-2.0-only */
/* All CPUs together: into guest mode, and back to bare metal. */
#ifndef DRIVER_RENDEZVOUS_H
#define DRIVER_RENDEZVOUS_H

#include "bridge.h"

/* All of the bridge's CPUs, or none: whoever entered before another was refused leaves again. */
bool rendezvous_enter(struct bridge *bridge, struct bh_refusal *refusal);

/*
 * Also those CPUs that Linux holds offline. If it refuses, bridge->inside tells who is in guest
 * mode still, and it can be tried again.
 */
bool rendezvous_leave(struct bridge *bridge, struct bh_refusal *refusal);

#endif
