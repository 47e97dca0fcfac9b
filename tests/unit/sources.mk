# SPDX-License-Identifier: GPL-2.0-only
#
# Unit tests: test_X is test_X.c linked with the model; unit-objs-test_X are objects besides it.

unit-y +=
