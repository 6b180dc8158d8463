/** What a folder of fakes is to an audit, whatever its makers' habits. Adding a layout is an object of this kind and a line in LAYOUTS. */

/** Where a fake lies and what is known of it. */
export interface FakeFile {
  readonly path: string;
  /** Who is impersonated; null when that is not known, and then only "named anybody" can be measured. */
  readonly person: string | null;
  readonly method: string | null;
  /** The clip it is a frame of. */
  readonly clip: string | null;
}

export interface FakeFiles {
  readonly fakes: readonly FakeFile[];
  /** Real pictures that lie beside the fakes, by person. */
  readonly reals: readonly { readonly path: string; readonly person: string }[];
}

/** One way in which fakes lie in a folder. */
export interface FakeLayout {
  readonly name: string;
  /** Null when `folder` is not laid out like this. */
  read(folder: string): Promise<FakeFiles | null>;
}
