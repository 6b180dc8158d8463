/**
 * The look of the page: quiet paper, system fonts, one accent a verdict. Colours are chosen for a contrast of at least
 * 4.5:1 on their ground in light and in dark, and never carry a meaning alone: a symbol and a word always go with them.
 */
export const STYLE = `
:root{color-scheme:light dark;
--paper:#f7f5f0;--card:#fffefb;--ink:#20242a;--soft:#5b626b;--line:#e3dfd5;--sunk:#f1eee7;
--authentic:#17655a;--inconclusive:#52606d;--suspect:#805500;--synthetic:#66409c;--manipulated:#98391f;--unreadable:#5f5a55;
--focus:#2a62b8;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif;
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"Songti SC","Noto Serif CJK SC","Noto Serif SC","Source Han Serif SC","Microsoft YaHei",serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace}
@media (prefers-color-scheme:dark){:root{
--paper:#15181b;--card:#1c2024;--ink:#e6e3dc;--soft:#a4abb2;--line:#31373d;--sunk:#23282d;
--authentic:#76c4b3;--inconclusive:#a9b7c4;--suspect:#dfb35a;--synthetic:#c2a5ee;--manipulated:#f09c80;--unreadable:#b5aea6;
--focus:#8ab4f8}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
html:lang(en) .t:lang(zh),html:lang(zh) .t:lang(en){display:none}
html:not(.scripted) .needs-script{display:none}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);font-variant-numeric:lining-nums}
html:lang(zh) body{line-height:1.7}
main,.top,.foot{max-width:1120px;margin:0 auto;padding:0 24px}
h1,h2,h3{font-weight:600;line-height:1.25;margin:0;text-wrap:balance}
h1{font:600 1.7rem/1.25 var(--serif)}
h2{font:600 1.75rem/1.25 var(--serif);letter-spacing:-.005em}
h3{font-size:1.02rem;margin:0 0 .6rem}
html:lang(zh) h1,html:lang(zh) h2{letter-spacing:.02em}
p{margin:0 0 .5rem;max-width:68ch}
p:last-child{margin-bottom:0}
code,pre{font-family:var(--mono);font-size:.84em}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--sunk);border-radius:6px;padding:.7rem .85rem;margin:.3rem 0 .9rem;max-height:24rem;overflow:auto;line-height:1.5}
bdi{overflow-wrap:anywhere}
.quiet{color:var(--soft);font-size:.9rem}
.figure{font-variant-numeric:tabular-nums lining-nums;white-space:nowrap}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.store{position:absolute}
.print-only{display:none}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:var(--card);padding:.5rem .8rem;z-index:9}

.top{display:flex;align-items:center;gap:16px;padding-top:22px;padding-bottom:18px;flex-wrap:wrap}
.brand{font:600 1.12rem/1.2 var(--serif);margin-right:auto}
.brand small{font:400 .88rem var(--sans);color:var(--soft);margin-left:.55rem}
.tools{display:flex;gap:8px;align-items:center}
button,select,input[type=search]{font:inherit;font-size:.9rem;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:7px;padding:.34rem .75rem;min-height:36px}
button,select{cursor:pointer}
button:hover,select:hover{border-color:var(--soft)}
.switch{display:inline-flex}
.switch button{border-radius:0;margin-left:-1px}
.switch button:first-child{border-radius:7px 0 0 7px}
.switch button:last-child{border-radius:0 7px 7px 0}
.switch button[aria-pressed=true]{background:var(--ink);border-color:var(--ink);color:var(--card)}

.card,.file,.overview{background:var(--card);border:1px solid var(--line);border-radius:12px}
.card{padding:26px 28px}
.authentic{--c:var(--authentic)}.inconclusive{--c:var(--inconclusive)}.suspect{--c:var(--suspect)}
.synthetic{--c:var(--synthetic)}.manipulated{--c:var(--manipulated)}.unreadable{--c:var(--unreadable)}
.icon{width:1em;height:1em;fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round;flex:none}

.banner{display:grid;grid-template-columns:auto minmax(0,1.25fr) minmax(260px,1fr);gap:4px 22px;align-items:start;padding:24px 26px;border-radius:10px;
background:color-mix(in srgb,var(--c) 8%,var(--card));border:1px solid color-mix(in srgb,var(--c) 28%,var(--card))}
.banner.inconclusive,.banner.unreadable{border-style:dashed;border-color:color-mix(in srgb,var(--c) 60%,var(--card));background:repeating-linear-gradient(135deg,color-mix(in srgb,var(--c) 7%,var(--card)) 0 9px,color-mix(in srgb,var(--c) 3%,var(--card)) 9px 18px)}
.badge{width:52px;height:52px;border-radius:50%;display:grid;place-items:center;font-size:30px;color:var(--card);background:var(--c)}
.banner.inconclusive .badge,.banner.unreadable .badge{color:var(--c);background:var(--card);border:2px dashed var(--c)}
.banner.suspect .badge{color:var(--c);background:var(--card);border:2px solid var(--c)}
.banner.synthetic .icon path{fill:currentColor;stroke-width:1}
.banner h2{color:var(--c)}
.banner .name{color:var(--soft);font-size:.95rem;margin:.15rem 0 .65rem;overflow-wrap:anywhere}
.of-hundred{margin-top:.65rem;padding-left:.8rem;border-left:3px solid var(--c);font-weight:500}
.gauge-head{margin:0;font-size:.9rem;color:var(--soft)}
.gauge-figure{margin:0}
.gauge-figure strong{font:600 2.3rem/1.25 var(--serif);color:var(--c);margin-right:.35rem;font-variant-numeric:lining-nums}
.bar{display:block;overflow:visible}
.bar-track{fill:color-mix(in srgb,var(--ink) 13%,var(--card))}
.bar-interval{fill:color-mix(in srgb,var(--c) 38%,var(--card))}
.bar-mark{stroke:var(--c);stroke-width:4;stroke-linecap:round}
.bar-prior{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:2 3}
.bar-note{fill:var(--soft);font-size:.76rem}
.bar-fill{fill:var(--c)}
.gauge-ends{display:flex;justify-content:space-between;gap:10px;font-size:.82rem;color:var(--soft);margin:.2rem 0 0;max-width:none}
.prior-key::before{content:"";display:inline-block;height:.8em;border-left:1.5px dashed var(--soft);margin-right:.4em;vertical-align:-.08em}

.columns{display:grid;grid-template-columns:minmax(0,1.55fr) minmax(0,1fr);gap:30px 36px;margin-top:28px}
.columns.even{grid-template-columns:minmax(0,1.2fr) minmax(0,1fr);border-top:1px solid var(--line);padding-top:26px}
.narrow>section+section{margin-top:28px}
.body section.evidence,.body section.unused,.body section.faces,.body section.people,.body section.turns,.body section.recording{margin-top:32px}

figure{margin:0}
.canvas{display:block;width:100%;height:auto;max-height:78vh;border-radius:8px;background:var(--sunk)}
.canvas.has-heat{--faded:.3}
.canvas .photo{filter:saturate(var(--faded,1))}
.canvas .heat{opacity:.7}
.box{fill:none;stroke:#fff;stroke-width:3}
.box-under{fill:none;stroke:#14171a;stroke-width:7;stroke-opacity:.75}
.box-tag{fill:#14171a}
.box-number{fill:#fff;font:600 24px var(--sans);text-anchor:middle}
.absent{border:1px dashed var(--line);border-radius:8px;padding:2.2rem 1.4rem;color:var(--soft);max-width:none;text-align:center}
.controls{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center;margin-top:12px;font-size:.9rem}
fieldset{border:0;margin:0;padding:0;min-width:0}
.segments{display:flex;flex-wrap:wrap;gap:6px}
.segments label{cursor:pointer}
.segments input{position:absolute;opacity:0}
.segments label>span{display:inline-flex;align-items:center;gap:.5em;border:1px solid var(--line);border-radius:7px;padding:.26rem .7rem;min-height:34px}
.segments label:hover>span{border-color:var(--soft)}
.segments input:checked+span{border-color:var(--ink);box-shadow:inset 0 0 0 1px var(--ink)}
.segments input:focus-visible+span{outline:2px solid var(--focus);outline-offset:2px}
.slider,.check{display:inline-flex;align-items:center;gap:8px}
input[type=range]{width:130px;accent-color:var(--ink)}
input[type=checkbox]{accent-color:var(--ink);width:17px;height:17px}
figcaption{margin-top:10px;font-size:.9rem;color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:center;max-width:none}
.scale{display:inline-flex;gap:7px;align-items:center}
.ramp,.swatch{border-radius:3px;border:1px solid var(--line)}
.hatch-ground{fill:#1b1e22;fill-opacity:.18}
.hatch-line{stroke:#fff;stroke-width:2;stroke-opacity:.8}
.hatch-shadow{stroke:#14171a;stroke-width:2;stroke-opacity:.55}
.areas{margin:.4rem 0 0;padding-left:1.5rem;columns:2 220px}

.reasons ol{margin:0;padding-left:1.25rem}
.reasons li{margin-bottom:.75rem}
.reasons li::marker{color:var(--soft);font-variant-numeric:tabular-nums}
.reasons p{margin:0}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600}
.ladder th{font-weight:400;padding:.3rem .7rem .3rem 0;white-space:nowrap;font-size:.93rem}
.ladder td{padding:.3rem 0 .3rem .5rem;vertical-align:middle;font-size:.9rem}
.ladder .figure{text-align:right}
.ladder-bar{width:34%;min-width:50px}
.ladder-bar svg{display:block}
.ladder tr:first-child>*{border-bottom:1px solid var(--line);padding-bottom:.5rem}
.ladder tr:nth-child(2)>*{padding-top:.5rem}
.ladder+p{margin-top:.6rem}
.caution{border-left:3px solid var(--suspect);padding-left:.8rem;font-weight:500}
.caution-head{margin:.9rem 0 .2rem;font-weight:600;color:var(--suspect)}
.warnings{margin:0 0 .6rem;padding-left:1.2rem;font-size:.93rem}
.chip{display:inline-flex;align-items:center;gap:.38em;color:var(--c);font-weight:600;font-size:.9rem;white-space:nowrap}
.chip .icon{font-size:1.25em}
.chip.synthetic .icon path{fill:currentColor;stroke-width:1}

.evidence-table thead th{font-size:.84rem;font-weight:500;color:var(--soft);border-bottom:1px solid var(--line);padding:0 18px .4rem 0}
.evidence-table tbody>tr>*{padding:16px 18px 16px 0;border-bottom:1px solid var(--line);vertical-align:top}
.evidence-table tbody>tr:last-child>*{border-bottom:0}
.evidence-table th:first-child{width:21%}.evidence-table th:nth-child(2){width:25%}
.evidence-table p{margin:0 0 .3rem}
.evidence-name{display:block;font-weight:600}
.version{display:block;font-weight:400;margin:.1rem 0 .5rem;overflow-wrap:anywhere}
.summary{font-size:1rem}
.weight-bar{display:block;margin:.35rem 0 .4rem}
.weight-bar .middle{stroke:var(--soft);stroke-width:1}
.for-claim{fill:var(--manipulated)}.for-real{fill:var(--authentic)}
.status{display:inline-flex;align-items:center;gap:.4em;font-size:.84rem;font-weight:600;border-radius:99px;padding:.12rem .7rem .12rem .5rem;border:1.5px solid;white-space:nowrap}
.status svg{width:14px;height:14px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.status .solid{fill:currentColor}
.status.detected{background:var(--ink);border-color:var(--ink);color:var(--card)}
.status.notDetected{color:var(--ink);border-color:var(--soft)}
.status.notApplicable{color:var(--soft);border-style:dashed;border-color:var(--soft);font-weight:500}
.status.failed{color:var(--manipulated);border-color:var(--manipulated);border-radius:4px;background:repeating-linear-gradient(135deg,color-mix(in srgb,var(--manipulated) 15%,var(--card)) 0 4px,var(--card) 4px 8px)}
.unused ul{list-style:none;margin:.8rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px 36px}
.unused-head{display:flex;gap:12px;align-items:center;flex-wrap:wrap;margin:0 0 .25rem}
.unused code{color:var(--soft)}
.more{margin-top:.6rem;font-size:.93rem}
.more>summary{cursor:pointer;color:var(--soft);padding:.2rem 0;width:fit-content}
.more>summary:hover{color:var(--ink)}
.key-values{margin:.2rem 0 .7rem;font-size:.88rem}
.key-values th{font:400 .95em var(--mono);color:var(--soft);padding:.16rem 1rem .16rem 0;vertical-align:top;width:1%;white-space:nowrap;max-width:15rem;overflow:hidden;text-overflow:ellipsis}
.key-values td{padding:.16rem 0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.key-values .figure{padding-right:1rem;text-align:right;width:1%}
.quant{width:auto;font-size:.8rem;display:inline-table;margin:.3rem 1.4rem .7rem 0;font-variant-numeric:tabular-nums;color:var(--soft)}
.quant td{padding:0 .3rem;text-align:right}
.carrier{margin:.4rem 0 0;overflow-wrap:anywhere}
.people .person{margin:14px 0 22px}.people h4{margin:0 0 6px}
.people .portraits{display:flex;flex-wrap:wrap;gap:10px}.people figure{margin:0}.people img{display:block;border-radius:8px;background:var(--sunk)}
.people .lane{display:block;width:100%;height:34px;border-radius:4px}.people .lane-name{margin:8px 0 2px;font-size:.86rem}
.people .lane.seekable{cursor:pointer}.people button{font:inherit;padding:.1rem .5rem;margin:.15rem 0 0}
.recording video{display:block;width:100%;max-height:70vh;border-radius:8px;background:#000}.recording audio{display:block;width:100%}
.turns .lane{display:block;width:100%;border-radius:4px}.turns .unjudged{fill:var(--soft)}.turns .lane-name{margin:8px 0 2px;font-size:.86rem}.turns ul{list-style:none;margin:.5rem 0 0;padding:0;columns:15rem}
.people .lane-ends{display:flex;justify-content:space-between;margin:2px 0 0}
.faces ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:14px}
.faces svg{display:block;width:132px;height:132px;border-radius:8px;background:var(--sunk)}
.faces li>span{font-size:.86rem;color:var(--soft)}
.facts{margin:.5rem 0 0}
.facts>div{display:grid;grid-template-columns:8.2rem minmax(0,1fr);gap:12px;padding:.34rem 0;border-top:1px solid var(--line)}
.facts>div:first-child{border-top:0}
.facts dt{color:var(--soft);font-size:.93rem}
.facts dd{margin:0;overflow-wrap:anywhere}
.facts.error{margin-top:22px}
.hash{overflow-wrap:anywhere}

.overview{padding:24px 28px;margin-bottom:18px}
.stack{display:block;margin:18px 0 4px;border-radius:4px}
.stack rect{fill:var(--c)}
.stack .inconclusive,.stack .unreadable{opacity:.55}
.filters{margin-top:14px}
.filters .chip{font-weight:500}
.finder{display:flex;flex-wrap:wrap;gap:10px;margin-top:16px}
.finder input{flex:1 1 220px;min-width:0}
.nothing-left{text-align:center;color:var(--soft);padding:2rem;max-width:none}
.files{display:grid;gap:10px}
.file>details>summary{display:grid;grid-template-columns:52px 10.5rem 7.2rem minmax(0,1fr) 20px;gap:16px;align-items:center;padding:10px 18px 10px 10px;cursor:pointer;list-style:none;border-radius:12px}
.file>details>summary::-webkit-details-marker{display:none}
.file>details>summary:hover{background:var(--sunk)}
.thumb{width:52px;height:52px;border-radius:7px;background:var(--sunk);display:block}
.thumb.empty{border:1px dashed var(--line)}
.row-bar svg{display:block}
.row-name{display:block;font-weight:500;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row-why{display:block;color:var(--soft);font-size:.88rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.turn{width:14px;height:14px;fill:none;stroke:var(--soft);stroke-width:2;stroke-linecap:round;stroke-linejoin:round;transition:transform .15s}
details[open]>summary .turn{transform:rotate(90deg)}
.file .body{padding:14px 24px 28px}
.file>details[open]>summary{border-bottom:1px solid var(--line);border-radius:12px 12px 0 0}

.guide{margin-top:26px;display:grid;grid-template-columns:minmax(0,1.3fr) minmax(0,1fr);gap:34px 40px;padding:28px 4px 8px}
.guide h2{font-size:1.25rem;margin-bottom:.8rem}
.guide ul{margin:0;padding-left:1.15rem}
.guide li{margin-bottom:.6rem;max-width:66ch}
.guide li::marker{color:var(--soft)}
.status-legend{margin:0;grid-column:1/-1;display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:14px 22px;border-top:1px solid var(--line);padding-top:22px}
.status-legend dd{margin:.35rem 0 0;color:var(--soft);font-size:.9rem}
.foot{color:var(--soft);font-size:.86rem;padding-top:20px;padding-bottom:42px;display:flex;flex-wrap:wrap;gap:4px 22px}

@media (max-width:860px){
.banner{grid-template-columns:auto minmax(0,1fr)}
.gauge{grid-column:1/-1;margin-top:16px}
.columns,.columns.even,.guide{grid-template-columns:minmax(0,1fr)}
}
@media (max-width:640px){
main,.top,.foot{padding-left:14px;padding-right:14px}
.card{padding:14px}
h2{font-size:1.38rem}
.banner{padding:18px 16px;gap:4px 14px}
.badge{width:40px;height:40px;font-size:23px}
.words{display:contents}
.words h2{align-self:center}
.words p{grid-column:1/-1}
.evidence-table,.evidence-table tbody,.evidence-table tr,.evidence-table td,.evidence-table th{display:block;width:auto!important}
.evidence-table thead{display:none}
.evidence-table tbody>tr{border-bottom:1px solid var(--line);padding:14px 0}
.evidence-table tbody>tr:last-child{border-bottom:0}
.evidence-table tbody>tr>*{border:0;padding:0 0 8px}
.evidence-table .key-values{display:table;width:100%!important}
.evidence-table .key-values tbody{display:table-row-group}
.evidence-table .key-values tr{display:table-row;padding:0;border:0}
.evidence-table .key-values th,.evidence-table .key-values td{display:table-cell;padding:.16rem .8rem .16rem 0}
.key-values th{max-width:9rem}
.facts>div{grid-template-columns:6.2rem minmax(0,1fr)}
.file>details>summary{grid-template-columns:52px minmax(0,1fr) auto auto;gap:2px 12px;padding:10px 12px 10px 10px}
.file .thumb{grid-row:1/3}
.row-bar{grid-column:3;grid-row:1}
.row-bar svg{display:none}
.file .row-text{grid-column:2/5;grid-row:2;min-width:0}
.file .turn{grid-column:4;grid-row:1}
.file .body{padding:12px 12px 22px}
.overview{padding:18px 16px}
.brand small{display:block;margin:.15rem 0 0}
}
@media (prefers-reduced-motion:reduce){*{transition:none!important;scroll-behavior:auto!important}}
@media (forced-colors:active){.bar-mark,.bar-prior{stroke:CanvasText}.bar-interval,.bar-fill,.for-claim,.for-real{fill:Highlight}.status,.badge{border:1.5px solid CanvasText}}
@media print{
@page{margin:16mm 14mm}
:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#16191d;--soft:#4c535b;--line:#d5d2ca;--sunk:#f3f1ec;
--authentic:#17655a;--inconclusive:#52606d;--suspect:#805500;--synthetic:#66409c;--manipulated:#98391f;--unreadable:#5f5a55}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:10.4pt;line-height:1.45}
main,.top,.foot{max-width:none;padding-left:0;padding-right:0}
.tools,.controls,.finder,.skip,.turn,.canvas,.filters,figcaption,.ladder-bar{display:none!important}
figcaption.quiet{display:block!important}
.print-only.copies{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px}
.copies>svg,.copies>div>svg{display:block;width:100%;height:auto;max-height:74mm;border-radius:3px}
.copies p,.copies ol{margin:.2rem 0 0;font-size:.84rem;color:var(--soft)}
.copies .areas{columns:auto}
.print-only.index{display:block;font-size:.92rem;margin-top:14px}
.index tr{break-inside:avoid}
.index td{padding:.25rem .8rem .25rem 0;border-top:1px solid var(--line);vertical-align:top}
.index td:last-child{overflow-wrap:anywhere;width:70%}
.copies .dim{filter:saturate(.4)}
.copies .heat{opacity:.75}
.picture:not(:has(.copies)) .canvas{display:block!important;max-height:95mm}
.card,.file,.overview{border:0;padding:0}
.file{break-before:page}
.file>details>summary{display:none}
.file .body{padding:0}
details::details-content{content-visibility:visible;block-size:auto}
.columns{grid-template-columns:minmax(0,1fr);gap:16px;margin-top:16px}
.columns.even,.narrow{display:grid;grid-template-columns:minmax(0,1.2fr) minmax(0,1fr);gap:16px 28px}
.narrow>section+section{margin-top:0}
.banner{padding:14px 16px;break-inside:avoid;grid-template-columns:auto minmax(0,1.05fr) minmax(210px,1fr);gap:4px 16px}
.gauge{grid-column:auto;margin:0}
.body section.evidence,.body section.unused,.body section.faces,.body section.people,.body section.turns{margin-top:18px}
.body section.recording{display:none}
tr,li,.facts>div,figure,.gauge,.reasons,.stability{break-inside:avoid}
h2,h3{break-after:avoid}
pre{max-height:none}
.more:not([open]){display:none}
.guide{margin-top:18px;padding-top:14px;break-before:auto}
.foot{padding-bottom:0}
}
`;
