/**
 * A command as data: what is said about it in both languages, what it takes, and how its implementation is fetched.
 * Data, so that adding a command needs neither the parser's library nor the language the user happens to speak: both
 * are known to `main.ts` alone, which turns declarations into the program.
 */
import type { Text } from '../../core/text.ts';
import type { CommandWords } from '../commands/completion.ts';
import type { Console } from '../console.ts';

export interface Declaration {
  readonly name: string;
  readonly alias?: string;
  /** Its line in the list of commands. */
  readonly summary: Text;
  /** The head of its own help. */
  readonly description?: Text;
  readonly arguments?: readonly Argument[];
  /** In the order the help shows them. */
  readonly options?: readonly Flag[];
  /** Whether its help ends with the table of exit codes. */
  readonly exitCodes?: boolean;
  /** Commands within it. */
  readonly commands?: readonly Declaration[];
  /**
   * Imports the implementation, here and not at the head of a file, so that help comes fast; returns what is left to
   * run. Absent where a command only holds others.
   *
   * @param words what was given for each of `arguments`, in their order
   * @param flags values of its options, of those of the commands it is within, and of the global ones, by camel-cased name
   * @param commands every command with its flags, for completion
   */
  load?(words: readonly Word[], flags: object, commands: () => readonly CommandWords[]): Promise<Run>;
}

/** A string, or strings for an argument that ends in `...`. */
export type Word = string | readonly string[];

/** A command with its implementation there: writes to the streams and resolves to the exit code. */
export type Run = (io: Console) => Promise<number>;

export interface Argument {
  /** `<needed>`, `[optional]`, `[any number...]`. */
  readonly name: string;
  readonly text: Text;
  readonly fallback?: string;
}

export interface Flag {
  /** `-s, --long <value>`; `--no-long` for one that is on unless it is given. */
  readonly flags: string;
  readonly text: Text;
  /** Reads the value; throws `Unfit`. Without it the value is the string that was given. */
  readonly parse?: (value: string) => number | string;
  /** Its value where it is not given; shown in the help. */
  readonly fallback?: string | number;
  readonly choices?: readonly string[];
  /** May be given more than once; its value is then the list of all of them. Only together with `choices`. */
  readonly repeatable?: boolean;
  /** Must be given. */
  readonly needed?: boolean;
  /** Name of the option it cannot be given together with. */
  readonly conflicts?: string;
}
