/** What the page of an audit adds to the common style sheet: bars, curves, histograms, tables. */
export const AUDIT_STYLE = `
.q-targeted{--c:var(--manipulated)}.q-anybody{--c:var(--inconclusive)}.q-other{--c:var(--suspect)}.q-plain{--c:var(--synthetic)}
.audit h2{font-size:1.3rem;margin-bottom:.5rem}
.audit section.card{margin-top:18px;scroll-margin-top:12px}
.audit section.card:first-child{margin-top:0}
.audit h1+p{margin-top:.5rem}
.fill{fill:var(--c)}
.q-anybody .fill{fill:color-mix(in srgb,var(--c) 55%,var(--card));stroke:var(--c)}
.whisker{stroke:var(--ink);stroke-width:1.6}
.bars{display:grid;gap:18px;margin-top:18px}
.bars h3{margin:0 0 .35rem;overflow-wrap:anywhere}
.bars h3 a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}
.plot+.plot{margin-top:18px}
.bars h3 .quiet{font-weight:400;margin-left:.5em}
.bar-row{display:grid;grid-template-columns:8.5rem minmax(0,1fr) 10.5rem;gap:4px 14px;align-items:center;font-size:.93rem;padding:.14rem 0}
.bar-row svg{display:block}
.bar-row .figure{text-align:right}
.keys{list-style:none;margin:.5rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.88rem}
.keys li{display:inline-flex;align-items:center;gap:8px}
.keys svg{flex:none}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:22px 34px;margin-top:16px;align-items:start}
.plot figcaption{margin:0 0 .3rem;color:var(--ink);font-weight:600;font-size:.95rem}
.plot figcaption .quiet{font-weight:400}
.plot>svg{display:block;width:100%;height:auto;overflow:visible}
.plot .grid{stroke:var(--line)}
.plot .mark{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:2 3}
.plot text{fill:var(--soft);font:12.5px var(--sans);font-variant-numeric:tabular-nums}
.curve{fill:none;stroke:var(--c);stroke-width:2.4;stroke-linejoin:round}
.q-anybody .curve{stroke-dasharray:7 4}.q-other .curve{stroke-dasharray:2 4;stroke-linecap:round}
.band{fill:var(--c);opacity:.14}
.plot p.quiet{margin:.2rem 0 0}
.audit .more{margin-top:14px}
.scroll{overflow-x:auto;max-width:100%}
.figures{font-size:.9rem;width:auto;min-width:min(100%,34rem)}
.figures th,.figures td{padding:.28rem 1.1rem .28rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.figures thead th{font-weight:500;color:var(--soft)}
.figures .figure{text-align:right}
.figures tbody th{font-weight:400;overflow-wrap:anywhere}
@media (max-width:640px){
.bar-row{grid-template-columns:minmax(0,1fr) auto}
.bar-row svg{grid-column:1/-1;grid-row:2}
.figures th,.figures td{padding-right:.7rem}
}
@media (forced-colors:active){.fill{fill:Highlight}.curve{stroke:CanvasText}.whisker{stroke:CanvasText}}
@media print{.audit section.card{margin-top:14px}.plots{grid-template-columns:1fr 1fr}.bars>div,.plot{break-inside:avoid}}
`;
