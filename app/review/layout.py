"""How the Review page is laid out: at 1280 x 800 all in view in two columns, at 1920 in three that use the height,
whatever has to be said above them."""

STYLE = """<style>
.stMainBlockContainer:has(.st-key-review_page){padding-top:0.9rem;padding-bottom:0.6rem}
.stMainBlockContainer:has(.st-key-review_page) h1{font-size:1.35rem;padding:0.1rem 0 0.1rem 0}
.stMainBlockContainer:has(.st-key-review_page) > [data-testid="stVerticalBlock"]{gap:0.45rem}
.st-key-review_page{gap:0.45rem;--notices:calc(var(--only-length, 0px) + var(--stale, 0px) + var(--limit, 0px));
--motive-map-height:max(260px,calc(100vh - 452px - var(--notices)));--motive-list-rest:calc(394px + var(--notices))}
.st-key-review_page:has(.st-key-only_length){--only-length:64px}
.st-key-review_page:has(.st-key-limit){--limit:64px}
.stMainBlockContainer:has(.st-key-stale_fit){--stale:78px}
.stMainBlockContainer:has(.st-key-review_page) .st-key-stale_fit,.st-key-only_length{padding-top:0.5rem}
[data-testid="stMainBlockContainer"]:has(.st-key-review_page) [data-testid="stAlertContainer"]{padding:0.45rem 0.8rem}
[data-testid="stMainBlockContainer"]:has(.st-key-review_page) [data-testid="stAlertContainer"] p{font-size:0.875rem}
.st-key-review_left,.st-key-review_right,.st-key-review_why{gap:0.45rem}
.st-key-review_page [data-testid="stCaptionContainer"]{margin:0}
.st-key-review_why{height:268px;max-height:268px;flex:none;overflow-y:auto;padding-right:0.3rem}
.st-key-review_why > *{flex-shrink:0}
.st-key-review_why [data-testid="stMarkdownContainer"]{margin-bottom:0}
.st-key-review_why h3{font-size:1.05rem;padding:0}
.st-key-review_why ul{padding-left:0.3rem;margin-left:0.8rem}
.st-key-review_why li{font-size:0.875rem;margin:0 0 0.15rem 0}
.st-key-review_page [data-testid="stCaptionContainer"] p{margin:0}
[data-testid="stPopoverBody"]:has(.st-key-false_alarms_body){min-width:24rem;max-width:44rem}
[data-testid="stPopoverBody"] li{font-size:0.875rem;margin:0 0 0.3rem 0}
.st-key-review_page .st-key-hindsight{max-width:84rem;padding-top:0.6rem}
.st-key-card_head{gap:0.2rem 0.8rem}
.st-key-look button{min-height:1.6rem;padding:0 0.5rem}
.st-key-look button p{font-size:0.8rem}
.st-key-review_why .st-key-parts p{margin:0;line-height:1.7}
@media (min-width:1700px){
.st-key-review_page{--motive-map-height:calc(100vh - 176px - var(--notices))}
[data-testid="stColumn"]:has(> * > .st-key-review_left),[data-testid="stColumn"]:has(> * > * > .st-key-review_left){flex:13 1 0}
[data-testid="stColumn"]:has(> * > .st-key-review_right),[data-testid="stColumn"]:has(> * > * > .st-key-review_right){flex:6 1 0}
.st-key-review_left{flex-direction:row;align-items:flex-start;gap:1rem}
.st-key-review_left > *:first-child{flex:9 1 0;min-width:0}
.st-key-review_left > *:last-child{flex:4 1 0;min-width:0}
.st-key-review_why{height:calc(100vh - 176px - var(--notices));max-height:none}
}
</style>"""
