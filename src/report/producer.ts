/** Who wrote a report: the name and version of this package, taken from its manifest so that they cannot drift. */
import { version } from '../../package.json' with { type: 'json' };

export const PRODUCER = { name: 'huoyan', version } as const;

/** Name and version of what every record of an analysis promises (`schema.ts` writes it out). */
export const RECORD_SCHEMA = 'huoyan.analysis/1';
