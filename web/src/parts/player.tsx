/**
 * The recording that a report is about, in the report's own place for it: faces and time lines move it, as the report's own
 * script has them do where the file stands in the report.
 */
import { useEffect, useRef } from 'react';
import { goTo, RECORDING, recordingAlt } from '../../../src/report/locale/recording.ts';
import { useLanguage } from '../language.tsx';

export interface Recording {
  readonly url: string;
  readonly kind: 'audio' | 'video';
  readonly name: string;
}

export function Player({
  recording: { url, kind, name },
  report,
}: {
  readonly recording: Recording;
  readonly report: HTMLElement;
}) {
  const { t } = useLanguage();
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    const seek = (seconds: number) => {
      const one = player.current;
      if (!one) return;
      one.currentTime = seconds;
      one.scrollIntoView({ block: 'nearest' });
      one.play().catch(() => {});
    };
    for (const moment of report.querySelectorAll<HTMLElement>('[data-moment]')) {
      const told = moment.textContent;
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', textContent: `▶ ${told}`, ariaLabel: t(goTo(told)) });
      button.addEventListener('click', () => seek(Number(moment.dataset.moment)), { signal });
      moment.replaceChildren(button);
      signal.addEventListener('abort', () => moment.replaceChildren(told));
    }
    for (const lane of report.querySelectorAll<SVGElement>('[data-seconds]')) {
      lane.classList.add('seekable');
      const go = (event: MouseEvent) => {
        const place = lane.getBoundingClientRect();
        seek(((event.clientX - place.left) / place.width) * Number(lane.dataset.seconds));
      };
      lane.addEventListener('click', go, { signal });
    }
    return () => gone.abort();
  }, [report, t]);
  const Element = kind;
  return (
    <>
      <h3>{t(RECORDING.heading)}</h3>
      <Element
        ref={player}
        src={url}
        controls
        playsInline={kind === 'video' || undefined}
        preload="metadata"
        aria-label={t(recordingAlt(name))}
      />
      <p className="quiet">{t(kind === 'video' ? RECORDING.video : RECORDING.sound)}</p>
    </>
  );
}
