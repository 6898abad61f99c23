"""Shapes that threads share answer all of them."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from support import forked

from mapcore.base.geometry import Tiled, prepared

_THREADS = 4


def star():
    """A shape with many corners, made anew, so that nothing has been built for it yet."""
    around = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    reach = 100_000 * (1 + 0.3 * np.sin(37 * around))
    return shapely.polygons(np.c_[reach * np.cos(around), reach * np.sin(around)])


def points():
    return shapely.points(np.random.default_rng(1).uniform(-120_000, 120_000, (500, 2)))


def at_once(ask):
    start = threading.Barrier(_THREADS)

    def one(_):
        start.wait()
        return ask()

    with ThreadPoolExecutor(_THREADS) as threads:
        return {answer.tobytes() for answer in threads.map(one, range(_THREADS))}


def ask_shared_shapes():
    """Ask each of many shapes from several threads at once; answers that differ are the code that is returned."""
    where, differing = points(), 0
    for _ in range(150):
        shape = star()
        known = shapely.contains(shape, where[:50]).tobytes()
        tiled, edge = Tiled(shape), shapely.boundary(shape)
        differing += at_once(lambda shape=shape: shapely.contains(prepared(shape), where)[:50]) != {known}
        differing += at_once(lambda tiled=tiled: tiled.holds_and_crosses(where)[0][:50]) != {known}
        differing += len(at_once(lambda edge=edge: shapely.dwithin(prepared(edge), where, 2_000.0))) - 1
    return differing


def test_threads_may_ask_one_shape_at_once():
    """In a process of its own: where they may not, it ends."""
    ended = forked.run(forked.script, __file__)
    assert ended.returncode == 0, ended.stderr


def test_a_prepared_copy_leaves_the_shape_as_it_is():
    shape = star()
    copy = prepared(shape)
    assert shapely.is_prepared(copy)
    assert not shapely.is_prepared(shape)
    assert shapely.equals_identical(copy, shape)


if __name__ == "__main__":
    sys.exit(ask_shared_shapes())
