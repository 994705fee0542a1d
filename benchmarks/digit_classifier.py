"""Make what ships of the digit classifier: weights, card, and what it hears in FSDD.

    ganlib data get fsdd
    ganlib train digit_classifier --data fsdd --preset cpu --steps 1000 --seed 0 --out RUN
    python -m benchmarks.digit_classifier leave-out --out FOLDER
    python -m benchmarks.digit_classifier ship --run RUN --left-out FOLDER --time "5 minutes on ..."

The official test split has the voices of the training split. `leave-out` therefore trains six more
classifiers, each on all recordings of five speakers, and tests each on all of the sixth.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import keras
import numpy as np

from ganlib import pretrained
from ganlib.audio.format import AudioFormat
from ganlib.data import Clips, load_clips
from ganlib.evaluation.measuring.ear import Ear, shipped_ear
from ganlib.evaluation.measuring.reference import Reference, measured, write_statistics
from ganlib.instruments.files import save_weights
from ganlib.training import runs
from ganlib.training.config import Config
from ganlib.training.engine.state import restore

STEPS = 400  # of each classifier that leaves a speaker out
FORMAT = AudioFormat(8000, 8192)


def ear_of(run: Path) -> Ear:
    """The classifier of a run, with the weights of its last checkpoint."""
    config = Config.read(run, "digit_classifier")
    model = runs.build(config)
    restore(run, model)
    return Ear(model, FORMAT.sample_rate, FORMAT.clip_samples, tuple(config.label_names), "")


def accuracy(ear: Ear, clips: Clips) -> dict[str, float]:
    """Share of clips that are named rightly: of all, and of each speaker's."""
    right = ear.listen(clips.samples, FORMAT.sample_rate).named == clips.labels
    voices = np.array(clips.voices)
    of_each = {name: float(right[voices == name].mean()) for name in sorted(set(clips.voices))}
    return {"all": float(right.mean())} | {k: round(v, 4) for k, v in of_each.items()}


def leave_out(folder: Path, steps: int) -> dict[str, float]:
    """Train without each speaker in turn, and say how well the speaker is understood."""
    clips, found = load_clips("fsdd", "all", FORMAT), {}
    folder.mkdir(parents=True, exist_ok=True)
    for speaker in sorted(set(clips.voices)):
        left_out, others = clips.split_by_voice([speaker])
        run = folder / speaker
        options = {"steps": steps}
        runs.start(run, "digit_classifier", others, "fsdd", "cpu", options, quiet=True)
        found[speaker] = round(accuracy(ear_of(run), left_out)["all"], 4)
        print(f"without {speaker}: {found[speaker]:.1%} of {len(left_out)}", flush=True)
        keras.backend.clear_session()
    found["mean"] = round(float(np.mean(list(found.values()))), 4)
    (folder / "leave-out.json").write_text(json.dumps({"steps": steps} | found) + "\n")
    return found


def ship(run: Path, left_out: Path, time: str) -> Path:
    """Write weights, card and statistics to where `ganlib.evaluation` looks for them."""
    name, config = pretrained.CLASSIFIER, Config.read(run, "digit_classifier")
    trained = ear_of(run)
    weights = save_weights(trained.model, pretrained.FOLDER / f"{name}.weights.h5", "float16")
    options = config.options
    arguments = {"classes": len(trained.label_names)} | {
        key: options[key]
        for key in ["clip_samples", "sample_rate", "width", "time_shift", "dropout"]
    }
    content = {
        "builder": "digit_classifier",
        "arguments": arguments,
        "label_names": list(trained.label_names),
        "feature_scale": _feature_scale(trained),
    }
    card = _card(options["steps"], config.seed, time) | {"sha256": pretrained.sha256(weights)}
    path = pretrained.FOLDER / f"{name}.json"
    pretrained.write_card(path, content, card)
    ear = shipped_ear()  # the figures are those of the weights that ship, in float16
    reference: Reference = measured("fsdd", ear)
    write_statistics(reference)
    heard = reference.test.recognised
    card["scores"] = {
        "test_accuracy": accuracy(ear, load_clips("fsdd", "test", FORMAT)),
        "leave_one_speaker_out": json.loads((left_out / "leave-out.json").read_text()),
        "recogniser_on_the_test_split": float(np.mean(heard == reference.test.labels)),
    }
    return pretrained.write_card(path, content, card)


def _feature_scale(ear: Ear) -> float:
    heard = ear.listen(load_clips("fsdd", "train", FORMAT).samples, FORMAT.sample_rate)
    return round(float(np.sqrt(np.mean(np.square(heard.features)))), 4)


def _card(steps: int, seed: int, time: str) -> dict:
    return {
        "title": "Spoken digits, log-mel classifier of width 16: the scoreboard's ear",
        "data": "Free Spoken Digit Dataset at commit 26eb9aaf76e81b692f806f9140c2d2777410d7a1, "
        "official training split: 2,700 recordings of six speakers (Jackson et al.)",
        "licence": "CC BY-SA 4.0, as the recordings it was trained on",
        "recipe": f"digit_classifier, preset cpu, {steps:,} steps, seed {seed}",
        "command": "ganlib train digit_classifier --data fsdd --preset cpu --steps "
        f"{steps} --seed {seed} --out runs/digit-classifier",
        "time": time,
        "seed": seed,
        "scores": {},
        "limits": "The test split has the voices of the training split: leave_one_speaker_out says "
        "how it does on voices it never heard (trained on all recordings of five speakers, tested "
        "on all 500 of the sixth). It names every sound, noise too, and often surely.",
        "statistics": f"{pretrained.CLASSIFIER}.fsdd.npz: features, posteriors, labels and "
        "speakers of both splits, made with these weights",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    left = commands.add_parser("leave-out")
    left.add_argument("--out", type=Path, required=True)
    left.add_argument("--steps", type=int, default=STEPS)
    made = commands.add_parser("ship")
    made.add_argument("--run", type=Path, required=True)
    made.add_argument("--left-out", type=Path, required=True)
    made.add_argument("--time", required=True, help="How long the training took, and on what.")
    given = parser.parse_args()
    if given.command == "leave-out":
        leave_out(given.out, given.steps)
    else:
        print(ship(given.run, given.left_out, given.time))


if __name__ == "__main__":
    main()
