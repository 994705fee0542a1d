#!/usr/bin/env bash
# TensorFlow on a CPU: in a graph, ReLU of a matrix product with a bias turns NaN into 0.
#
# Versions: tensorflow 2.17.1 and 2.21.0 (PyPI wheels, Linux x86_64), keras 3.15.1.
# Expected: NaN in, NaN out, as when the same operations run one by one.
# Seen:     inside tf.function, MatMul + BiasAdd + Relu (also Relu6, and the same after Conv2D) gives
#           0 where the sum is NaN. The graph optimiser fuses the three, and oneDNN's fused kernel
#           computes max(x, 0) so that NaN loses. It happens with the default TF_ENABLE_ONEDNN_OPTS=1;
#           with 0, eagerly, with XLA, without a bias, and with tanh, sigmoid, ELU or leaky ReLU, NaN
#           stays NaN.
# Result:   one NaN among the examples makes the kernels of a Dense(..., "relu") NaN, and the loss
#           stays an ordinary number: keras.callbacks.TerminateOnNaN, which looks at the loss, is
#           silent. In a GAN, the loss is then that of a game that ended well, 2 ln 2.
# Exits with 1 if any of this changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/fused.py" <<'PYTHON'
import os
import sys

import keras
import numpy as np
import tensorflow as tf

ONEDNN = os.environ["TF_ENABLE_ONEDNN_OPTS"] == "1"
print(f"tensorflow {tf.__version__}, keras {keras.__version__}, oneDNN {'on' if ONEDNN else 'off'}")
wrong = []


def expect(what, found, wanted):
    print(f"  {what}: {found}")
    if found != wanted:
        wrong.append(what)


def fused(activation, product):
    bias, kernel = tf.zeros(3), tf.ones(product[1])
    function = lambda x: activation(tf.nn.bias_add(product[0](x, kernel), bias))
    return function, tf.function(function)


matmul = (tf.matmul, (4, 3)), tf.fill((2, 4), np.float32(np.nan))
conv = (lambda x, k: tf.nn.conv2d(x, k, 1, "SAME"), (3, 3, 2, 3)), tf.fill((1, 8, 8, 2), np.nan)
for name, (product, x) in {"MatMul": matmul, "Conv2D": conv}.items():
    for activation in (tf.nn.relu, tf.nn.relu6, tf.nn.elu, tf.nn.leaky_relu, tf.tanh):
        eager, graph = fused(activation, product)
        title = f"{name} + BiasAdd + {activation.__name__}"
        hides = ONEDNN and activation in (tf.nn.relu, tf.nn.relu6)
        x = tf.cast(x, tf.float32)
        expect(f"{title}, eager: all NaN", bool(np.isnan(eager(x)).all()), True)
        expect(f"{title}, graph: all 0", bool((graph(x).numpy() == 0).all()), hides)

keras.utils.set_random_seed(0)
examples = np.random.normal(size=(256, 8)).astype("float32")
examples[100, 3] = np.nan
model = keras.Sequential(
    [keras.Input((8,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1)]
)
model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
history = model.fit(
    examples, np.arange(256) % 2, epochs=3, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()]
)
losses = history.history["loss"]
kernel = model.get_weights()[0]
expect("Dense(relu), one NaN example: kernel is NaN", bool(np.isnan(kernel).any()), True)
expect("  every loss is finite", bool(np.isfinite(losses).all()), ONEDNN)
expect("  TerminateOnNaN lets all three epochs pass", len(losses) == 3, ONEDNN)
print(f"  losses: {losses}")
sys.exit(f"changed: {wrong}" if wrong else 0)
PYTHON

for version in 2.17.1 2.21.0; do
    "${PYTHON:-python3}" -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet "tensorflow==$version" keras==3.15.1
    for onednn in 1 0; do
        TF_CPP_MIN_LOG_LEVEL=3 KERAS_BACKEND=tensorflow TF_ENABLE_ONEDNN_OPTS=$onednn \
            "$folder/$version/bin/python" "$folder/fused.py"
    done
done
