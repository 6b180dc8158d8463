/**
 * The recording that a report is about, in the report's own place for it: its time lines move it, as the report's own
 * script has them do where the file stands in the report.
 */
import { useEffect, useRef } from 'react';
import { RECORDING, recordingAlt } from '../../../src/report/locale/recording.ts';
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
    for (const lane of report.querySelectorAll<SVGElement>('[data-seconds]')) {
      lane.classList.add('seekable');
      const go = (event: MouseEvent) => {
        const one = player.current;
        if (!one) return;
        const place = lane.getBoundingClientRect();
        one.currentTime = ((event.clientX - place.left) / place.width) * Number(lane.dataset.seconds);
        one.scrollIntoView({ block: 'nearest' });
        one.play().catch(() => {});
      };
      lane.addEventListener('click', go, { signal: gone.signal });
    }
    return () => gone.abort();
  }, [report]);
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
