/**
 * A piece of a report within the page. Its markup comes from our own service, which lets nothing of a file through as
 * markup (src/report/html/escape.ts, tested there); its controls are brought to life here, as the report's own script
 * does in a report.
 */
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useLanguage } from '../language.tsx';
import { Player, type Recording } from './player.tsx';

export function Fragment({
  markup,
  recording,
}: {
  readonly markup: string;
  /** What the report is about, where it can be played. */
  readonly recording?: Recording;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const { language } = useLanguage();
  useEffect(() => {
    const root = place.current;
    if (!root) return;
    root.innerHTML = markup;
    const section = recording ? root.querySelector<HTMLElement>('.recording') : null;
    section?.replaceChildren();
    setStage(section);
    const figures = [...root.querySelectorAll<HTMLElement>('[data-picture]')];
    for (const figure of figures) {
      const update = () => updateFigure(figure);
      figure.addEventListener('input', update);
      figure.addEventListener('change', update);
      update();
    }
  }, [markup, recording]);
  useEffect(() => {
    for (const element of place.current?.querySelectorAll<HTMLElement>('[data-label-en]') ?? []) {
      const { labelEn = '', labelZh = '' } = element.dataset;
      element.setAttribute('aria-label', language === 'zh' ? labelZh : labelEn);
    }
  }, [language]);
  return (
    <>
      <div ref={place} className="fragment" />
      {stage &&
        recording &&
        place.current &&
        createPortal(<Player recording={recording} report={place.current} />, stage)}
    </>
  );
}

/** Shows the layer that is chosen, at the strength that is chosen. */
function updateFigure(figure: HTMLElement): void {
  const canvas = figure.querySelector<SVGElement>('.canvas');
  if (!canvas) return;
  const slider = figure.querySelector<HTMLInputElement>('.opacity');
  const boxes = figure.querySelector<HTMLInputElement>('.show-boxes');
  const layer = figure.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? '';
  for (const part of figure.querySelectorAll<HTMLElement>('[data-layer]'))
    part.toggleAttribute('hidden', part.dataset.layer !== layer);
  const strength = slider ? Number(slider.value) / 100 : 1;
  for (const heat of canvas.querySelectorAll<SVGElement>('.heat')) heat.style.opacity = String(strength);
  for (const box of canvas.querySelectorAll<SVGElement>('.boxes'))
    box.style.visibility = !boxes || boxes.checked ? 'visible' : 'hidden';
  const shown = layer !== '' && canvas.querySelector(`[data-layer="${CSS.escape(layer)}"] .heat`) !== null;
  canvas.style.setProperty('--faded', shown ? String(1 - strength) : '1');
  if (slider) slider.disabled = layer === '';
}
