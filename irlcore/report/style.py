"""How a report looks, on a screen and on paper: light, without a font of its own. All rules are of ``.motive-report``, since the page that
previews it has a style of its own."""

from __future__ import annotations

STYLE = """
.motive-report{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:#1b2733;background:#fff;max-width:44rem;
margin:0 auto;padding:1.5rem;overflow-wrap:anywhere}
.motive-report h1,.motive-report h2,.motive-report h3,.motive-report p,.motive-report li,.motive-report dt,.motive-report dd,
.motive-report td,.motive-report th,.motive-report caption{color:#1b2733}
.motive-report h1{font-size:1.75em;line-height:1.2;margin:0 0 .6rem;padding:0;font-weight:650}
.motive-report h2{font-size:1.25em;margin:2.2rem 0 .7rem;padding:0 0 .25rem;border-bottom:2px solid #d5dde5;font-weight:650}
.motive-report h3{font-size:1.05em;margin:1.4rem 0 .3rem;padding:0;font-weight:650}
.motive-report p{margin:.35rem 0}
.motive-report ul,.motive-report ol{margin:.4rem 0;padding-left:1.9em}
.motive-report li{margin:.15rem 0;font-size:inherit}
.motive-report figure{margin:.5rem 0}
.motive-report svg{max-width:100%;height:auto;display:block}
.motive-report figure>svg,.motive-report figure>img{width:100%;height:auto;display:block}
.motive-report svg svg{max-width:none}
.motive-report .facts{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;margin:.2rem 0 1rem;padding:0}
.motive-report .facts div{display:flex;gap:.4rem}
.motive-report dt{color:#5a6875;margin:0;font-weight:400}
.motive-report dd{margin:0;font-weight:600}
.motive-report .honest{color:#5a6875;font-size:.9em}
.motive-report .lead p{font-size:1.05em;margin:.5rem 0}
.motive-report .notes{background:#f3f6f9;padding:.5rem 1rem;border-left:4px solid #0072b2;margin:1rem 0}
.motive-report .caution{border-left:4px solid #e69f00;padding:.2rem 0 .2rem .8rem;margin:.6rem 0}
.motive-report article{border:1px solid #d5dde5;border-radius:6px;padding:.9rem 1rem;margin:1rem 0}
.motive-report article h3{margin:0}
.motive-report .parts{font-size:.9em;font-weight:600}
.motive-report .scores,.motive-report small,.motive-report .seen,.motive-report .strange{color:#5a6875;font-size:.9em}
.motive-report .verdict{background:#f3f6f9;padding:.4rem .8rem;margin:.5rem 0}
.motive-report .table{overflow-x:auto}
.motive-report table{border-collapse:collapse;width:100%;font-size:.85em;margin:.4rem 0 1rem}
.motive-report caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.motive-report th,.motive-report td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid #e3e9ef;
overflow-wrap:break-word;max-width:20rem}
.motive-report thead th{border-bottom:2px solid #d5dde5}
.motive-report tbody th{font-weight:400;color:#5a6875;white-space:nowrap}
.motive-report .number{text-align:right;font-variant-numeric:tabular-nums}
.motive-report footer{color:#5a6875;font-size:.85em;margin-top:2.5rem;border-top:1px solid #d5dde5;padding-top:.6rem}
.motive-report footer p{color:#5a6875}
@media print{
@page{size:A4;margin:15mm 14mm}
body{margin:0}
.motive-report{font-size:10.5pt;max-width:none;padding:0}
.motive-report h2,.motive-report h3{break-after:avoid}
.motive-report figure svg{max-height:225mm}
.motive-report article figure svg{max-height:50mm;margin:0 auto}
.motive-report article{font-size:9pt;line-height:1.3;padding:.5rem .7rem;margin:.5rem 0}
.motive-report article figure{margin:.3rem 0}
.motive-report article ul,.motive-report article p{margin:.15rem 0}
.motive-report article,.motive-report figure,.motive-report tr,.motive-report .verdict,.motive-report .caution{break-inside:avoid}
.motive-report thead{display:table-header-group}
.motive-report .table{overflow:visible}
.motive-report .method{break-before:page}
}
"""
