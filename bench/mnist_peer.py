#!/usr/bin/env python3
"""The network and loop of examples/mnist.lua in PyTorch, for comparison: same data, sizes, schedule.

   python3 bench/mnist_peer.py FOLDER [--epochs 12] [--threads 2] [--seed 1]
"""
import argparse
import gzip
import time

import numpy
import torch
from torch import nn

a = argparse.ArgumentParser()
a.add_argument('folder')
a.add_argument('--epochs', type=int, default=12)
a.add_argument('--threads', type=int, default=2)
a.add_argument('--seed', type=int, default=1)
a = a.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(a.seed)


def idx(name):
    data = gzip.open('%s/%s-ubyte.gz' % (a.folder, name)).read()
    dims = data[3]
    size = [int.from_bytes(data[4 + 4 * k:8 + 4 * k], 'big') for k in range(dims)]
    return torch.from_numpy(numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * dims).reshape(size).copy())


def load(part):
    return (idx(part + '-images-idx3').float().view(-1, 1, 28, 28) / 255 - 0.1307) / 0.3081, idx(part + '-labels-idx1').long()


x, y = load('train')
tx, ty = load('t10k')
model = nn.Sequential(nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
                      nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10), nn.LogSoftmax(1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
loss = nn.NLLLoss()
times = []
for epoch in range(a.epochs):
    model.train()
    for group in optimizer.param_groups:
        group['lr'] = 0.02 * (1 - epoch / a.epochs)
    start = time.perf_counter()
    order = torch.randperm(len(y))
    for k in range(0, len(y), 32):
        pick = order[k:k + 32]
        optimizer.zero_grad()
        loss(model(x[pick]), y[pick]).backward()
        optimizer.step()
    times.append(time.perf_counter() - start)
model.eval()
with torch.no_grad():
    accuracy = (model(tx).argmax(1) == ty).float().mean().item()
print('test accuracy %.2f%%  median epoch %.2f s' % (accuracy * 100, sorted(times)[len(times) // 2]))
