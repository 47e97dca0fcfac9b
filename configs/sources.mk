# SPDX-License-Identifier: GPL-2.0-only
#
# Board files that are installed, each in the folder of its board.

boards-y += configs/boards/bochs/board.conf
