"""Blocks of larger networks, each a forward and a backward pass that can be copied.

    softmax       scores to chances, row by row
    dropout       neurons switched off at random while training
    layer_norm    the neurons of one example, to mean 0 and variance 1
    batch_norm    one neuron over all examples, to mean 0 and variance 1
    recurrent     one tanh layer with a memory, through time
    convolution   one small window of weights, moved along a line
    attention     an average of values, weighted by how well queries fit keys

`forward` returns what `backward` needs. `backward` takes the slope of the loss in what came
out, and returns the slopes in what went in; a gradient has the type of the thing it is the
gradient of. All of it accepts complex numbers, so that a complex step can check it.
"""
