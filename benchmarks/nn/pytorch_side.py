"""The other side of benchmarks/nn: the same network in PyTorch, channels-last, printing [wall, CPU] seconds per step as JSON lines."""
import json, sys, time
import torch

batch, repeats, threads = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)
layers, inner = [], 6
for channels, stride in zip([24, 24, 48, 48, 72, 72], [1, 1, 2, 1, 2, 1]):
    layers += [torch.nn.Conv2d(inner, channels, 3, stride, 1, bias=False), torch.nn.BatchNorm2d(channels), torch.nn.ReLU(True)]
    inner = channels
net = torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(inner, 1))
net = net.to(memory_format=torch.channels_last)
optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
criterion = torch.nn.BCEWithLogitsLoss()
x = torch.randn(batch, 6, 64, 64).to(memory_format=torch.channels_last)
y = (torch.rand(batch, 1) > 0.5).float()


def step():
    optimiser.zero_grad(set_to_none=True)
    loss = criterion(net(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def look():
    with torch.no_grad():
        return net(x)


def once(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return [time.perf_counter() - wall, time.process_time() - cpu]


# Commands from standard input, so that both sides take turns: "train", "infer", "quit".
step()
print("ready", flush=True)
for line in sys.stdin:
    command = line.strip()
    if command == "quit":
        break
    net.train(command == "train")
    work = step if command == "train" else look
    if command == "infer":
        work()
    print(json.dumps([once(work) for _ in range(repeats)]), flush=True)
