/** `huoyan completion SHELL`: commands and flags for the shell's own completion; everything else completes as files. */
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';

export interface CommandWords {
  readonly name: string;
  readonly flags: readonly string[];
}

const SHELLS: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

/** Prints the script for `shell`; throws a usage failure for a shell that is not known. */
export async function completion(
  shell: string,
  commands: readonly CommandWords[],
  io: Console,
): Promise<number> {
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (!script) {
    const known = Object.keys(SHELLS).join(', ');
    throw usageError(
      { en: `no completion for "${shell}"`, zh: `没有适用于“${shell}”的补全脚本` },
      { en: `one of: ${known}`, zh: `可选：${known}` },
    );
  }
  await io.write(script(commands));
  return EXIT.ok;
}

function bash(commands: readonly CommandWords[]): string {
  const cases = commands.map((c) => `    ${c.name}) words="${c.flags.join(' ')}" ;;`).join('\n');
  return `_huoyan() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map((c) => c.name).join(' ')} --help --version"
  elif [ "\${word:0:1}" = "-" ]; then
    case "\${COMP_WORDS[1]}" in
${cases}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _huoyan huoyan
`;
}

function zsh(commands: readonly CommandWords[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
}

function fish(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((c) => [
    `complete -c huoyan -n __fish_use_subcommand -a ${c.name}`,
    ...c.flags
      .filter((flag) => flag.startsWith('--'))
      .map((flag) => `complete -c huoyan -n "__fish_seen_subcommand_from ${c.name}" -l ${flag.slice(2)}`),
  ]);
  return `${lines.join('\n')}\n`;
}
