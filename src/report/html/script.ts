/**
 * The page's own script: language, heat map controls, filter and order of the list, printing. Without it everything
 * still shows. Its SHA-256 stands in the page's content security policy (policy.ts), so nothing else can run.
 */
export const SCRIPT = `(() => {
'use strict';
const root = document.documentElement;
const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
root.classList.add('scripted');

const setLanguage = (language) => {
  root.lang = language === 'zh' ? 'zh-Hans' : 'en';
  for (const button of all('[data-language]')) button.setAttribute('aria-pressed', String(button.dataset.language === language));
  for (const element of all('[data-label-en]')) {
    const text = language === 'zh' ? element.dataset.labelZh : element.dataset.labelEn;
    element.setAttribute(element.hasAttribute('placeholder') ? 'placeholder' : 'aria-label', text);
    if (element.hasAttribute('placeholder')) element.setAttribute('aria-label', text);
  }
  for (const option of all('option[data-text-en]')) option.textContent = language === 'zh' ? option.dataset.textZh : option.dataset.textEn;
  const title = document.querySelector('title');
  document.title = language === 'zh' ? title.dataset.titleZh : title.dataset.titleEn;
};
for (const button of all('[data-language]')) button.addEventListener('click', () => setLanguage(button.dataset.language));

for (const button of all('[data-print]')) button.addEventListener('click', () => window.print());

for (const figure of all('[data-picture]')) {
  const canvas = figure.querySelector('.canvas');
  const slider = figure.querySelector('.opacity');
  const boxes = figure.querySelector('.show-boxes');
  const update = () => {
    const chosen = figure.querySelector('input[type=radio]:checked');
    const layer = chosen ? chosen.value : '';
    for (const part of all('[data-layer]', figure)) part.toggleAttribute('hidden', part.dataset.layer !== layer);
    const strength = slider ? Number(slider.value) / 100 : 1;
    for (const heat of all('.heat', canvas)) heat.style.opacity = String(strength);
    for (const box of all('.boxes', canvas)) box.style.visibility = !boxes || boxes.checked ? 'visible' : 'hidden';
    const shown = layer !== '' && canvas.querySelector('[data-layer="' + layer + '"] .heat');
    canvas.style.setProperty('--faded', shown ? String(1 - strength) : '1');
    if (slider) slider.disabled = layer === '';
  };
  figure.addEventListener('input', update);
  figure.addEventListener('change', update);
  update();
}

for (const section of all('.recording')) {
  const player = section.querySelector('video, audio');
  if (!player) continue;
  const go = (seconds) => {
    player.currentTime = seconds;
    player.scrollIntoView({ block: 'nearest' });
    player.play().catch(() => {});
  };
  for (const button of all('[data-seek]', section.parentNode)) {
    button.addEventListener('click', () => go(Number(button.dataset.seek)));
  }
  for (const lane of all('[data-seconds]', section.parentNode)) {
    lane.classList.add('seekable');
    lane.addEventListener('click', (event) => {
      const place = lane.getBoundingClientRect();
      go(((event.clientX - place.left) / place.width) * Number(lane.dataset.seconds));
    });
  }
}

const list = document.querySelector('.files');
if (list) {
  const files = all('.file', list);
  const search = document.querySelector('.search');
  const sort = document.querySelector('.sort');
  const none = document.querySelector('.nothing-left');
  const update = () => {
    const wanted = (search ? search.value : '').trim().toLowerCase();
    const filter = document.querySelector('.filters input:checked');
    const outcome = filter ? filter.value : '';
    let left = 0;
    for (const file of files) {
      const fits = (!outcome || file.dataset.outcome === outcome) && (!wanted || file.dataset.name.toLowerCase().includes(wanted));
      file.hidden = !fits;
      if (fits) left++;
    }
    if (none) none.hidden = left > 0;
  };
  const order = () => {
    const by = sort.value;
    const key = by === 'name' ? (a, b) => a.dataset.name.localeCompare(b.dataset.name) : by === 'gravest' ? (a, b) => a.dataset.gravity - b.dataset.gravity || b.dataset.probability - a.dataset.probability : (a, b) => a.dataset.index - b.dataset.index;
    for (const file of [...files].sort(key)) list.append(file);
  };
  if (search) search.addEventListener('input', update);
  if (sort) sort.addEventListener('change', order);
  for (const input of all('.filters input')) input.addEventListener('change', update);
  for (const button of all('[data-open]')) {
    button.addEventListener('click', () => {
      for (const file of files) if (!file.hidden) file.querySelector('details').open = button.dataset.open === 'all';
    });
  }
  const follow = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches('.file')) target.querySelector('details').open = true;
  };
  window.addEventListener('hashchange', follow);
  follow();
  let closed = [];
  window.addEventListener('beforeprint', () => {
    closed = all('.file > details:not([open])', list);
    for (const details of closed) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of closed) details.open = false;
  });
}
})();
`;
