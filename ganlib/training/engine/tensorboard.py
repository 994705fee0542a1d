"""Losses and sounds of a training for TensorBoard, on both engines.

`keras.callbacks.TensorBoard` writes through `tf.summary`, so it works with a GAN on TensorFlow and
not where TensorFlow is not installed. The package `tensorboard` can write its files by itself.
"""

import time
from pathlib import Path
from typing import Any

import keras

from ganlib.errors import OptionError
from ganlib.training.engine.callbacks import steps_done


class TensorBoardLog(keras.callbacks.Callback):
    """Write the losses, and the sound files of a run, where `tensorboard --logdir` finds them.

    Steps count from the model's first update, so a resumed training continues its curves; what an
    interrupted one had written beyond its last checkpoint is replaced.

    Args:
        folder: for the event files; made when training begins.
        every: write the losses of every n-th update, at least 1.
        samples: a folder in which WAV files appear during training, such as `RUN/samples`; each new
            one is written too, at the first update after it that `every` takes.
        beside: callbacks that come before this one and measure; their `figures`, a dict of numbers,
            are written under `measured/` at each update that gave new ones.

    Raises:
        OptionError: if the package `tensorboard` is not installed, or `every` is below 1.

    Example:
        >>> TensorBoardLog("runs/first/tensorboard", every=50).every
        50
    """

    def __init__(
        self,
        folder: str | Path,
        every: int = 10,
        samples: str | Path | None = None,
        beside: tuple = (),
    ):
        super().__init__()
        try:
            import tensorboard  # noqa: F401 - Keras needs it later, and says less when it is missing
        except ModuleNotFoundError:
            raise OptionError(
                "TensorBoard is not installed here: pip install tensorboard, or train without it."
            ) from None
        if every < 1:
            raise OptionError(f"every must be at least 1 update, not {every}.")
        self.folder, self.every = Path(folder), every
        self.samples = None if samples is None else Path(samples)
        self.beside = beside
        self.writer: Any = None

    def on_train_begin(self, logs=None):
        from tensorboard.compat.proto import event_pb2
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self.step = steps_done(self.model)
        self.written = set(self._sounds())
        self.known: list[dict] = [{} for _ in self.beside]
        self.writer = EventFileWriter(str(self.folder), flush_secs=10)
        begin = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
        self._write(self.step + 1, session_log=begin)  # events from here on are void
        self._write_figures()

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self._write_figures()
        if self.step % self.every:
            return
        values = [{"tag": tag, "simple_value": float(x)} for tag, x in (logs or {}).items()]
        for path in self._sounds():
            if path not in self.written:
                self.written.add(path)
                values.append({"tag": "samples", "audio": _sound(path)})
        self._write(self.step, summary={"value": values})

    def on_train_end(self, logs=None):
        if self.writer is not None:
            self.writer.close()
            self.writer = None

    def _write_figures(self) -> None:
        found = [callback.figures for callback in self.beside]
        for figures, before in zip(found, self.known, strict=True):
            if figures is not before and figures:
                values = [{"tag": f"measured/{k}", "simple_value": v} for k, v in figures.items()]
                self._write(self.step, summary={"value": values})
        self.known = found

    def _sounds(self) -> list[Path]:
        return [] if self.samples is None else sorted(self.samples.glob("*.wav"))

    def _write(self, step: int, **content) -> None:
        from tensorboard.compat.proto import event_pb2

        self.writer.add_event(event_pb2.Event(wall_time=time.time(), step=step, **content))


def _sound(path: Path) -> dict:
    """The fields of TensorBoard's message about a sound file."""
    import soundfile

    about = soundfile.info(path)
    return {
        "sample_rate": about.samplerate,
        "num_channels": about.channels,
        "length_frames": about.frames,
        "encoded_audio_string": path.read_bytes(),
        "content_type": "audio/wav",
    }
