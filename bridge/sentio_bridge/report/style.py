"""The page's look: system fonts, colours that colour-blind readers can tell, dark and print."""

CSS = """
:root{--ink:#1d2430;--dim:#6b7480;--line:#e3e6ea;--back:#f6f7f9;--card:#fff;
--valence:#2b6cb0;--arousal:#c05621;--dominance:#2f855a;--mark:#b7bec8;--hit:#6b46c1}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--dim:#9aa4b1;--line:#2c333d;
--back:#12161c;--card:#1a2028;--valence:#63a4e8;--arousal:#ee8f56;--dominance:#5fbf8c;
--mark:#4a5462;--hit:#a78bfa}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1000px;margin:0 auto;padding:0 20px}
header{padding-top:32px}h1{font-size:26px;margin:0}header p{color:var(--dim);margin:4px 0 20px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;
padding:16px 20px;margin:0 0 16px;break-inside:avoid}
h2{font-size:16px;margin:0 0 8px}ul{margin:0;padding-left:20px}
figure{margin:8px 0 0}figcaption{font-size:13px}figcaption span{color:var(--dim)}
svg{width:100%;height:auto;display:block}
.grid{stroke:var(--line)}.tick{fill:var(--dim);font-size:11px}
.name{fill:var(--dim);font-size:11px}
path{fill:none;stroke-linejoin:round}.line{stroke:currentColor;stroke-width:1.6}
.band{fill:currentColor;opacity:.16;stroke:none}
.valence{color:var(--valence)}.arousal{color:var(--arousal)}.dominance{color:var(--dominance)}
.body{color:var(--arousal)}.mood{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:5 4;opacity:.7}
.marker{stroke:var(--mark);stroke-width:1.2}.answered{stroke:var(--hit);stroke-width:2}
.c0{color:#c05621}.c1{color:#2b6cb0}.c2{color:#2f855a}.c3{color:#805ad5}
.key{display:inline-block;margin-right:14px;color:var(--dim);font-size:13px}
.key i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:5px;
background:currentColor}
.keys{margin:6px 0 0}
.zone.calm{fill:#5fa98a;background:#5fa98a}.zone.excited{fill:#e0b04a;background:#e0b04a}
.zone.tense{fill:#c8604f;background:#c8604f}.zone.low{fill:#6f86b5;background:#6f86b5}
.zone.neutral{fill:#a9b0ba;background:#a9b0ba}.quality{fill:var(--valence);shape-rendering:crispEdges}
small{color:var(--dim)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px;margin-top:8px}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:600}
@media print{body{background:#fff}section{border-color:#ccc}}
"""
"""Plain CSS."""
