"""What an illness is: figures beyond their bounds, how that is said, and what helps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A figure beyond its bound, and how that is said.

    Args:
        figure: its name among the figures of a run.
        relation: "above" or "below" the bound, where the run is ill.
        bound: a number, or the name of the figure that bounds this one.
        sentence: with places for {value} and {bound}.
        margin: added to the bound.

    Example:
        >>> loud = Sign("level_db", "above", -3.0, "the level is {value:.0f} dB, above {bound:.0f}")
        >>> loud.told({"level_db": -1.0}), loud.told({"level_db": -20.0}), loud.told({})
        ('the level is -1 dB, above -3', None, None)
    """

    figure: str
    relation: str
    bound: float | str
    sentence: str
    margin: float = 0.0

    @property
    def limit(self) -> str:
        """The bound in words."""
        more = f" + {self.margin:g}" if self.margin else ""
        return f"{self.bound if isinstance(self.bound, str) else format(self.bound, 'g')}{more}"

    def told(self, signs: dict[str, float]) -> str | None:
        """The sentence if the figure is beyond its bound; None if it is not, or is not there."""
        value = signs.get(self.figure)
        bound = signs.get(self.bound) if isinstance(self.bound, str) else self.bound
        if value is None or bound is None:
            return None
        bound += self.margin
        beyond = value > bound if self.relation == "above" else value < bound
        return self.sentence.format(value=value, bound=bound) if beyond else None


@dataclass(frozen=True)
class Illness:
    """What can be wrong with a run.

    Args:
        name: what `diagnose` calls it.
        title: what it is, in one line.
        signs: alternatives; an illness is there if all signs of one of them are.
        advice: what to try, each with the options of `ganlib train` in it.

    Example:
        >>> quiet = Sign("level_db", "below", -60.0, "quiet")
        >>> silent = Illness("silence", "No sound", ((quiet,),), ())
        >>> silent.seen({"level_db": -90.0}), silent.seen({"level_db": -20.0})
        (['quiet'], [])
    """

    name: str
    title: str
    signs: tuple[tuple[Sign, ...], ...]
    advice: tuple[str, ...]

    def seen(self, signs: dict[str, float]) -> list[str]:
        """The evidence, one sentence a sign; empty if the run does not have the illness."""
        for together in self.signs:
            told = [sign.told(signs) for sign in together]
            if all(told):
                return [sentence for sentence in told if sentence]
        return []
