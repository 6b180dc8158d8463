/** Audits of other people's face recognisers, made from what they answered to fakes. */
import { percent } from '../../../src/report/locale/format.ts';
import type { Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { AUDITS, SERVICE } from '../measured/words.ts';
import { Measurements } from '../parts/measurements.tsx';

export function AuditsPage({ path, role }: { readonly path: string; readonly role: Role }) {
  const { t } = useLanguage();
  return (
    <Measurements
      api="/v1/audits"
      page="/audits"
      path={path}
      role={role}
      words={AUDITS}
      short={({ fakes, targeted }) => ({
        en: `${percent(targeted)} % of ${fakes} fakes passed`,
        zh: `${fakes} 张伪造中 ${percent(targeted)} % 冒充成功`,
      })}
      fields={<input name="service" maxLength={100} placeholder={t(SERVICE)} aria-label={t(SERVICE)} />}
    />
  );
}
