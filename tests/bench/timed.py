"""One run for the benchmark (campaign, customers, job folder, workers, standard); prints the seconds of each stage."""

import json
import sys
import time
from pathlib import Path

from dmgen.campaign import Overrides
from dmgen.messages import Speaker
from dmgen.model.printing import Standard
from dmgen.pipeline import Request, run


def main() -> None:
    campaign, customers, job, workers, standard = sys.argv[1:]
    begun: dict[str, float] = {}
    done: dict[str, float] = {}

    def progress(stage: str, count: int, total: int) -> None:
        begun.setdefault(stage, time.perf_counter())
        done[stage] = time.perf_counter()

    overrides = Overrides(Path(customers), standard=Standard(standard))
    summary = run(Request(Path(campaign), overrides, Path(job), int(workers)), progress, Speaker("en"))
    if summary.pieces != summary.customers:
        sys.exit(f"{summary.pieces} letters for {summary.customers} people")
    end = time.perf_counter()
    stages = {stage: done[stage] - begun[stage] for stage in begun}
    stages["issue"] = begun["print"] - done["fit"]
    stages["release"] = end - done["print"]
    print(json.dumps(stages))


if __name__ == "__main__":
    main()
