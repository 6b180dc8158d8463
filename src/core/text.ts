/**
 * Everything a person reads exists in Chinese and in English, side by side where it is born, so that a new
 * kind of evidence brings its own words and no other file changes.
 */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;
