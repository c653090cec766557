"""Runs in processes of their own that start at once, forked from one that has it all loaded."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess

from erp2pim.cli import main

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def start(args: Sequence[str]) -> ForkServerProcess:
    """Start a command with this process's environment; its exit code becomes the process's."""
    process = _CONTEXT.Process(target=_run, args=(list(args), dict(os.environ)))
    process.start()
    return process


def _run(args: Sequence[str], environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    sys.exit(main(args))
