/** How `<huoyan-verdict>` looks: colours and fonts of the page around it where it says so by `--huoyan-…` properties. */
export const VERDICT_STYLE = `
:host{display:block}
.box{--c:#5f5a55;font:var(--huoyan-font,inherit);line-height:1.5;color:var(--huoyan-ink,#1b1e22);background:var(--huoyan-card,#fffefb);border:1px solid var(--huoyan-line,#dcdad2);border-left:4px solid var(--c);border-radius:8px;padding:.8rem 1rem;overflow-wrap:anywhere}
.synthetic{--c:#66409c}.manipulated{--c:#98391f}.suspect{--c:#805500}.inconclusive{--c:#52606d}.authentic{--c:#17655a}
p{margin:.25rem 0}
.headline{font-size:1.15em;font-weight:600;color:var(--c)}
.quiet{font-size:.88em;color:var(--huoyan-soft,#5a6068)}
summary{cursor:pointer;font-size:.9em;padding:.25rem 0}
summary:focus-visible{outline:2px solid var(--c);outline-offset:2px}
ul{margin:.3rem 0;padding-left:1.2rem}
code{font-size:.92em}
@media (prefers-color-scheme:dark){
.box{color:var(--huoyan-ink,#e8e6e0);background:var(--huoyan-card,#1c1f23);border-color:var(--huoyan-line,#34383d);border-left-color:var(--c);--c:#b5aea6}
.quiet{color:var(--huoyan-soft,#a9b0b8)}
.synthetic{--c:#c2a5ee}.manipulated{--c:#f09c80}.suspect{--c:#dfb35a}.inconclusive{--c:#a9b7c4}.authentic{--c:#76c4b3}
}`;
