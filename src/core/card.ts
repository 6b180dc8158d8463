import type { Json } from './json.ts';

/** The card beside every network in `models/`: what it is, what it was made from, how well it does, how to check it. */
export interface ModelCard {
  /** File name without extension: `models/NAME.onnx`. */
  readonly name: string;
  readonly version: string;
  readonly task: string;
  readonly licence: string;
  /** Names of the data sources and their licences as stated. */
  readonly trainedOn: Json;
  /** The command that rebuilds it. */
  readonly recipe: string;
  readonly parameters: number;
  readonly sha256: string;
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
  /** Operating point, false-positive rate by source, calibration and so on: printed by a committed command. */
  readonly measured: Json;
  /** Inputs and outputs that must be met on any machine, so that a damaged or swapped file is noticed. */
  readonly selfTest: {
    readonly seed: number;
    readonly output: readonly number[];
    readonly tolerance: number;
  };
}
