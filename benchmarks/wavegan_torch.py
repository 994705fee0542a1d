"""WaveGAN in PyTorch, as a PyTorch user would write it: the twin that ganlib is timed against.

Same sizes, same mathematics, same work in an iteration, and PyTorch's own layout, (batch, channels,
time). It reads the options of ganlib's recipe "wavegan" and shares no code with ganlib.
"""

import copy

import torch
from torch import nn
from torch.nn import functional as F

FIRST_LENGTH = 16  # samples after the generator's dense layer
EMBEDDING_DIM = 32


def strides_of(samples: int) -> list[int]:
    """Factors of 4, and perhaps a last 2, that lead from 16 to `samples`."""
    factor, strides = samples // FIRST_LENGTH, []
    while factor > 1:
        strides.append(min(4, factor))
        factor //= strides[-1]
    return strides


# The two networks --------------------------------------------------------------------------------


class Stretch(nn.ConvTranspose1d):
    """A transposed convolution, `stride` times as long, cut as "same" padding cuts it."""

    def __init__(self, channels: int, filters: int, kernel_size: int, stride: int):
        padding = (kernel_size - stride) // 2
        super().__init__(channels, filters, kernel_size, stride, padding=padding)

    def forward(self, x):
        return super().forward(x)[:, :, : x.shape[2] * self.stride[0]]


