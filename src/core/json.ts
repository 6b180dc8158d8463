/** What may stand in a record that is written as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
