/**
 * Runs a training program step by step on this machine: state stays in two sets of buffers that ONNX Runtime reads from
 * and writes into in turn, so nothing is copied between steps; checkpoints are written atomically; a number that is not
 * finite stops the run and is traced to the first tensor it appeared in.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { HuoyanError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { firstNonFinite } from './diagnosis.node.ts';
import { sizeOf } from './graph.ts';
import type { Weights } from './network.ts';
import { type NodeSession, nodeRuntime } from './runtime.node.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';
import { type TrainingManifest, type TrainingProgram, weightsOf } from './training.ts';

export interface TrainerOptions {
  /** Threads inside one operator; default 2. */
  readonly threads?: number;
  /** Start from these instead of the network's initial weights. */
  readonly weights?: Weights;
  /** For the ETA in the progress line. */
  readonly totalSteps?: number;
  /** Where the progress line goes, at most once a second; null for silence; default stderr. */
  readonly progress?: { write(text: string): unknown } | null;
  /** Path prefix for ONNX Runtime's profile of the steps. */
  readonly profilePrefix?: string;
}

export interface StepResult {
  /** Number of the step just made, counted from 0. */
  readonly step: number;
  readonly loss: number;
  /** Watched scalars by name, with `gradientNorm` and `learningRate`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** One batch: by input name, a tensor or only its numbers. */
export type Batch = Readonly<Record<string, Tensor | Tensor['data']>>;

type State = Record<string, Float32Array | BigInt64Array>;

export class Trainer {
  #state: State;
  #spare: State;
  #started = 0;
  #shown = 0;
  #stepsHere = 0;
  #smoothLoss = Number.NaN;

  private constructor(
    readonly program: TrainingProgram,
    readonly session: NodeSession,
    readonly options: TrainerOptions,
    state: State,
  ) {
    this.#state = state;
    this.#spare = Object.fromEntries(
      Object.entries(state).map(([name, data]) => [
        name,
        data instanceof Float32Array ? new Float32Array(data.length) : new BigInt64Array(data.length),
      ]),
    );
  }

  static async create(program: TrainingProgram, options: TrainerOptions = {}): Promise<Trainer> {
    const runtime = await nodeRuntime();
    const { threads = 2, profilePrefix } = options;
    const session = await runtime.load(program.graph, { threads, profilePrefix });
    return new Trainer(program, session, options, program.initialState(options.weights));
  }

  /** Continues from a checkpoint. Throws HuoyanError `corrupt` or `bad-argument` when it is of another program. */
  static async resume(
    program: TrainingProgram,
    file: string,
    options: TrainerOptions = {},
  ): Promise<Trainer> {
    const trainer = await Trainer.create(program, options);
    trainer.#state = stateFromTensors(program.manifest, decodeTensors(await readFile(file)).tensors);
    return trainer;
  }

  get manifest(): TrainingManifest {
    return this.program.manifest;
  }

