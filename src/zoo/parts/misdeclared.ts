/** What is thrown when a declaration asks for something that its family cannot be trained as. */
import { HuoyanError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';

export function misdeclared(name: string, text: Text, hint: Text): HuoyanError {
  return new HuoyanError('bad-argument', { en: `${name}: ${text.en}`, zh: `${name}：${text.zh}` }, hint);
}
