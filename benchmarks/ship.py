"""Make what ships of a trained generator: float16 weights, and a card with measured scores.

    ganlib data get fsdd
    ganlib train wavegan --data fsdd --preset cpu --seed 0 --out RUN
    python -m benchmarks.ship --run RUN --name wavegan-fsdd --title "..." --recipe "..." \
        --command "ganlib train ..." --time "two hours on ..." --limits "..."

The scores are those of the weights that ship: they are written first, read back, and measured like
`ganlib evaluate --pretrained NAME --data fsdd`. Whether a run was chosen among several is for
`--limits` to say.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ganlib import pretrained
from ganlib.evaluation.measuring.ear import shipped_ear
from ganlib.evaluation.measuring.evaluate import evaluate
from ganlib.evaluation.measuring.figures import Evaluation
from ganlib.evaluation.measuring.reference import reference_of
from ganlib.evaluation.measuring.sources import of_pretrained
from ganlib.training.hearing import load_generator

DATA = (
    "Free Spoken Digit Dataset at commit 26eb9aaf76e81b692f806f9140c2d2777410d7a1, official "
    "training split: 2,700 recordings of six speakers (Jackson et al.)"
)
LICENCE = "CC BY-SA 4.0, as the recordings it was trained on"
SHARES = {  # on the card -> the figure
    "recogniser_accuracy": "recogniser_accuracy",
    "whisper_accuracy": "whisper_accuracy",
    "digit_classifier_accuracy": "conditional_accuracy",
}


def scores(evaluation: Evaluation) -> dict:
    """The card's scores: three listeners, each beside what it says of real test clips.

    Example:
        >>> from ganlib.evaluation.measuring.figures import Figure
        >>> half = Figure(0.5, 0.4, 0.6, 100, real=0.76)
        >>> done = Evaluation("a", "fsdd", 100, 0, "ab" * 32, {"recogniser_accuracy": half})
        >>> scores(done)["recogniser_accuracy_on_real_test_clips"]
        0.76
    """
    found: dict = {}
    for name, figure in SHARES.items():
        if figure in evaluation.figures:
            measured = evaluation.figures[figure]
            found |= {name: measured.value, f"{name}_on_real_test_clips": measured.real}
    found["protocol"] = (
        f"ganlib evaluate, {evaluation.n:,} clips, all digits in turn, seed {evaluation.seed}; "
        f"real: the test split of {evaluation.data}; recogniser: PocketSphinx, ten-digit grammar; "
        "Whisper tiny.en: the likeliest of ten words; "
        f"digit classifier {evaluation.classifier[:12]}"
    )
    found["repeats_training_clips"] = "yes" if evaluation.memorized else "no"
    return found


def ship(run: Path, name: str, facts: dict, count: int, seed: int) -> Path:
    """Write the weights of a run's last checkpoint and their card, with scores and figures."""
    synthesizer = load_generator(run)
    card = {"title": facts.pop("title"), "data": DATA, "licence": LICENCE} | facts
    pretrained.save(name, synthesizer, card | {"scores": {"protocol": "not measured yet"}})
    ear = shipped_ear()
    sample = of_pretrained(name, ear, count, seed, progress=True)
    evaluation = evaluate(sample, reference_of("fsdd", ear), ear, seed, progress=True)
    figures = evaluation.to_dict()["figures"]
    return pretrained.save(
        name, synthesizer, card | {"scores": scores(evaluation), "figures": figures}
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--name", required=True, help="What the weights are called.")
    for field in ("title", "recipe", "command", "time", "limits"):
        parser.add_argument(f"--{field}", required=True, help="For the card.")
    parser.add_argument("--count", type=int, default=1000, help="Clips to measure.")
    parser.add_argument("--seed", type=int, default=0, help="Of the clips.")
    given = vars(parser.parse_args())
    run, name, count, seed = (given.pop(key) for key in ("run", "name", "count", "seed"))
    print(ship(run, name, given, count, seed))


if __name__ == "__main__":
    main()
