/** What one conversion rule is given, and how it reads its attributes and constant inputs. */
import {
  broadcast,
  type ConstantValue,
  type Emitter,
  type TensorValue,
  unsupported,
  type Value,
} from './emitter.ts';
import type { GraphNode } from './graph-model.ts';

export interface OperatorCall {
  readonly node: GraphNode;
  readonly inputs: readonly Value[];
  readonly emit: Emitter;
}

/** Turns one TensorFlow operator into ONNX nodes; one value for each of its outputs. */
export type Operator = (call: OperatorCall) => readonly Value[];

export function number(call: OperatorCall, key: string, otherwise: number): number {
  const value = call.node.attributes[key];
  return typeof value === 'number' ? value : otherwise;
}

export function text(call: OperatorCall, key: string, otherwise: string): string {
  const value = call.node.attributes[key];
  return typeof value === 'string' ? value : otherwise;
}

export function flag(call: OperatorCall, key: string): boolean {
  return call.node.attributes[key] === true;
}

export function list<T extends number | string = number>(
  call: OperatorCall,
  key: string,
  otherwise: readonly T[],
): readonly T[] {
  const value = call.node.attributes[key];
  return Array.isArray(value) && value.length > 0 ? (value as readonly T[]) : otherwise;
}

export function inputOf(call: OperatorCall, index: number): Value {
  const value = call.inputs[index];
  if (!value) throw unsupported(`${call.node.op} ${call.node.name} without input ${index}`);
  return value;
}

/** Input `index`, which must be known at conversion. */
export function constantOf(call: OperatorCall, index: number): ConstantValue {
  const value = inputOf(call, index);
  if (value.kind !== 'constant') throw unsupported(`${call.node.op} with a computed input ${index}`);
  return value;
}

/** Input `index` as whole numbers known at conversion. */
export function integersOf(call: OperatorCall, index: number): number[] {
  const value = inputOf(call, index);
  const numbers =
    value.kind === 'shape' ? [...value.values] : value.kind === 'constant' ? [...value.data] : [];
  if (value.kind === 'tensor' || numbers.some((n) => n === 'N')) {
    throw unsupported(`${call.node.op} with a computed input ${index}`);
  }
  return numbers as number[];
}

/** An axis as TensorFlow states it, possibly from the end, as 0 .. rank - 1. */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= rank)
    throw unsupported(`axis ${axis} of ${rank}`);
  return positive;
}

/** The activation fused into a convolution or product, written as a node of its own (ONNX Runtime fuses it again). */
export function activate(
  call: OperatorCall,
  value: TensorValue,
  activation: string | undefined,
): TensorValue {
  if (activation === undefined) return value;
  const { emit } = call;
  const wrap = (name: string) => emit.tensor(name, value.dims, value.layout);
  switch (activation) {
    case 'Relu':
    case 'Elu':
    case 'Sigmoid':
      return wrap(emit.node(activation, [value.name]));
    case 'Relu6':
      return wrap(emit.node('Clip', [value.name, emit.scalar(0), emit.scalar(6)]));
    case 'LeakyRelu':
      return wrap(
        emit.node('LeakyRelu', [value.name], { alpha: { float: number(call, 'leakyrelu_alpha', 0.2) } }),
      );
    case 'Prelu':
      return prelu(call, value, inputOf(call, call.inputs.length - 1));
    default:
      throw unsupported(`fused activation ${activation}`);
  }
}

/** `x` where positive, `slope * x` elsewhere. */
export function prelu(call: OperatorCall, value: TensorValue, slope: Value): TensorValue {
  const { emit } = call;
  if (slope.kind === 'shape') throw unsupported('PReLU of sizes');
  broadcast(value.dims, slope.dims);
  const names =
    value.layout === 'channels-first'
      ? [value.name, emit.channelsFirst(slope)]
      : [emit.plain(value), emit.plain(slope)];
  return emit.tensor(emit.node('PRelu', names), value.dims, value.layout);
}