class Squeeze(nn.Conv1d):
    """A convolution, `stride` times as short, padded as "same" pads it."""

    def forward(self, x):
        padding = self.kernel_size[0] - self.stride[0]
        return super().forward(F.pad(x, (padding // 2, padding - padding // 2)))


class PhaseShuffle(nn.Module):
    """Shift each example by its own amount, mirrored at the edges."""

    def __init__(self, radius: int):
        super().__init__()
        self.radius = radius

    def forward(self, x):
        if not self.training:
            return x
        batch, channels, time = x.shape
        shifts = torch.randint(-self.radius, self.radius + 1, (batch, 1), device=x.device)
        where = torch.arange(time, device=x.device) + shifts
        where = (time - 1) - ((time - 1) - where.abs()).abs()
        return x.gather(2, where[:, None, :].expand(-1, channels, -1))


class Generator(nn.Module):
    """A latent vector (and a label) in, a waveform out."""

    def __init__(self, options: dict, classes: int = 0):
        super().__init__()
        strides, dim = strides_of(options["clip_samples"]), options["dim"]
        widths = [dim * 2**power for power in reversed(range(len(strides)))] + [options["channels"]]
        self.embedding = nn.Embedding(classes, EMBEDDING_DIM) if classes else None
        inputs = options["latent_dim"] + (EMBEDDING_DIM if classes else 0)
        self.width, self.scale = widths[0], options["signal_scale"]
        self.dense = nn.Linear(inputs, FIRST_LENGTH * widths[0])
        layers: list[nn.Module] = []
        for index, stride in enumerate(strides):
            if options["batch_normalization"]:
                layers.append(nn.BatchNorm1d(widths[index], eps=1e-3, momentum=0.1))
            layers.append(nn.ReLU())
            layers.append(Stretch(widths[index], widths[index + 1], options["kernel_size"], stride))
        self.layers = nn.Sequential(*layers)

    def forward(self, latent, labels=None):
        if self.embedding is not None:
            latent = torch.cat([latent, self.embedding(labels)], dim=1)
        x = self.dense(latent).unflatten(1, (FIRST_LENGTH, self.width)).transpose(1, 2)
        return torch.tanh(self.scale * self.layers(x).float())


class Discriminator(nn.Module):
    """A waveform (and a label) in, one logit out."""

    def __init__(self, options: dict, classes: int = 0):
        super().__init__()
        strides, self.scale = strides_of(options["clip_samples"]), options["signal_scale"]
        layers: list[nn.Module] = []
        channels = options["channels"]
        for index, stride in enumerate(strides):
            filters = options["dim"] * 2**index
            layers.append(Squeeze(channels, filters, options["kernel_size"], stride))
            layers.append(nn.LeakyReLU(0.2))
            if options["phase_shuffle"] and index < len(strides) - 1:
                layers.append(PhaseShuffle(options["phase_shuffle"]))
            channels = filters
        self.layers = nn.Sequential(*layers)
        self.dense = nn.Linear(FIRST_LENGTH * channels, 1)
        self.embedding = nn.Embedding(classes, FIRST_LENGTH * channels) if classes else None

    def forward(self, clips, labels=None):
        x = self.layers(clips / self.scale).transpose(1, 2).flatten(1)
        logits = self.dense(x)
        if self.embedding is not None:
            match = (self.embedding(labels) * x).sum(1, keepdim=True)
            logits = logits + match / x.shape[1] ** 0.5
        return logits.float()


# The iteration -----------------------------------------------------------------------------------


class Twin:
    """Both networks, both optimizers and one iteration of the recipe.

    Args:
        options: of ganlib's recipe "wavegan".
        classes: number of labels, 0 for none.
        device: such as "cpu" or "cuda".
        compiled: put the networks through `torch.compile`, except in the penalty: what it compiles
            cannot be differentiated twice ("does not currently support double backward").
    """

    def __init__(
        self, options: dict, classes: int = 0, device: str = "cpu", compiled: bool = False
    ):
        self.options, self.device, self.steps = options, device, 0
        self.generator = Generator(options, classes).to(device)
        self.discriminator = Discriminator(options, classes).to(device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        betas = (options["beta_1"], options["beta_2"])
        self.generator_optimizer, self.discriminator_optimizer = (
            torch.optim.Adam(network.parameters(), lr=rate, betas=betas, fused=True)
            for network, rate in (
                (self.generator, options["generator_learning_rate"]),
                (self.discriminator, options["discriminator_learning_rate"]),
            )
        )
        self.half = options["precision"] == "mixed_bfloat16"
        wrap = torch.compile if compiled else (lambda function: function)
        self.generate, self.judge = wrap(self.generator), wrap(self.discriminator)

    def iteration(self, clips, labels=None) -> dict:
        """Train the discriminator `discriminator_steps` times and the generator once."""
        size, part = len(clips) // self.options["discriminator_steps"], None
        for step in range(self.options["discriminator_steps"]):
            rows = slice(step * size, (step + 1) * size)
            part = None if labels is None else labels[rows]
            logs = self.discriminator_step(clips[rows], part)
        logs["generator_loss"] = self.generator_step(size, part)
        with torch.no_grad():
            for average, weight in zip(
                [*self.average.parameters(), *self.average.buffers()],
                [*self.generator.parameters(), *self.generator.buffers()],
                strict=True,
            ):
                if average.is_floating_point():
                    average.lerp_(weight, 1 - self.options["average_decay"])
        return logs

    def discriminator_step(self, real, labels) -> dict:
        """One step that tells real from generated clips."""
        options = self.options
        with torch.no_grad(), self.autocast():
            fake = self.generate(self.latent(len(real)), labels)
        with self.autocast():
            real_logits = self.judge(self.shifted(real), labels)
            fake_logits = self.judge(self.shifted(fake), labels)
        if options["loss"] == "wasserstein":
            loss = fake_logits.mean() - real_logits.mean()
        else:
            loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        penalty = torch.zeros((), device=self.device)
        if self.steps % options["penalty_interval"] == 0:
            penalty = options["penalty_interval"] * self.penalty(real, fake, labels)
        self.steps += 1
        self.discriminator_optimizer.zero_grad()
        (loss + options["penalty_weight"] * penalty).backward()
        self.discriminator_optimizer.step()
        return {"discriminator_loss": loss.detach(), "penalty": penalty.detach()}

    def generator_step(self, size: int, labels):
        """One step towards clips that pass for real."""
        self.discriminator.requires_grad_(False)
        with self.autocast():
            logits = self.judge(self.shifted(self.generate(self.latent(size), labels)), labels)
        wasserstein = self.options["loss"] == "wasserstein"
        loss = -logits.mean() if wasserstein else F.softplus(-logits).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.discriminator.requires_grad_(True)
        return loss.detach()

    def penalty(self, real, fake, labels):
        """WGAN-GP between real and generated clips, or R1 at the real ones; in float32."""
        if self.options["penalty"] == "r1":
            slopes = self.slopes(self.shifted(real), labels)
            return slopes.square().sum(dim=(1, 2)).mean()
        alpha = torch.rand(len(real), 1, 1, device=self.device)
        slopes = self.slopes(alpha * real + (1 - alpha) * fake, labels)
        norms = (slopes.square().sum(dim=(1, 2)) + 1e-12).sqrt()
        return (norms - 1).square().mean()

    def slopes(self, clips, labels):
        """The gradient of the discriminator's output by its input, differentiable once more."""
        clips = clips.detach().requires_grad_()
        total = self.discriminator(clips, labels).sum()
        return torch.autograd.grad(total, clips, create_graph=True)[0]

    def latent(self, size: int):
        """Fresh latent vectors."""
        draw = torch.empty(size, self.options["latent_dim"], device=self.device)
        uniform = self.options["latent_distribution"] == "uniform"
        return draw.uniform_(-1.0, 1.0) if uniform else draw.normal_()

    def shifted(self, clips):
        """The recipe's random shift in time, with silence at the edges."""
        radius = self.options["time_shift"]
        if not radius:
            return clips
        time = clips.shape[2]
        shifts = torch.randint(0, 2 * radius + 1, (len(clips), 1, 1), device=self.device)
        where = torch.arange(time, device=self.device) + shifts
        return F.pad(clips, (radius, radius)).gather(2, where.expand(-1, clips.shape[1], -1))

    def autocast(self):
        """Mixed precision, where the options ask for it."""
        device = self.device.partition(":")[0]
        return torch.autocast(device, dtype=torch.bfloat16, enabled=self.half)
