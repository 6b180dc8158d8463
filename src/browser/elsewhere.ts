/**
 * What is looked for elsewhere and cannot be looked for in a browser, said as evidence: a report names under "what we could
 * not examine" what a reader of the service's own report would find there.
 */
import type { Evidence } from '../core/evidence.ts';
import type { Detector } from '../evidence/detector.ts';

const NAME = 'enrolled';
const VERSION = '1.0.0';

/** Generators that a user enrolled are known to that user's service, or command line, only. */
export const enrolledElsewhere: Detector<'image'> = {
  name: NAME,
  version: VERSION,
  kinds: ['image'],
  async examine(): Promise<Evidence> {
    return {
      status: 'notApplicable',
      detector: NAME,
      version: VERSION,
      reason: 'on-this-device',
      summary: {
        en: 'Generators that were enrolled are known to the service only; nothing was sent there.',
        zh: '已登记的生成器只有服务端才知道；本次未向其发送任何内容。',
      },
      details: {},
    };
  },
};
