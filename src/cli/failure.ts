/** Ways in which a whole command fails (not one file of many): what to tell, and the exit code. */
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** Thrown by a command that cannot go on; `main` tells the reason with its hint and exits with the code. */
export class CommandFailure extends Error {
  constructor(
    readonly exitCode: ExitCode,
    readonly reason: HuoyanError,
  ) {
    super(reason.message, { cause: reason });
  }
}

/** The user asked for something that makes no sense. */
export function usageError(text: Text, hint: Text): CommandFailure {
  return new CommandFailure(EXIT.usage, new HuoyanError('bad-argument', text, hint));
}

/** A file that was named as a list, report or the like is not one. */
export function contractError(text: Text, hint: Text, cause?: unknown): CommandFailure {
  return new CommandFailure(EXIT.contract, new HuoyanError('corrupt', text, hint, { cause }));
}

/** Whatever a command threw, as a failure with the exit code its kind deserves. */
export function asCommandFailure(thrown: unknown): CommandFailure {
  if (thrown instanceof CommandFailure) return thrown;
  const reason = asHuoyanError(thrown);
  const byCode: Partial<Record<HuoyanError['code'], ExitCode>> = {
    'bad-argument': EXIT.usage,
    'model-missing': EXIT.component,
    'component-missing': EXIT.component,
    cancelled: EXIT.interrupted,
  };
  return new CommandFailure(byCode[reason.code] ?? EXIT.failure, reason);
}
