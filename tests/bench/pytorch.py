"""The same training step in PyTorch eager: plain torch modules, padded batches, AdamW, clipping, MNRL.

Reads one JSON request a line on stdin and answers each with one JSON line on stdout, so that the benchmark can
alternate it with the other engines:
    {"do": "describe", "threads"}          -> {"device", "adapter", "version", "variants"}
    {"do": "prepare", "session", "variant", "shape", "batches", "dropout", "vocabulary", "settings"}  -> {}
    {"do": "run", "session", "steps", "first"}  -> {"milliseconds", "loss"}
    {"do": "peak_bytes", "session"}        -> {"bytes"}
    {"do": "dispose", "session"}           -> {}
    {"do": "matmul_peak"}                  -> {"tflops"}
A request that fails is answered with {"error"}.
"""
import contextlib
import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

cuda = torch.cuda.is_available()
device = torch.device('cuda' if cuda else 'cpu')
has_sdpa = hasattr(F, 'scaled_dot_product_attention')


def allow_tf32(allowed):
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed


def synchronize():
    if cuda:
        torch.cuda.synchronize()


class Layer(nn.Module):
    def __init__(self, hidden, heads, intermediate, rate):
        super().__init__()
        self.heads, self.rate = heads, rate
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))
        self.output = nn.Linear(hidden, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.wide = nn.Linear(hidden, intermediate)
        self.narrow = nn.Linear(intermediate, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.drop = nn.Dropout(rate)

    def attend(self, x, mask):
        rows, width, hidden = x.shape
        split = lambda y: y.view(rows, width, self.heads, hidden // self.heads).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if has_sdpa:
            context = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=self.rate)
        else:
            scores = q @ k.transpose(-1, -2) / math.sqrt(hidden // self.heads)
            if mask is not None:
                scores = scores.masked_fill(~mask, -1e9)
            context = self.drop(scores.softmax(-1)) @ v
        return context.transpose(1, 2).reshape(rows, width, hidden)

    def forward(self, x, mask):
        x = self.output_norm(x + self.drop(self.output(self.attend(x, mask))))
        return self.norm(x + self.drop(self.narrow(F.gelu(self.wide(x)))))


class Encoder(nn.Module):
    """Parameters lie in the order of Embedsmith's, so that `draw` gives both the same weights."""

    def __init__(self, shape, vocabulary, rate):
        super().__init__()
        hidden = shape['hidden']
        self.words = nn.Embedding(vocabulary, hidden)
        self.positions = nn.Embedding(512, hidden)
        self.types = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.drop = nn.Dropout(rate)
        self.layers = nn.ModuleList(
            Layer(hidden, shape['heads'], shape['intermediate'], rate) for _ in range(shape['layers'])
        )

    def forward(self, ids, real):
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions(positions) + self.types(torch.zeros_like(ids))
        x = self.drop(self.norm(x))
        # A batch without padding needs no mask, and the fastest attention takes none.
        mask = None if real is None else real[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, mask)
        if real is None:
            return x.mean(1)
        return (x * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)

    def draw(self):
        """The weights of models.ts: uniform with deviation 0.02 from the finaliser of MurmurHash3; biases 0, scales 1."""
        start = 0
        for name, parameter in self.named_parameters():
            size = parameter.numel()
            if name.endswith('bias'):
                values = np.zeros(size, np.float32)
            elif 'norm' in name:
                values = np.ones(size, np.float32)
            else:
                x = np.arange(start, start + size, dtype=np.uint32)
                x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
                x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
                x ^= x >> np.uint32(16)
                values = (x / 2**32 - 0.5) * math.sqrt(12) * 0.02
            with torch.no_grad():
                parameter.copy_(torch.from_numpy(values.astype(np.float32)).view_as(parameter))
            start += size


def pad(rows):
    """Ids [rows, longest] and 1 / 0 for real / padding; None for the latter where nothing is padded."""
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows], device=device)
    if all(len(row) == width for row in rows):
        return ids, None
    return ids, torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows], device=device)


class Session:
    def __init__(self, request):
        self.variant, self.settings = request['variant'], request['settings']
        self.batches = [pad(rows) for rows in request['batches']]
        self.model = Encoder(request['shape'], request['vocabulary'], request['dropout'])
        self.model.draw()
        self.model.to(device).train()
        plain = lambda name: name.endswith('bias') or 'norm' in name
        named = list(self.model.named_parameters())
        decay = self.settings['weightDecay']
        groups = [
            {'params': [p for name, p in named if not plain(name)], 'weight_decay': decay},
            {'params': [p for name, p in named if plain(name)], 'weight_decay': 0.0},
        ]
        options = {'fused': True} if cuda else {}
        try:
            self.optimizer = torch.optim.AdamW(groups, lr=self.settings['learningRate'], **options)
        except TypeError:
            self.optimizer = torch.optim.AdamW(groups, lr=self.settings['learningRate'])
        if cuda:
            torch.cuda.reset_peak_memory_stats()

    def step(self, number):
        ids, real = self.batches[number % len(self.batches)]
        bf16 = torch.autocast(device.type, torch.bfloat16) if self.variant == 'bf16' else contextlib.nullcontext()
        self.optimizer.zero_grad(set_to_none=True)
        with bf16:
            anchors, positives = F.normalize(self.model(ids, real).float(), dim=1).chunk(2)
            logits = anchors @ positives.t() * self.settings['scale']
            loss = F.cross_entropy(logits.float(), torch.arange(len(logits), device=device))
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.settings['maxGradNorm'])
        self.optimizer.step()
        return loss

    def run(self, steps, first):
        allow_tf32(self.variant != 'fp32')
        synchronize()
        start = time.perf_counter()
        for number in range(first, first + steps):
            loss = self.step(number)
        synchronize()
        return {'milliseconds': (time.perf_counter() - start) * 1000, 'loss': loss.item()}


def matmul_peak():
    """TFLOP/s of the best of ten fp32 products, TF32 off."""
    allow_tf32(False)
    size = 8192 if cuda else 1024
    a, b = torch.rand(size, size, device=device), torch.rand(size, size, device=device)
    best = math.inf
    for _ in range(11):
        synchronize()
        start = time.perf_counter()
        a @ b
        synchronize()
        best = min(best, time.perf_counter() - start)
    return {'tflops': 2 * size**3 / best / 1e12}


sessions = {}


def answer(request):
    do, session = request['do'], request.get('session')
    if do == 'describe':
        torch.set_num_threads(request['threads'])
        adapter = torch.cuda.get_device_name() if cuda else f'CPU, {torch.get_num_threads()} threads'
        variants = ['fp32', 'tf32', 'bf16'] if cuda else ['fp32']
        return {'device': device.type, 'adapter': adapter, 'version': torch.__version__, 'variants': variants}
    if do == 'prepare':
        sessions[session] = Session(request)
        return {}
    if do == 'run':
        return sessions[session].run(request['steps'], request['first'])
    if do == 'peak_bytes':
        return {'bytes': torch.cuda.max_memory_allocated() if cuda else None}
    if do == 'dispose':
        del sessions[session]
        if cuda:
            torch.cuda.empty_cache()
        return {}
    if do == 'matmul_peak':
        return matmul_peak()
    raise ValueError(f'unknown request {do}')


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # The benchmark reports it beside the engine's name and goes on.
        reply = {'error': f'{type(error).__name__}: {error}'}
    print(json.dumps(reply), flush=True)
