/**
 * What the page of sources adds to the common style sheet; all of it within `.sources`, because the web application shows
 * it among its own. A source's colour never stands alone: its number goes with
 * it. The eight colours reach 4.5:1 on their ground, in light and in dark, and return after the eighth source.
 */
const COLOURS = 8;

export function colourClass(id: number): string {
  return `k${(id - 1) % COLOURS}`;
}

const LIGHT = ['#2a62b8', '#a34a12', '#1a6b52', '#8a3fa0', '#a8323e', '#0d6b78', '#6b5d0e', '#a83279'];
const DARK = ['#8ab4f8', '#f2a65e', '#6fcfa8', '#d3a0ea', '#f49494', '#66cbd8', '#d8c65a', '#f29ac8'];

const colours = (all: readonly string[]) => all.map((colour, i) => `--k${i}:${colour}`).join(';');

export const CLUSTER_STYLE = `
.sources{${colours(LIGHT)}}
@media (prefers-color-scheme:dark){.sources{${colours(DARK)}}}
${LIGHT.map((_, i) => `.sources .k${i}{--k:var(--k${i})}`).join('')}
.sources h2,.sources .card h2{font-size:1.3rem}
.sources .card h2{margin:0}
.sources .gist{padding:24px 28px}
.sources .gist h1+p{margin-top:.5rem;color:var(--soft)}
.sources .meaning{margin-top:16px;padding-left:14px;border-left:3px solid var(--focus)}
.sources .network{position:relative;margin-top:18px;padding:22px 28px;background:var(--card);border:1px solid var(--line);border-radius:12px}
.sources .network>svg{display:block;max-width:100%;max-height:86vh;height:auto;margin:10px auto 4px}
.sources .network .legend{justify-content:center;margin-top:12px}
.sources .network .legend>span{display:inline-flex;gap:8px;align-items:center}
.sources .halo{fill:var(--k);stroke:var(--k);stroke-linejoin:round;stroke-linecap:round;opacity:.13}
.sources .thin{stroke:var(--k,var(--soft));stroke-width:1.6;opacity:.6}
.sources .thick{stroke:var(--ink);stroke-width:6;stroke-linecap:round}
.sources .node .ground{fill:var(--sunk)}
.sources .node .rim{fill:none;stroke:var(--k,var(--soft));stroke-width:3}
.sources .node.alone .rim{stroke-width:1.5;stroke-dasharray:4 3}
.sources .node:hover .rim,.sources .node:focus-visible .rim{stroke:var(--ink);stroke-width:5}
.sources .tag circle{fill:var(--k);stroke:var(--card);stroke-width:2}
.sources .tag text{fill:var(--card);font:600 14px var(--sans);text-anchor:middle}
.sources .source{margin-top:18px;padding:22px 28px;scroll-margin-top:12px}
.sources .source-head{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center}
.sources .source-head .number{flex:none;display:grid;place-items:center;min-width:2.1rem;height:2.1rem;padding:0 .4rem;border-radius:99px;background:var(--k);color:var(--card);font-weight:600;font-variant-numeric:tabular-nums}
.sources .source-head .how-much{margin:0 0 0 auto;color:var(--soft);display:inline-flex;gap:16px;align-items:center;font-size:.93rem}
.sources .source-head .how-much>span:not(.t){display:inline-flex;gap:7px;align-items:center}
.sources .source-head .how-much rect{fill:var(--k)}
.sources .source-head .how-much .bar-track{fill:color-mix(in srgb,var(--ink) 13%,var(--card))}
.sources .spread{display:grid;grid-template-columns:minmax(0,1fr) 218px;gap:26px;margin-top:16px}
.sources .spread.wide{grid-template-columns:minmax(0,1fr)}
.sources .spectra{display:grid;grid-template-columns:repeat(2,104px);gap:10px;align-content:start}
.sources .spectra svg{display:block;width:100%;aspect-ratio:1;height:auto;border-radius:8px;image-rendering:pixelated}
.sources .spectra figcaption{margin-top:.25rem;font-size:.78rem;line-height:1.3}
.sources .sheet{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:12px 10px}
.sources .sheet li{min-width:0;position:relative;scroll-margin-top:30vh}
.sources .sheet li>svg,.sources .sheet .blank{display:block;width:100%;aspect-ratio:1;height:auto;border-radius:8px;background:var(--sunk)}
.sources .sheet .blank{border:1px dashed var(--line)}
.sources .sheet bdi{display:block;margin-top:.25rem;font-size:.78rem;line-height:1.3;color:var(--soft);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.sources .sheet li:target>svg,.sources .sheet li:target>.blank{outline:4px solid var(--focus);outline-offset:2px}
.sources .sheet li:target bdi{color:var(--ink);white-space:normal}
.sources .copy{position:absolute;top:6px;right:6px;background:var(--ink);color:var(--card);font-size:.78rem;font-weight:600;line-height:1;border-radius:99px;padding:.28rem .5rem;text-decoration:none;font-variant-numeric:tabular-nums}
.sources .copy::before{content:"≈ "}
.sources .home{display:inline-block;color:var(--k,var(--soft));font-size:.78rem;font-weight:600}
.sources .source .more{margin-top:14px}
.sources .source .more>.sheet{margin-top:12px}
.sources .copies-group{margin-top:18px;scroll-margin-top:12px}
.sources .copies-group h3{margin-bottom:.5rem}
.sources .plain{margin:.6rem 0 0;padding-left:1.15rem}
.sources .plain li{margin-bottom:.4rem;overflow-wrap:anywhere}
@media (max-width:640px){
.sources .gist,.sources .network,.sources .source{padding:16px 14px}
.sources .network>svg{margin-top:8px}
.sources .network .legend{justify-content:flex-start}
.sources .source-head .how-much{margin-left:0;width:100%}
.sources .spread{grid-template-columns:minmax(0,1fr);gap:16px}
.sources .spectra{order:2}
.sources .sheet{grid-template-columns:repeat(auto-fill,minmax(84px,1fr));gap:10px 8px}
}
@media print{
.sources{${colours(LIGHT)}}
.sources .gist,.sources .network,.sources .source{border:0;padding:0;margin-top:14px}
.sources .network>svg{max-height:150mm}
.sources .network figcaption{display:flex!important}
.sources .spectra figcaption{display:block!important}
.sources .source{break-inside:auto}
.sources .source-head,.sources .spectra{break-inside:avoid;break-after:avoid}
.sources .sheet{grid-template-columns:repeat(auto-fill,minmax(26mm,1fr))}
.sources .source .more:not([open]){display:block}
}
`;
