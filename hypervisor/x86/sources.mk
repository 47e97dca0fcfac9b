# SPDX-License-Identifier: GPL-2.0-only
#
# The processor. offsets-y are the C files whose constants assembly reads as "x86/offsets.h".

offsets-y +=
x86-y +=