  /** Number of steps made since the very beginning. */
  get step(): number {
    return Number((this.#state.step as BigInt64Array)[0]);
  }

  /**
   * One step on `batch`. Throws HuoyanError `training-diverged` when a number is not finite; the state is then still
   * that before the step. Throws HuoyanError `bad-argument` when the batch does not fit the manifest.
   */
  async train(batch: Batch): Promise<StepResult> {
    if (this.#started === 0) this.#started = performance.now();
    const inputs = this.#feeds(batch);
    const outputs: Record<string, Tensor> = {};
    for (const { input, output, shape } of this.manifest.state)
      outputs[output] = { dims: shape, data: this.#spare[input] };
    const step = this.step;
    const results = await this.session.runInto(inputs, outputs);
    const metrics: Record<string, number> = {};
    for (const name of this.manifest.scalars) metrics[name] = Number(results[name].data[0]);
    const { loss, ...rest } = metrics;
    if (!Number.isFinite(loss) || !Number.isFinite(rest.gradientNorm)) {
      const culprit = await firstNonFinite(this.program, inputs);
      throw diverged(step, culprit);
    }
    [this.#state, this.#spare] = [this.#spare, this.#state];
    this.#stepsHere++;
    this.#report(step, loss);
    return { step, loss, metrics: rest };
  }

  #feeds(batch: Batch): Record<string, Tensor> {
    const feeds = batchTensors(this.manifest, batch);
    for (const { input, shape } of this.manifest.state)
      feeds[input] = { dims: shape, data: this.#state[input] };
    return feeds;
  }

  #report(step: number, loss: number): void {
    const sink = this.options.progress === undefined ? process.stderr : this.options.progress;
    this.#smoothLoss = Number.isNaN(this.#smoothLoss) ? loss : this.#smoothLoss * 0.95 + loss * 0.05;
    const now = performance.now();
    const total = this.options.totalSteps;
    const last = total !== undefined && step + 1 >= total;
    if (!sink || (now - this.#shown < 1000 && !last)) return;
    this.#shown = now;
    const perStep = (now - this.#started) / this.#stepsHere / 1000;
    const rate = this.manifest.batch / perStep;
    const eta = total === undefined ? '' : `  ETA ${clock((total - step - 1) * perStep)}`;
    const of = total === undefined ? '' : `/${total}`;
    const terminal = 'isTTY' in sink && sink.isTTY;
    const line = `${this.manifest.network}  step ${step + 1}${of}  loss ${this.#smoothLoss.toFixed(4)}  ${rate.toFixed(0)} images/s${eta}`;
    sink.write(terminal ? `\r\x1b[K${line}${last ? '\n' : ''}` : `${line}\n`);
  }

  /** Parameters and running statistics as they are now (a copy). */
  weights(): Weights {
    return weightsOf(this.manifest, this.#state);
  }

  /** The moving average of the weights where it is kept, otherwise the weights. */
  averagedWeights(): Weights {
    return weightsOf(this.manifest, this.#state, { average: true });
  }

  /** The whole state as named tensors (copies), for a checkpoint or a bundle. */
  state(): Record<string, Tensor> {
    return Object.fromEntries(
      this.manifest.state.map(({ input, shape }) => [
        input,
        { dims: shape, data: this.#state[input].slice() },
      ]),
    );
  }

  /** Writes everything needed to continue; the file is either the old or the new one, never half. */
  async checkpoint(file: string): Promise<void> {
    const metadata = { format: 'huoyan-checkpoint-1', network: this.manifest.network };
    const partial = `${file}.${process.pid}.partial`;
    await writeFile(partial, encodeTensors(this.state(), metadata));
    await rename(partial, file);
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/** A batch as tensors with the manifest's shapes. Throws HuoyanError `bad-argument` when it does not fit. */
export function batchTensors(manifest: TrainingManifest, batch: Batch): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const { name, shape, type } of manifest.inputs) {
    const given = batch[name];
    const data = given && 'dims' in given ? given.data : given;
    if (!data || data.length !== sizeOf(shape) || kindOf(data) !== type) {
      const got = data ? `${kindOf(data)}, ${data.length}` : 'nothing';
      throw new HuoyanError(
        'bad-argument',
        {
          en: `training input ${name}: expected ${type} [${shape}], got ${got}`,
          zh: `训练输入 ${name}：应为 ${type} [${shape}]，实际为 ${data ? got : '空'}`,
        },
        {
          en: 'give every input of the manifest, with the whole batch',
          zh: '请按清单给出每个输入，且包含整个批次',
        },
      );
    }
    tensors[name] = { dims: shape, data };
  }
  return tensors;
}

/** The state tensors of `manifest`, checked. Throws HuoyanError `bad-argument` when they belong to another network. */
export function stateFromTensors(
  manifest: TrainingManifest,
  tensors: Readonly<Record<string, Tensor>>,
): State {
  const state: State = {};
  for (const { input, type, shape } of manifest.state) {
    const data = tensors[input]?.data;
    if (!data || data.length !== sizeOf(shape) || kindOf(data) !== type) {
      throw new HuoyanError(
        'bad-argument',
        { en: `checkpoint does not fit: ${input}`, zh: `检查点与当前网络不符：${input}` },
        {
          en: 'it was written for another network or optimiser; start anew or restore the declaration',
          zh: '它来自另一个网络或优化器；请重新开始训练，或恢复原来的网络定义',
        },
      );
    }
    state[input] = data as Float32Array | BigInt64Array;
  }
  return state;
}

function kindOf(data: Tensor['data']): string {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return 'uint8';
}

function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function diverged(step: number, culprit: string): HuoyanError {
  return new HuoyanError(
    'training-diverged',
    {
      en: `training diverged at step ${step}: ${culprit} is the first tensor that is not finite`,
      zh: `训练在第 ${step} 步发散：${culprit} 是第一个出现非有限值的张量`,
    },
    {
      en: 'lower the learning rate, clip gradients (clipNorm), or check the inputs of that step; the last checkpoint is intact',
      zh: '请降低学习率、裁剪梯度（clipNorm），或检查该步的输入；上一个检查点完好',
    },
  );
}
