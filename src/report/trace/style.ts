/** What the page of traces adds to the common style sheet: shares, candidates, fingerprints, construction, neighbours. */
export const TRACE_STYLE = `
.banner .tag,.candidates .tag{font:500 .78rem/1.2 var(--sans);color:var(--soft);border:1px solid var(--line);border-radius:99px;padding:.1rem .55rem;margin-left:.5em;white-space:nowrap;vertical-align:.12em}
.banner h2{overflow-wrap:anywhere}
.chip.unknown .icon path{fill:none;stroke-width:1.8}
.banner.suspect.unknown .icon path{fill:none;stroke-width:1.8}
.gauge-figure+.gauge-head{margin-top:.5rem}
.shares{display:block;border-radius:5px;margin:.2rem 0 .5rem}
.shares rect,.dot{fill:var(--c)}
.share-keys{list-style:none;margin:0;padding:0;font-size:.86rem;display:grid;gap:.1rem}
.share-keys li{display:flex;gap:.5em;align-items:baseline}
.share-keys .figure{margin-left:auto;padding-left:1em}
.dot{width:9px;height:9px;flex:none}
.candidates table{table-layout:fixed}
.candidates th{font-weight:500;padding:.34rem .8rem .1rem 0;overflow-wrap:anywhere;font-size:.95rem}
.candidates .figure{text-align:right;width:4.2rem;padding:.34rem 0 .1rem;font-size:.93rem}
.candidates .line td{padding:0 0 .3rem}
.candidates .line svg{display:block}
.candidates .few th,.candidates .few td{color:var(--soft);font-weight:400}
.candidates .apart-head th{font-size:.86rem;font-weight:400;color:var(--soft);padding:.85rem 0 .1rem;border-top:1px solid var(--line)}
.candidates tbody+tbody::before{content:"";display:block;height:.7rem}
.traces{margin-top:32px;border-top:1px solid var(--line);padding-top:26px}
.traces>p{margin-bottom:1.1rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:24px 36px}
.pair figure{display:grid;grid-template-columns:256px minmax(0,1fr);gap:4px 20px;align-items:start}
.pair .plate{grid-row:1/3;width:256px;max-width:100%}
.pair img{display:block;max-width:100%;height:auto;border-radius:8px;image-rendering:pixelated;background:var(--sunk)}
.pair figcaption{margin:0}
.pair figcaption h4{font-size:.98rem;font-weight:600;margin:0 0 .35rem;color:var(--ink)}
.axis{display:flex;justify-content:space-between;font-size:.78rem;color:var(--soft);margin:.35rem 0 0;max-width:none}
.axis span{white-space:nowrap}
.key{display:flex;gap:7px;align-items:center;font-size:.78rem;color:var(--soft);margin:.25rem 0 0}
.key svg{flex:1}
.built h4{font-size:.98rem;font-weight:600;margin:0 0 .2rem}
.built h5{font-size:.93rem;font-weight:600;margin:0}
.built .in-short{margin-bottom:.35rem}
.built .more>.quiet{margin:.4rem 0 1.1rem}
.built-pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:0 48px}
.built-part{margin-top:24px;min-width:0}
.built-part>.quiet{margin-bottom:.6rem}
.sizes{margin:0}
.sizes>div{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .8rem;padding-top:.4rem;font-size:.93rem}
.sizes dt{font-weight:500}
.sizes dd{margin:0 0 0 auto;font-variant-numeric:tabular-nums lining-nums;white-space:nowrap}
.sizes .line{flex:0 0 100%;margin:0}
.sizes .range{color:var(--soft)}
.sizes svg,.chances svg{display:block}
.ends{display:flex;justify-content:space-between;font-size:.78rem;color:var(--soft);margin:0 0 .3rem;max-width:none}
.chances{table-layout:fixed}
.chances th{font-weight:400;font-size:.9rem;width:48%;padding:.2rem .7rem .2rem 0;overflow-wrap:anywhere;line-height:1.35}
.chances .figure{width:3.5rem;text-align:right;font-size:.9rem;padding:.2rem 0}
.chances .likely>*{font-weight:600}
.questions{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));gap:20px 48px;margin-top:.9rem}
.questions .quiet{font-size:.84rem;margin:0 0 .25rem}
.alike{list-style:none;margin:.3rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:8px}
.alike li{border:1px solid var(--line);border-radius:7px;padding:.2rem .65rem;font-size:.9rem}
.alike .figure{color:var(--soft);margin-left:.35em}
.kin{list-style:none;margin:.4rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(126px,1fr));gap:16px 14px}
.kin li{min-width:0;font-size:.86rem}
.kin a{display:block;color:inherit;text-decoration:none;font-size:.86rem}
.kin .thumb{width:100%;height:auto;aspect-ratio:1;margin-bottom:.3rem}
.kin bdi{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.kin a bdi{text-decoration:underline;text-underline-offset:.2em;text-decoration-color:var(--line)}
.kin a:hover bdi{text-decoration-color:currentColor}
.kin .figure{color:var(--soft);font-size:.82rem;white-space:normal}
.traced .canvas{max-height:56vh;width:auto;max-width:100%;margin:0 auto}
.traced .picture{background:var(--sunk);border-radius:8px}
.traced .facts{margin-top:14px}
@media (max-width:560px),(min-width:880px) and (max-width:1060px){.pair figure{grid-template-columns:minmax(0,1fr)}.pair .plate{grid-row:auto}.pair figcaption{margin-top:.5rem}}
@media (max-width:640px){
.kin{grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:12px 10px}
}
@media print{
.traces{margin-top:16px;padding-top:14px;break-inside:avoid}
.traces.built{break-inside:auto}
.built-pair{grid-template-columns:1fr 1fr;gap:0 28px}
.built-part{margin-top:14px}
.built-pair>.built-part,.questions>section{break-inside:avoid}
.sizes>div,.chances th,.chances .figure{font-size:.84rem;padding-top:.1rem;padding-bottom:0}
.built .chances th{width:56%}
.questions{grid-template-columns:1fr 1fr 1fr;gap:12px 24px}
.pair{grid-template-columns:1fr 1fr;gap:12px}
.pair figure{grid-template-columns:minmax(0,1fr)}
.pair .plate{grid-row:auto;width:44mm}
.pair img{width:44mm}
.traced>.columns,.body.traced>.columns{grid-template-columns:minmax(0,1.1fr) minmax(0,1fr)}
.traced .canvas{max-height:80mm}
.pair figcaption{display:block!important;font-size:.8rem}
.kin{grid-template-columns:repeat(auto-fill,minmax(24mm,1fr))}
}
`;
