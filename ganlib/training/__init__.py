"""How networks are trained, floor by floor:

ganlib.training.engine    the updates and what they need; knows no model
ganlib.training.recipes   what to train with what: one file a family
ganlib.training.runs      a run folder, from what was asked to what is heard; the files beside
                          it are its parts
ganlib.training.listing   the recipes for those who only want to read them, without an engine
"""
