# SPDX-License-Identifier: GPL-2.0-only
"""The options that tests/lab/run and tests/lab/shell share, and the Setup they describe.

What is done with the machine is up to those two.
"""

import argparse
import os
import sys

import machines
from built import TOP


def machine_parser(description):
    """A parser with the options of a machine."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--kernel", default="cloud", choices=("cloud", "amd64"))
    parser.add_argument("--module", action="append", default=[], help="kernel module to bring")
    parser.add_argument("--file", action="append", default=[], metavar="HOST:GUEST")
    parser.add_argument("--append", default="", help="more kernel command line")
    parser.add_argument("--cpus", type=int, default=0)
    parser.add_argument("--model", default="", help="processor model of the emulator")
    parser.add_argument("--triple-fault-resets", action="store_true")
    parser.add_argument("--keep", default=TOP / f"build/lab/run-{os.getpid()}",
                        metavar="DIRECTORY", help="where the consoles stay (build/lab/run-PID)")
    return parser


def board_of(args):
    """The board folder of the kind that parsed options name; ends if there is no such kind."""
    if args.machine not in machines.KINDS:
        sys.exit(f"lab: no machine {args.machine}; there are {', '.join(machines.KINDS)}")
    return machines.KINDS[args.machine].board


def setup_from(args, files):
    """The Setup that parsed options describe, with more files; ends if it cannot run here."""
    board_of(args)
    missing = machines.kind_missing(args.machine)
    if missing:
        sys.exit(f"lab: {args.machine}: {missing}")
    for pair in args.file:
        host, _, guest = pair.partition(":")
        files = {**files, guest: host}
    return machines.setup(args.machine, args.module, files, kernel=args.kernel,
                          cmdline=args.append, cpus=args.cpus, model=args.model,
                          triple_fault_resets=args.triple_fault_resets)
