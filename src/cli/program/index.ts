/** Every command, in the order the help lists them. A new group is a file beside this one and its place here. */
import { completion, doctor, models, schema } from './about.ts';
import { analyze } from './analyze.ts';
import { audit } from './audit.ts';
import { bench } from './bench.ts';
import type { Declaration } from './declaration.ts';
import { protect } from './protect.ts';
import { backup, keys, restore, serve, verifyLog, worker } from './service.ts';
import { trace } from './trace.ts';
import { zoo } from './zoo.ts';

export const COMMANDS: readonly Declaration[] = [
  analyze,
  trace,
  serve,
  worker,
  keys,
  verifyLog,
  backup,
  restore,
  protect,
  bench,
  doctor,
  models,
  audit,
  zoo,
  schema,
  completion,
];
