/** Any network in an ONNX file, with a few words on what goes in and what comes out. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { BenchDetector } from './detector.ts';
import { badDescription, malformed } from './failures.ts';
import { fitted, type InputDescription, numbersOf } from './pixels.ts';

export interface OnnxDescription {
  readonly kind: 'onnx';
  readonly name: string;
  readonly version?: string;
  /** Path of the network, from the description's folder. */
  readonly model: string;
  readonly input: InputDescription & { readonly name?: string };
  readonly output: {
    readonly name?: string;
    /** Which number of the output; default the last (of one: that one; of two: the second). */
    readonly index?: number;
    /** What is done to the numbers; default `none`. */
    readonly activation?: 'none' | 'sigmoid' | 'softmax';
    /** Default `higher-is-fake`. */
    readonly polarity?: 'higher-is-fake' | 'higher-is-real';
  };
  /** Of the final score; default `probability` after an activation, else `unbounded`. */
  readonly scale?: 'probability' | 'logit' | 'unbounded';
  readonly threshold?: number;
}

/** Opens the network a description names. Throws HuoyanError `bad-argument` or `corrupt`. */
export async function onnxDetector(
  description: OnnxDescription,
  path: string,
  threads = 1,
): Promise<BenchDetector> {
  const { input, output, name } = description;
  if (!(input?.width >= 1 && input?.height >= 1) || !output || typeof description.model !== 'string')
    throw badDescription(path, {
      en: 'model, input.width, input.height or output is missing',
      zh: '缺少 model、input 或 output',
    });
  const file = resolve(dirname(path), description.model);
  const bytes = await readFile(file).catch((cause) => {
    throw badDescription(path, { en: `${file} cannot be read`, zh: `无法读取 ${file}` }, cause);
  });
  const session = await (await nodeRuntime()).load(bytes, { threads });
  const inputName = input.name ?? session.inputNames[0];
  const outputName = output.name ?? session.outputNames[0];
  if (!session.inputNames.includes(inputName) || !session.outputNames.includes(outputName)) {
    await session.release();
    throw badDescription(path, {
      en: `the network has inputs ${session.inputNames.join(', ')} and outputs ${session.outputNames.join(', ')}`,
      zh: `该网络的输入为 ${session.inputNames.join('、')}，输出为 ${session.outputNames.join('、')}`,
    });
  }
  const { activation = 'none', polarity = 'higher-is-fake' } = output;
  const { width, height, layout = 'NCHW' } = input;
  const dims = layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3];
  const scale = description.scale ?? (activation === 'none' ? 'unbounded' : 'probability');
  const turn = (score: number) =>
    polarity === 'higher-is-fake' ? score : scale === 'probability' ? 1 - score : -score;
  return {
    ...{ name, version: description.version, scale },
    threshold: description.threshold === undefined ? undefined : turn(description.threshold),
    settings: { input, output, sha256: createHash('sha256').update(bytes).digest('hex') },
    async judge(sample) {
      const { pixels } = await sample.image();
      const data = numbersOf(await fitted(pixels, input), input);
      const answer = (await session.run({ [inputName]: { dims, data } }))[outputName];
      const numbers = activated([...answer.data].map(Number), activation);
      const score = numbers[output.index ?? numbers.length - 1];
      if (!Number.isFinite(score)) throw malformed(name, `${score}`);
      return { status: 'ok', score: turn(score) };
    },
    close: () => session.release(),
  };
}

function activated(numbers: readonly number[], activation: 'none' | 'sigmoid' | 'softmax'): number[] {
  if (activation === 'none') return [...numbers];
  if (activation === 'sigmoid') return numbers.map((v) => 1 / (1 + Math.exp(-v)));
  const most = Math.max(...numbers);
  const powers = numbers.map((v) => Math.exp(v - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / sum);
}
