"""When, how often, how long: the time words of a draft. The patterns are compiled when the first draft is read."""

from __future__ import annotations

import re
from functools import cached_property

_NUMBER = (
    r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|sixty|ninety|a few|several|"
    r"a couple of|couple of|half an|half|another)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan\.?|feb\.?|mar\.?|apr\.?|aug\.?|sept?\.?|"
    r"oct\.?|nov\.?|dec\.?)"
)
_UNIT = r"(?:second|sec|minute|min|hour|hr|day|night|evening|morning|afternoon|weekend|week|wk|month|mo|year|yr|school day|school year|visit|shift|semester|term|season)s?"
_PART = r"(?:morning|afternoon|evening|night|noon|midnight|bedtime|dinner|supper|lunch|breakfast|weekend|weeknight|weekday|school|nap|bath|sunrise|dark|dawn)"
_HOLIDAY = r"(?:christmas|easter|thanksgiving|halloween|new year's|new year|labor day|memorial day|fourth of july|spring break|summer|winter|(?<!ms )(?<!ms. )(?<!mr. )(?<!mrs. )fall|the holidays)"

_SPANISH_MONTH = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
_SPANISH_DAY = r"(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)"

CLOCK = (
    r"\b\d{1,2}(?:[.:]\d\d)?\s?(?:-|–|to)\s?\d{1,2}[.:]\d\d\b|\b\d{1,2}[.:]\d\d\s?(?:-|–|to)\s?\d{1,2}\b|\b\d{1,2}\.[0-5]\d\b|"
    r"\b(?:at|by|about|around|until|till|from|past) (?:about |around )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=[ .,;)])(?! (?:years|months|weeks|days|times|of|others|people|schools?|games))|\b\d{1,2}(?::\d\d)?\s?(?:a\.?\s?m\b|p\.?\s?m\b|o'clock)|\b\d{1,2}:\d\d\b|\b(?:at|by|about|around|until|till|from|past|after|before|to|and|since|between)"
    r" (?:about |around |nearly )?(?:\d{1,2}(?![\w/:%-])(?! (?:years|months|weeks|days|times|of|minutes|hours|percent))"
    r"|midnight|noon)(?= |[.,;)]|$)(?! (?:years|months|weeks|days|times|of|others|people))"
)
DATE = (
    rf"\b\d{{1,2}} de {_SPANISH_MONTH}\b|\b{_SPANISH_DAY}\b|"
    r"\b(?:el|los|este|cada) (?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)\b|"
    rf"\b{_DAY}s?\b|(?<!\ba )(?<!\bthe )\b(?:mon|tues?|wed|thurs?|fri|sat|sun)\b\.?(?! \w+ed\b)|\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b"
    rf"|\b(?:in|since|until|till|by|through|of|from|late|early|mid|end of|last|this|next|before|after|and|to)[ -]{_MONTH}(?![a-z'])"
    r"|\bthe \d{1,2}(?:st|nd|rd|th)\b|\b(?:in|since|by|until|from|of|and) (?:19|20)\d\d\b"
    rf"|\b(?:last|this|next|that|the same|the next|the following|one|the other) (?:{_PART}|{_DAY}|week|month|year|day|{_HOLIDAY})s?\b|\b(?:yesterday|today|tonight|tomorrow|{_HOLIDAY})\b"
)
FREQUENCY = (
    rf"\b(?:cada (?:noche|día|mañana|tarde|semana|{_SPANISH_DAY})|tod[oa]s l[oa]s (?:noches|días|mañanas|tardes|semanas|{_SPANISH_DAY}))\b|"
    rf"\b(?:every|each|most|both|all|any)(?: other| single| one)? (?:of (?:the|these|those) )?(?:\w+ )?(?:{_UNIT}|{_DAY}s?|{_PART}s?|time)\b|\b(?:once|twice|{_NUMBER} times)\b"
    rf"|\b{_NUMBER} (?:or {_NUMBER} )?(?:\w+ )?(?:nights?|days?|mornings?|evenings?|afternoons?|visits?|weekends?|times|weeks?|months?|hours?|minutes?|school days?)\b"
    rf"|\b(?:daily|nightly|weekly|monthly|hourly)\b|\b(?:on|most) (?:{_DAY}|{_PART}|weeknight|weekend|payday|bad day|visit day|work night|school night)s\b"
    rf"|\b(?:{_NUMBER}|\d+) (?:out )?of (?:the |every )?(?:last |past )?(?:{_NUMBER}|\d+)\b|\b(?:times|nights|days|mornings|evenings) a (?:week|month|day)\b|\bafter (?:school|dinner|work|dark)\b"
    rf"|\b(?:nights|mornings|evenings|weekends|weekdays|paydays|bedtimes?|mealtimes?)\b|\bat (?:night|bedtime|dinner|lunch|breakfast|supper|naptime|pick-?up|drop-?off)(?: times?)?\b|\b{_NUMBER}-(?:night|day|hour|week|month)s?\b"
)
DURATION = (
    rf"\bhasta el \d{{1,2}}(?: de {_SPANISH_MONTH})?\b|"
    rf"\b(?:for|over|during|within|in(?= (?:about |the next |the last |under )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve))|after(?! (?:school|work|dinner|dark|breakfast|lunch|visit|each|every|the visit))|next|past|last|first|another|all|total of|full) (?:(?:at least|about|around|the|the next|the last|the past|the first|more than|nearly|over|a full|all|up to|almost|these|another|each|all of the) )*{_NUMBER}?"
    rf" ?(?:\w+ )?{_UNIT}\b|\b{_NUMBER} (?:more |full |straight |whole |consecutive |calendar |solid |good )?(?:weeks?|months?|years?|wks?|mos?|days|nights|hours?|hrs?|minutes|weekends|visits|paydays)\b"
    rf"(?: straight| in a row| running| like this)?|\b(?:until|till|through|thru|up to|ending|to the end of|end of)\b(?! (?:the|she|he|they|it|i|we|us|him|her|my|his|a|an|someone|then)\b(?! (?:end|review|first|next|last|school|{_MONTH}|\d)))"
    rf"|\bthrough(?= (?:the|{_MONTH}|\d))|\bsince\b|\bfrom\b[^.,;]{{1,20}}\b(?:to|until|till|through)\b|\b\d+-(?:week|month|day|hour)s?\b|\b{_NUMBER}-(?:week|month|day|year)\b"
)
DEADLINE = (
    rf"\b(?:al|hasta el|antes del|para el) \d{{1,2}} de {_SPANISH_MONTH}\b|"
    rf"\b(?:by|before|until|till|through|thru|to|as of|no later than|up to|ending|end of|ends|review|reviewed|reviewed on|review on|meet on|meeting on) (?:the |our |this |next |about |court on |review on |end of |last |first |close of |team meeting on |review of |meeting on )*(?:{_MONTH}|{_DAY}|\d{{1,2}}/\d|{_HOLIDAY}|review|meeting|the end|end|hearing|school (?:lets|ends|year)|summer|\d{{1,2}}(?:st|nd|rd|th))"
    rf"|\b{_MONTH} \d{{1,2}}\b|\b\d{{1,2}}/\d{{1,2}}\b"
)
VAGUE = (
    r"\b(?:as needed|when needed|if needed|whenever (?:it is |it's )?needed|when (?:it is |it's )?needed|as necessary|when necessary|if necessary|sometimes|often|regularly|soon|at times|from time to time|"
    r"occasionally|frequently|usually|always|when(?:ever)? (?:they|he|she|i|we) can|when possible|as possible|a few (?:months|weeks|days|times)(?: or so)?|for now|for a while|a while|in the future|ongoing|"
    r"consistently|on a regular basis|whenever|any time|anytime|at all times|around the clock|as soon as possible|asap|eventually|some day|someday|later|long enough|over time|until (?:the|things|it|he|she|they)|as long as|"
    r"most of the time|all the time|a lot|now and then|in time|until further notice|when things get|once in a while|next month|tbd|sometime|evenings?|nights?|weekends?|recently|lately|in the past|several times|many times|multiple)\b"
)


class Times:
    """Where a draft says when; each list holds exact words of the draft, in order."""

    def __init__(self, plain: str, text: str) -> None:
        self._plain, self._text = plain, text

    def _find(self, pattern: str) -> list[str]:
        return [self._text[match.start() : match.end()] for match in re.finditer(pattern, self._plain, re.IGNORECASE)]

    @cached_property
    def clock(self) -> list[str]:
        return self._find(CLOCK)

    @cached_property
    def date(self) -> list[str]:
        return self._find(DATE)

    @cached_property
    def frequency(self) -> list[str]:
        return self._find(FREQUENCY)

    @cached_property
    def duration(self) -> list[str]:
        return self._find(DURATION)

    @cached_property
    def deadline(self) -> list[str]:
        return self._find(DEADLINE)

    @cached_property
    def vague(self) -> list[str]:
        return self._find(VAGUE)

    @cached_property
    def exact(self) -> list[str]:
        """Return all that a calendar, a clock or a count would show."""
        return [*self.date, *self.clock, *self.frequency, *self.duration]
