"""What the history of a run says: figures of its losses and logits, no opinion."""

from __future__ import annotations

import numpy as np

FEWEST_ROWS = 6  # of a history, below which it says nothing
DEAF_ROWS = 3  # at the end; a NaN stop ends a run within five
CAN_BE_RIGHT = ("minimax", "non_saturating", "least_squares", "hinge")  # loss 0: never wrong


def curve_signs(rows: list[dict], loss: str) -> dict[str, float]:
    """Figures of the last half of a training, in which its beginning is forgotten.

    Args:
        rows: of `read_history`.
        loss: family of the losses.

    Returns:
        `updates`: done so far.
        `lead`: mean logit of recordings less that of generated clips; where the discriminator
            learns it is above 0.
        `fooled`: share of rows, averaged over three, in which the generated clips lead.
        `real_travel`: standard deviation of the recordings' logit.
        `pull`: how strongly the generator's loss follows the logit of its clips, see `pull`.
        `deaf`: share of the last 3 rows in which both logits are the same number to the last digit.
        And for a family in which 0 means that the discriminator is never wrong, not wasserstein:
        `discriminator_loss`: mean.
        `unrest`: standard deviation of the discriminator's loss, divided by its mean.
        `swing`: how far the mean of both logits travels, from its 5th to its 95th percentile of
            rows averaged over three, in units of the mean distance between the logits.
        Empty for fewer than 6 rows or another model's history.

    Example:
        >>> rows = [{"step": step, "real_logit": 1.0, "fake_logit": -1.0, "generator_loss": 1.3,
        ...          "discriminator_loss": 0.6} for step in range(10, 130, 10)]
        >>> curve_signs(rows, "minimax")["lead"]
        2.0
    """
    needed = ("real_logit", "fake_logit", "discriminator_loss", "generator_loss")
    if len(rows) < FEWEST_ROWS or not all(name in rows[-1] for name in needed):
        return {}
    late = rows[len(rows) // 2 :]
    real, fake, discriminator, _ = (np.array([row[name] for row in late]) for name in needed)
    lead, middle = _smooth(real - fake), _smooth((real + fake) / 2)
    travelled = float(np.subtract(*np.percentile(middle, [95, 5])))
    signs = {
        "updates": float(rows[-1]["step"]),
        "lead": float(np.mean(real - fake)),
        "fooled": float(np.mean(lead < 0)),
        "real_travel": float(np.std(real)),
        "pull": float(np.mean(pull(fake, loss))),
        "deaf": float(
            np.mean([row["real_logit"] == row["fake_logit"] for row in rows[-DEAF_ROWS:]])
        ),
    }
    if loss in CAN_BE_RIGHT:
        signs["swing"] = travelled / max(float(np.mean(np.abs(real - fake))), 1.0)
        signs["discriminator_loss"] = mean = float(np.mean(discriminator))
        signs["unrest"] = float(np.std(discriminator)) / max(mean, 1e-6)
    return signs


def pull(fake_logit: np.ndarray, loss: str) -> np.ndarray:
    """Slope of the generator's loss by the logit of a generated clip, without its sign.

    minimax: sigmoid(logit), which vanishes where the discriminator is sure; non_saturating:
    1 - sigmoid(logit); least_squares: |logit - 1|; hinge and wasserstein: 1.

    Example:
        >>> pull(np.array([0.0, -20.0]), "minimax").round(3).tolist()
        [0.5, 0.0]
    """
    logit = np.asarray(fake_logit, "float64")
    sigmoid = 1 / (1 + np.exp(-np.clip(logit, -500, 500)))
    slopes = {
        "minimax": sigmoid,
        "non_saturating": 1 - sigmoid,
        "least_squares": np.abs(logit - 1),
    }
    return slopes.get(loss, np.ones_like(logit))


def _smooth(values: np.ndarray, rows: int = 3) -> np.ndarray:
    return np.convolve(values, np.ones(rows) / rows, "valid")
