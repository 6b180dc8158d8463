/** A picture before and after, under a slider or side by side, or what differs between them. */
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import { useLanguage } from '../language.tsx';
import { CLOAK } from './cloak-words.ts';
import { type Part, shotsOf } from './shots.ts';

const VIEWS = ['slide', 'side', 'difference'] as const;
type View = (typeof VIEWS)[number];

/** Share of the picture below which its changed part is shown alone at first. */
const SMALL = 0.7;

export function Preview({
  before,
  after,
  changed,
}: {
  readonly before: Blob;
  readonly after: Blob;
  readonly changed: Part;
}) {
  const { t } = useLanguage();
  const group = useId();
  const pictures = usePictures(before, after);
  const [view, setView] = useState<View>('slide');
  const [divide, setDivide] = useState(50);
  const [zoomed, setZoomed] = useState<boolean | null>(null);
  const shots = useMemo(() => {
    if (!pictures || pictures === 'none') return null;
    const { width, height } = pictures.after;
    const share = (changed.width * changed.height) / (width * height);
    const close = zoomed ?? share < SMALL;
    const part = close ? changed : { x: 0, y: 0, width, height };
    return { close, ...shotsOf(pictures.before, pictures.after, part) };
  }, [pictures, changed, zoomed]);
  if (pictures === 'none') return <p className="absent">{t(CLOAK.noPreview)}</p>;
  if (!shots) return null;
  return (
    <figure className="cloak-preview">
      {view === 'slide' && (
        <div className="slide">
          <Shot pixels={shots.before} label={CLOAK.before} />
          <div className="over" style={{ clipPath: `inset(0 0 0 ${divide}%)` }}>
            <Shot pixels={shots.after} label={CLOAK.after} />
          </div>
          <i className="divide" style={{ left: `${divide}%` }} />
        </div>
      )}
      {view === 'side' && (
        <div className="side">
          <Shot pixels={shots.before} label={CLOAK.before} />
          <Shot pixels={shots.after} label={CLOAK.after} />
        </div>
      )}
      {view === 'difference' && (
        <>
          <Shot pixels={shots.difference} label={CLOAK.difference} />
          <figcaption>{t(CLOAK.differenceWhy)}</figcaption>
        </>
      )}
      <div className="controls">
        <fieldset className="segments">
          <legend className="unseen">{t(CLOAK.view)}</legend>
          {VIEWS.map((one) => (
            <label key={one}>
              <input type="radio" name={group} checked={view === one} onChange={() => setView(one)} />
              <span>{t(CLOAK[one])}</span>
            </label>
          ))}
        </fieldset>
        {view === 'slide' && (
          <label className="slider">
            <span>{t(CLOAK.divide)}</span>
            <input
              type="range"
              min={0}
              max={100}
              value={divide}
              onChange={(event) => setDivide(Number(event.target.value))}
            />
          </label>
        )}
        <label className="check">
          <input
            type="checkbox"
            checked={shots.close}
            onChange={(event) => setZoomed(event.target.checked)}
          />
          <span>{t(CLOAK.faceOnly)}</span>
        </label>
      </div>
    </figure>
  );
}

interface Pictures {
  readonly before: ImageBitmap;
  readonly after: ImageBitmap;
}

/** Both pictures decoded; null until they are, `none` where this browser cannot. */
function usePictures(before: Blob, after: Blob): Pictures | null | 'none' {
  const [pictures, setPictures] = useState<Pictures | null | 'none'>(null);
  useEffect(() => {
    let wanted = true;
    const all = Promise.all([createImageBitmap(before), createImageBitmap(after)]);
    all.then(
      ([one, other]) => wanted && setPictures({ before: one, after: other }),
      () => wanted && setPictures('none'),
    );
    return () => {
      wanted = false;
      all.then(
        (bitmaps) => bitmaps.forEach((bitmap) => void bitmap.close()),
        () => {},
      );
    };
  }, [before, after]);
  return pictures;
}

function Shot({ pixels, label }: { readonly pixels: ImageData; readonly label: Text }) {
  const { t } = useLanguage();
  const place = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    place.current?.getContext('2d')?.putImageData(pixels, 0, 0);
  }, [pixels]);
  return (
    <div className="shot">
      <canvas ref={place} width={pixels.width} height={pixels.height} role="img" aria-label={t(label)} />
      <span className="shot-name" aria-hidden="true">
        {t(label)}
      </span>
    </div>
  );
}
