"""Replace slang of games, emoticons and emoji by plain words.

The words are added to a line's features, so that the network, which has met few of these signs,
can use what it knows of the words. Written for this project; emoji that are not listed are read
by their Unicode names.
"""

from __future__ import annotations

import re
import unicodedata

_SLANG = {
    # Praise and joy.
    "amazing": (
        "pog poggers pogchamp pogu goated sheesh bussin slaps"
        " pogging poggies gigachad banger bangers clutch clutched"
    ),
    "happy yay": "letsgo lesgo letsgoo w00t woot yay woo wooo hype hyped",
    "win good": "dub w",
    "good game": "gg ggs",
    "good game well played": "ggwp",
    "well played": "wp",
    "good job": "gj",
    "nice shot": "ns",
    "nice try": "nt",
    "nice": "noice",
    "best ever": "goat",
    "good luck": "gl",
    "good luck have fun": "glhf",
    "have fun": "hf",
    "thank you": "ty thx tysm tyvm thanx thnx tks tyty",
    "no problem": "np nps",
    "good feeling happy": "feelsgood feelsgoodman",
    "easy win": "ezclap",
    "hope": "hopium",
    "sorry": "sry soz",
    "love": "luv ily <3 <33",
    "no worries": "nw",
    "welcome": "yw",
    "congratulations": "grats gratz congratz congrats gz gzz",
    "funny laughing": (
        "lol lolz lolol lool lmao lmfao rofl lul lulw kekw kek omegalul xd xdd :d"
        " haha hahaha ahaha hehe"
    ),
    "happy": ":) :-) =) :] ;) ;-) ^^ ^_^ :p",
    # Neither.
    "on the way": "omw",
    "back soon": "brb",
    "have to go": "gtg g2g",
    "dont know": "idk",
    "looking for group": "lfg lfm lf1m lf2m lf3m",
    "selling": "wts",
    "buying": "wtb",
    "ready": "rdy",
    "revive": "rez",
    "incoming": "inc",
    "out of mana": "oom",
    "really": "ngl tbh",
    "please": "pls plz",
    "damage": "dps",
    # Displeasure.
    "angry annoyed": (
        "ffs ffsake fml wtf smh argh arg aargh grr grrr gah istg jfc omfg wth wtaf kms"
    ),
    "annoyed": "ugh ughh meh bruh bruhh yikes oof bleh pfft pff",
    "annoyed angry losing": "tilt tilted tilting malding mald ragequit rq",
    "loss bad": "l",
    "scared": "monkas monkaw",
    "sad": ":( :-( :/ :-/ :'( t_t sadge feelsbad feelsbadman pepehands sadgers",
    "terrible": "dogshit dogwater cringe wack shite scuffed",
    "unfair": "overpowered rigged imba p2w",
    "lag annoying": "laggy laggs rubberband rubberbanding desync",
    "away": "afk",
    "fucking": "fkn fking fckn fcking fkin",
    "bullshit": "bs",
    "give up losing": "ff15 ff20",
    "hopeless": "copium",
    # Aimed at people.
    "shut up": "stfu stfuu gtfo kys",
    "bad player insult": (
        "noob noobs n00b scrub scrubs feeder feeders griefer griefers leaver"
        " inters shitter shitters"
    ),
    "stupid insult": (
        "braindead brainless idiot idiots moron morons imbecile dumbass pepega smoothbrain"
    ),
    "easy loser insult": "ez ezz ezpz rekt pwned pwn",
    "cheater": "hacker hackers aimbot aimbotter wallhack wallhacks wallhacker cheaters",
    "ruining the game": "griefing trolling inting smurfing",
}
"""Plain words, and the slang that they stand for."""

_EMOJI = {
    "funny laughing": "😂🤣😆😹💀",
    "happy": "😀😃😄😁😊🙂😺☺😌😇",
    "love": "😍🥰😘❤💕💖💗💙💚💛🧡💜🖤🤍💞💓💘😻🤗♥",
    "amazing": "🔥🤩💯✨⭐🌟😎👑🐐🚀",
    "congratulations happy": "🎉🥳🏆🥇🎊🍾🙌",
    "good": "👍👌✅🤝😋",
    "well done": "👏💪",
    "thank you": "🙏",
    "sad": "😢☹🙁😞😔😟😥🥺😿💔😓",
    "sad crying": "😭",
    "annoyed tired": "😩😫😒🙄😑😤🥵",
    "angry": "😡😠👿🗯",
    "fucking angry": "🤬",
    "fuck you": "🖕",
    "bad": "👎❌💩🗑🤡",
    "disgusting": "🤮🤢",
    "scared": "😱😨😰😧😖",
    "surprised wow": "😮😲😯🤯😳",
    "shrug": "🤷",
    "thinking": "🤔",
}
"""Plain words, and the emoji that they stand for."""

_IDLE = frozenset(
    "face with sign symbol of and the black white heavy medium small large open closed emoji"
    " modifier button left right up down pointing".split()
)
"""Words of Unicode names without affect."""


PHRASES = frozenset("omw brb gtg g2g idk ngl tbh".split())
"""Abbreviations of English phrases: players who write in other languages do not borrow them."""

_DRAWN_END = re.compile(r"(?<=[^\W\d_]{3})([^\W\d_])\1$")
"""The doubled last letter of a drawn-out word, of which ``features.read`` leaves two."""


def _by_token() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for plain, tokens in _SLANG.items():
        found.update(dict.fromkeys(tokens.split(), tuple(plain.split())))
    for plain, signs in _EMOJI.items():
        found.update(dict.fromkeys(signs, tuple(plain.split())))
    return found


MEANINGS = _by_token()
"""Plain words by slang, emoticon or emoji."""


def listed(token: str) -> tuple[str, ...]:
    """Return plain words for a listed token, also a drawn-out one; else none."""
    return MEANINGS.get(token) or MEANINGS.get(_DRAWN_END.sub(r"\1", token), ())


def meaning(token: str) -> tuple[str, ...]:
    """Return plain words for a token in lower case; empty for an ordinary word."""
    if found := listed(token):
        return found
    if len(token) != 1 or token.isalnum() or ord(token) < 0x2190:
        return ()
    name = unicodedata.name(token, "").lower().replace("-", " ").split()
    return tuple(word for word in name if word not in _IDLE)
