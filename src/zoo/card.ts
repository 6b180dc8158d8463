/** The card beside the zoo's weights: what they are, what they were made from, how well they do, how to check them. */
import type { Json } from '../core/json.ts';
import type { Family } from './declaration.ts';

export interface ZooCard {
  readonly name: 'zoo';
  readonly version: string;
  readonly task: string;
  readonly licence: string;
  /** Names of the sets of pictures and their licences as the collection states them. */
  readonly trainedOn: Json;
  /** The command that rebuilds it. */
  readonly recipe: string;
  /** How many of the catalogue's generators are trained, and of how many. */
  readonly generators: number;
  readonly declared: number;
  /** Numbers in all packs together. */
  readonly parameters: number;
  readonly packs: Readonly<
    Partial<Record<Family, { readonly generators: number; readonly bytes: number; readonly sha256: string }>>
  >;
  readonly measured: Json;
}

/** File name beside the packs. */
export const ZOO_CARD = 'card.json';
