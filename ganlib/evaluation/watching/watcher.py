"""Measure while training: figures in the bar and in a file, the best generator kept, collapse told.

RUN/measured.csv                a row of figures for each look, see `Yardstick.look`
RUN/best.json, .weights.h5      the averaged generator with the lowest Fréchet distance so far
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from pathlib import Path

import keras

from ganlib.data.clips import Clips
from ganlib.errors import OptionError
from ganlib.evaluation.measuring.ear import Ear, shipped_ear
from ganlib.evaluation.measuring.figures import KINDS, write_whole
from ganlib.evaluation.watching.symptoms import Bounds, collapse, remarks
from ganlib.evaluation.watching.yardstick import Yardstick
from ganlib.instruments.files import save_weights
from ganlib.instruments.synthesizer import Synthesizer
from ganlib.pretrained import write_card
from ganlib.training.config import Config
from ganlib.training.engine.callbacks import steps_done, tell
from ganlib.training.engine.history import read_history
from ganlib.training.hearing import averaged
from ganlib.training.recipes import get_recipe

SHOWN = ("frechet_distance", "conditional_accuracy", "coverage", "kernel_distance")


class Watcher(keras.callbacks.Callback):
    """Every n-th update, let the averaged generator speak and write down what the classifier hears.

    The run itself takes the same steps, bit for bit, as without: latent vectors come from seeds of
    their own, and no variable of the model changes. After a resume, rows beyond the checkpoint are
    dropped and measured again, and so is a look that was cut short.

    Args:
        folder: of the run.
        yardstick: recordings to compare with.
        every: updates between looks, at least 1.
        say: takes a line about each look.

    Attributes:
        figures: those of the last look that the progress bar and TensorBoard show.
        failure: None, or the sentence about the collapse that stopped the training.

    Raises:
        OptionError: if `every` is below 1.

    Example:
        >>> Watcher("run", yardstick=None, every=500).figures
        {}
    """

    def __init__(
        self,
        folder: str | Path,
        yardstick: Yardstick,
        every: int,
        say: Callable[[str], object] = tell,
    ):
        super().__init__()
        if every < 1:
            raise OptionError(f"every must be at least 1 update, not {every}.")
        self.folder, self.yardstick, self.every, self.say = Path(folder), yardstick, every, say
        self.figures: dict[str, float] = {}
        self.failure: str | None = None

    def on_train_begin(self, logs=None):
        self.figures, self.failure, self.remarked = {}, None, set()
        self.step = steps_done(self.model)
        self.config = config = Config.read(self.folder)
        labels = len(config.label_names) if config.options.get("conditional") else 0
        yardstick = self.yardstick
        self.bounds = Bounds.of(config.options["steps"], yardstick.classes, labels, yardstick.count)
        found = read_history(self.folder / "measured.csv")
        self.rows = [row for row in found if row["step"] <= self.step]
        if len(self.rows) < len(found):
            self._write_rows()
        self.lowest = self._lowest()
        due = self.step > 0 and self.step % self.every == 0
        if due and not any(row["step"] == self.step for row in self.rows):
            self.look()  # a kill had cut it short

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.step % self.every == 0 and not self.model.stop_training:
            self.look()  # whoever has to stop does not wait for it; a resumed run looks first

    def look(self) -> None:
        """Measure now; keep the generator if it is the best, stop the training if it collapsed."""
        synthesizer = averaged(self.config, self.model)
        figures = self.yardstick.look(synthesizer)
        if not figures:
            return  # a weight is no finite number; the next loss stops the run and says so
        self.rows.append({"step": self.step, **figures})
        self.figures = {name: figures[name] for name in SHOWN if name in figures}
        best = figures["frechet_distance"] < self.lowest
        if best:
            self._keep(synthesizer, figures["frechet_distance"])
        self._write_rows()
        self.say(self._line(best))
        self._judge()

    def _judge(self) -> None:
        symptom = collapse(self.rows, self.bounds)
        if symptom is not None:
            self.failure = (
                f"{symptom}. The training has collapsed, and was stopped at step {self.step}: "
                "choose a stronger penalty or lower learning rates. The best generator is kept "
                f"(ganlib generate --run {self.folder} --best); to go on all the same, resume "
                "without --measure."
            )
            self.model.stop_training = True
            return
        for place, sentence in remarks(self.rows, self.bounds):
            if place not in self.remarked:
                self.remarked.add(place)
                self.say(f"{sentence}.")

    def _line(self, best: bool) -> str:
        told = [
            f"{KINDS[name].title} {value:.{KINDS[name].decimals}f}"
            for name, value in self.figures.items()
        ]
        if best:
            told[0] += " (the lowest so far)"
        return f"Step {self.step:,}: {'; '.join(told)}"

    def _write_rows(self) -> None:
        """The whole file anew, so that it is complete at any instant."""
        text = io.StringIO(newline="")
        if self.rows:
            writer = csv.DictWriter(text, list(self.rows[-1]), restval="nan", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(self.rows)
        write_whole(self.folder / "measured.csv", text.getvalue().encode())

    def _keep(self, synthesizer: Synthesizer, distance: float) -> None:
        """Weights first: should a kill come between, the description still tells a higher value."""
        self.lowest = distance
        save_weights(synthesizer.generator, self.folder / "best.weights.h5")
        card = {"step": self.step, "frechet_distance": distance, **self._ruler()}
        write_card(self.folder / "best.json", synthesizer.describe(), card)

    def _lowest(self) -> float:
        """What a new best has to beat: the kept one, if it was measured in the same way."""
        try:
            card = json.loads((self.folder / "best.json").read_text(encoding="utf-8"))["card"]
            same = {key: card[key] for key in self._ruler()} == self._ruler()
            return float(card["frechet_distance"]) if same else math.inf
        except (OSError, ValueError, KeyError, TypeError):
            return math.inf

    def _ruler(self) -> dict:
        ruler = self.yardstick
        return {"n": ruler.count, "real_n": len(ruler.features), "classifier": ruler.ear.sha256}


def watcher(
    folder: str | Path, model: str, clips: Clips, every: int, ear: Ear | None = None
) -> Watcher:
    """A `Watcher` for a run that is about to begin or go on.

    Args:
        folder: of the run.
        model: name of its recipe.
        clips: the training data.
        every: updates between looks.
        ear: the classifier; None takes the one that ships.

    Raises:
        OptionError: if the model makes no sound, or `every` is below 1.
        DataError: if there are fewer than 24 recordings.
        WeightsError: if the classifier's files are missing or damaged.

    Example:
        >>> watcher("run", "digit_classifier", None, every=500)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        ganlib.errors.OptionError: digit_classifier makes no sound of its own; ...
    """
    recipe = get_recipe(model)
    if recipe.generator is None or recipe.instrument != "synthesizer":
        raise OptionError(f"{model} makes no sound of its own; train it without --measure.")
    return Watcher(folder, Yardstick.of(clips, ear or shipped_ear()), every)
