"""How the Intent page is laid out: map and chart above each other on the left, in view at 1280 x 800, and as high as the window allows."""

STYLE = """<style>
.stMainBlockContainer:has(.st-key-intent_page){padding-top:0.9rem;padding-bottom:0.6rem}
.stMainBlockContainer:has(.st-key-intent_page) h1{font-size:1.35rem;padding:0.1rem 0 0.1rem 0}
.stMainBlockContainer:has(.st-key-intent_page) > [data-testid="stVerticalBlock"]{gap:0.45rem}
.st-key-intent_page{gap:0.45rem;padding-top:0.3rem;--motive-map-height:max(260px,calc(100vh - 410px))}
.st-key-intent_left,.st-key-intent_right{gap:0.45rem}
.st-key-intent_right h3{font-size:1.05rem;padding:0}
.st-key-intent_right [data-testid="stMarkdownContainer"],.st-key-intent_right [data-testid="stCaptionContainer"]{margin-bottom:0}
.st-key-intent_right [data-testid="stMarkdownContainer"] p{margin:0}
.st-key-intent_right [data-testid="stMetricValue"]{font-size:1.1rem}
.motive-goals{width:100%;border-collapse:collapse;font-size:0.875rem;font-variant-numeric:tabular-nums}
.motive-goals th{font-weight:400;font-size:0.8rem;opacity:0.7;text-align:left;padding:0 0 0.15rem 0}
.motive-goals td,.motive-goals th{border:none;border-bottom:1px solid #8883;padding:0.17rem 0.25rem 0.17rem 0;vertical-align:middle}
.motive-goals td:last-child,.motive-goals th:last-child{text-align:right;padding-right:0;white-space:nowrap}
.motive-goals td{overflow-wrap:anywhere}
.motive-goals i{display:inline-block;width:0.75rem;height:0.75rem;border-radius:2px;margin-right:0.45rem;vertical-align:-0.08rem}
.motive-goals tr.ended td{font-weight:600}
@media (min-width:1700px){
[data-testid="stColumn"]:has(> * > .st-key-intent_left),[data-testid="stColumn"]:has(> * > * > .st-key-intent_left){flex:13 1 0}
[data-testid="stColumn"]:has(> * > .st-key-intent_right),[data-testid="stColumn"]:has(> * > * > .st-key-intent_right){flex:5 1 0}
}
</style>"""
CHART = 210
"""Pixels of the chart of goals over the steps."""
