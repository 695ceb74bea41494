"""What stands on a page and is no text: page numbers, rules, marks of web pages and editors."""

import re
from typing import Final

from ledgergen.document.characters import tidy

_PAGE_NUMBER: Final = re.compile(
    r"[·.•\s]*[-—–―─_－]+\s*[0-9０-９]{1,4}\s*[-—–―─_－·.•]+\s*|[·•]\s*[0-9０-９]{1,4}\s*[-—–―─_－]+\s*"
    r"|第\s*[0-9]{1,4}\s*页(\s*[,，/、]?\s*共\s*[0-9]{1,4}\s*页)?|[Pp]age\s*[0-9]{1,4}(\s*of\s*[0-9]{1,4})?"
    r"|[0-9]{1,3}\s*/\s*[0-9]{1,3}|[·•]\s*[0-9]{1,3}\s*[·•]"
)
_RULE: Final = re.compile(r"[-—–―─_=*·•.\s]{3,}")
_WEB: Final = re.compile(
    r"[【\[]?(打印(本页|此页|正文)?|关闭(窗口|本页)?|返回(顶部|首页|上页)?|收藏(本页)?|(字体|字号)[:：]?.{0,12}|下载|分享(到|至)?.{0,12}"
    r"|扫一扫.{0,20}|上一篇.{0,60}|下一篇.{0,60}|浏览次数.{0,12}|点击(数|率|次数).{0,12}|当前位置.{0,80}|您(现在|当前).{0,3}位置.{0,80}"
    r"|首页\s*[>›»].{0,80}|版权所有.{0,80}|.{0,12}ICP备.{0,30}|主办(单位)?[:：].{0,60}技术支持.{0,40}|网站地图.{0,40})[】\]]?"
)
_LONGEST: Final = 120


def is_furniture(line: str) -> bool:
    """Tell whether a line is a page number, a rule, or what web pages put around a text."""
    bare = line.strip(" \t\u3000\u00a0")
    if not bare or len(bare) > _LONGEST:
        return False
    return bool(_PAGE_NUMBER.fullmatch(bare) or _RULE.fullmatch(bare) or _all_web(bare))


def _all_web(line: str) -> bool:
    """Tell whether a line holds nothing but buttons: ``【打印】【关闭】``."""
    parts = [part for part in re.split(r"(?<=[】\]])|\s+(?=[【\[])", line) if part.strip()]
    return bool(parts) and all(_WEB.fullmatch(tidy(part)) for part in parts)
