"""How a network is trained, whatever it is: updates, optimizers, state, callbacks, batches.

Nothing here knows a model or a recipe: networks and numbers come as arguments.
"""
