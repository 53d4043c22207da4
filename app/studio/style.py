"""How the studio is laid out: map and card beside each other, in three columns where the window is wide, as high as the window allows."""

COLUMNS = '.st-key-studio > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]'
STYLE = f"""<style>
[class*="st-key-suggested_"] button,[class*="st-key-suggested_"] button > div{{justify-content:flex-start;text-align:left}}
.st-key-change_card{{scroll-margin-top:3.5rem}}
.st-key-explained button,.st-key-movers button{{min-height:1.7rem;padding:0.05rem 0.5rem}}
.st-key-tall_map{{--taller:clamp(-110px, calc(100vh - 800px), 900px)}}
.st-key-preview_card{{gap:0.55rem}}
.st-key-preview_card li{{margin-bottom:0.1rem}}
{COLUMNS}:first-child{{position:sticky;top:3.2rem;align-self:flex-start}}
@media (min-width:1700px){{
.st-key-tall_map{{--taller:clamp(-110px, calc(100vh - 755px), 900px)}}
{COLUMNS}:first-child{{flex:10 1 0}}
{COLUMNS}:last-child{{flex:14 1 0}}
.st-key-studio_right{{flex-direction:row;align-items:flex-start;gap:1.5rem}}
.st-key-studio_right > *{{flex:1 1 0;min-width:0}}
}}
</style>"""
"""For the Features page alone."""
