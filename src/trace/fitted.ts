/** Written by `npm run recipe:trace -- calibrate`; not to be edited. docs/measured/trace.md says on what. */
export const SHARPNESS = 13.938;
export const UNKNOWN = 5.766;
export const PHOTOGRAPH_BIAS = 1.844;
/** Log-likelihood ratio of "one source" against "two" for a pair: PAIR_SLOPE * similarity + PAIR_OFFSET. */
export const PAIR_SLOPE = 13.938;
export const PAIR_OFFSET = -1.414;
