#!/usr/bin/env python3
"""Shares a graph out with a partitioner from PyPI: peers.py METHOD GRAPH OUT

GRAPH: a line `nodes links target min max`, then a line `households x_m y_m` for each node and `a b border_m weight` for
each link. OUT gets a part number a line, node by node. Prints `cpu_s wall_s peak_mb` of the partition step alone.
Exits 77 where the partitioner is not installed.
"""
import os
import sys
import tempfile
import time


class Graph:
    def __init__(self, path):
        with open(path) as file:
            nodes, links, self.target, self.min, self.max = map(int, file.readline().split())
            rows = [file.readline().split() for _ in range(nodes)]
            self.households = [int(row[0]) for row in rows]
            self.places = [(float(row[1]), float(row[2])) for row in rows]
            self.near = [[] for _ in range(nodes)]
            for _ in range(links):
                a, b, _, weight = file.readline().split()
                self.near[int(a)].append((int(b), int(weight)))
                self.near[int(b)].append((int(a), int(weight)))

    def components(self):
        """Lists of nodes, each connected; partitioners that know no barrier get them one at a time."""
        seen = [False] * len(self.near)
        for start in range(len(self.near)):
            if seen[start]:
                continue
            seen[start] = True
            found = [start]
            for node in found:
                for other, _ in self.near[node]:
                    if not seen[other]:
                        seen[other] = True
                        found.append(other)
            yield sorted(found)


class Piece:
    """One component with nodes 0, 1, …, and how many parts it should have."""

    def __init__(self, graph, nodes):
        place = {node: i for i, node in enumerate(nodes)}
        self.nodes = nodes
        self.households = [graph.households[node] for node in nodes]
        self.places = [graph.places[node] for node in nodes]
        self.near = [[(place[other], weight) for other, weight in graph.near[node]] for node in nodes]
        self.parts = max(1, round(sum(self.households) / graph.target))
        self.min, self.max, self.target = graph.min, graph.max, graph.target
        self.slack = graph.max / graph.target - 1

    def csr(self, by_length):
        first, to, weight = [0], [], []
        for near in self.near:
            to += [other for other, _ in near]
            weight += [w if by_length else 1 for _, w in near]
            first.append(len(to))
        return first, to, weight


def kahip(by_length):
    import kahip

    def prepare(piece):
        first, to, weight = piece.csr(by_length)
        return lambda: kahip.kaffpa(piece.households, first, weight, to, piece.parts, 0.1, True, 1, kahip.STRONG)[1]

    return prepare


def kaminpar(by_length, context):
    import kaminpar

    def prepare(piece):
        with tempfile.NamedTemporaryFile("w", suffix=".graph") as file:
            file.write(f"{len(piece.nodes)} {sum(map(len, piece.near)) // 2} 11\n")
            for households, near in zip(piece.households, piece.near):
                links = " ".join(f"{other + 1} {weight if by_length else 1}" for other, weight in near)
                file.write(f"{households} {links}\n")
            file.flush()
            graph = kaminpar.load_graph(file.name, kaminpar.GraphFileFormat.METIS)
        solver = kaminpar.KaMinPar(1, kaminpar.context_by_name(context))
        kaminpar.reseed(1)
        return lambda: solver.compute_partition(graph, piece.parts, piece.slack)

    return prepare


def max_p():
    import geopandas
    from libpysal.weights import W
    from spopt.region import MaxPHeuristic
    import numpy

    def prepare(piece):
        numpy.random.seed(1)
        table = geopandas.GeoDataFrame(
            {"households": piece.households, "x": [p[0] for p in piece.places], "y": [p[1] for p in piece.places]})
        weights = W({i: [other for other, _ in near] for i, near in enumerate(piece.near)}, silence_warnings=True)
        model = MaxPHeuristic(table, weights, ["x", "y"], "households", piece.min, top_n=2)

        def solve():
            model.solve()
            return [int(label) for label in model.labels_]

        return solve

    return prepare


def gerrychain():
    import random
    import networkx
    from gerrychain import Graph as Districts
    from gerrychain.tree import recursive_tree_part

    def prepare(piece):
        graph = networkx.Graph()
        for node, households in enumerate(piece.households):
            graph.add_node(node, households=households)
        graph.add_edges_from((node, other) for node, near in enumerate(piece.near) for other, _ in near)
        random.seed(1)
        districts = Districts.from_networkx(graph)

        def solve():
            mean = sum(piece.households) / piece.parts
            parts = recursive_tree_part(districts, range(piece.parts), mean, "households", piece.slack)
            return [parts[node] for node in range(len(piece.nodes))]

        return solve

    return prepare


METHODS = {
    "kahip-unit": lambda: kahip(False),
    "kahip-length": lambda: kahip(True),
    "kaminpar-unit": lambda: kaminpar(False, "largek"),
    "kaminpar-length": lambda: kaminpar(True, "eco"),
    "max-p": max_p,
    "gerrychain": gerrychain,
}


def status_mb(name):
    with open("/proc/self/status") as file:
        return next(float(line.split()[1]) / 1024 for line in file if line.startswith(name))


def main():
    method, graph_path, out = sys.argv[1:]
    try:
        prepare = METHODS[method]()
    except ImportError as error:
        print(f"{error.name} is not installed (PyPI)", file=sys.stderr)
        return 77
    graph = Graph(graph_path)
    pieces = [Piece(graph, nodes) for nodes in graph.components()]
    steps = [prepare(piece) if piece.parts > 1 else lambda piece=piece: [0] * len(piece.nodes) for piece in pieces]
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the high-water mark starts anew
    resident, cpu, wall = status_mb("VmRSS"), time.process_time(), time.monotonic()
    answers = [step() for step in steps]
    cpu, wall, peak = time.process_time() - cpu, time.monotonic() - wall, status_mb("VmHWM") - resident
    part_of, before = [0] * len(graph.households), 0
    for piece, labels in zip(pieces, answers):
        for node, label in zip(piece.nodes, labels):
            part_of[node] = before + label
        before += max(labels) + 1
    with open(out, "w") as file:
        file.writelines(f"{part}\n" for part in part_of)
    print(f"wangge-peer {cpu} {wall} {peak}")
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # a partitioner's own threads need not be waited for
