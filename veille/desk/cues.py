"""How dangerous replies sound, in French and English: promises, admissions, blame, mockery, words of the inside."""

from __future__ import annotations

import re
from typing import Final

from veille.desk.draft import Draft, Place

# All over folded text: lower case, no accents, straight apostrophes.
PROMISE: Final = re.compile(
    r"\b(?:(?:nous|on|je)\s(?:vous\s)?(?:(?:le|la|les|l['e])\s?)?(?:garanti\w+|promet\w+|promis|rembourse(?:rons|rai|ra|rez)?|"
    r"rembourson\w*|indemnise\w+|dedommage\w+|offr(?:irons|ons|ira|e)|assur(?:ons|e) que|certifi\w+)|"
    r"(?:nous|on|je)\s(?:nous\s|m['e]\s?|s['e]\s?)?engage\w*|(?:nous|je)\s(?:ferons|mettrons|allons)\s(?:tout|en sorte)|"
    r"(?:vous\s)?serez\s(?:rembours\w+|indemnis\w+|dedommag\w+)|sera\s(?:rembours\w+|regle\w*|repare\w*|retabli\w*|resolu\w*)|"
    r"promis|garanti|(?:ne se reproduira|n['e]?\s?arrivera)\s(?:plus|pas|jamais)|plus jamais|d'ici\s(?:demain|ce soir|\d+)|"
    r"(?:un|le|votre)\s(?:remboursement|dedommagement|geste commercial)|"
    r"(?:we|i)\s(?:\w+\s)?(?:guarantee|promise|pledge|commit|ensure|assure you|refund|compensate|reimburse)\w*|"
    r"(?:we|i)(?:\swill|'ll)\s(?:\w+\s)?(?:refund|compensate|reimburse|fix|repair|pay|make sure|replace)|"
    r"(?:you\swill|you'll|will)\s(?:be|get)\s(?:a\s|your\s)?(?:refund\w*|compensat\w*|reimburs\w*|fixed|repaired|restored|"
    r"on time|money)|"
    r"(?:a|your|full)\srefund|never\s(?:ever\s)?happen|guaranteed|by\s(?:tomorrow|tonight))\b"
)
ADMISSION: Final = re.compile(
    r"\b(?:(?:de\s)?notre\s(?:entiere\s)?(?:faute|erreur|negligence|responsabilite|tort)|(?:par|une)\snegligence|"
    r"nous\s(?:\w+\s)?(?:reconnaissons|admettons|avouons)|nous\s(?:sommes|etions|en sommes)\s(?:\w+\s)?(?:responsables?|"
    r"coupables?|en tort|"
    r"fautifs?)|nous\s(?:avons|n'avons)\s(?:\w+\s){0,2}(?:failli|commis|neglige|tarde|mal\s\w+|cache|menti|echoue)|"
    r"nous\saurions\sdu|nous\ssavions|"
    r"our\s(?:own\s|full\s)?(?:fault|mistake|error|negligence|responsibility|failing|failure)|we\s(?:\w+\s)?(?:admit|"
    r"acknowledge|accept)\s"
    r"(?:\w+\s){0,2}(?:responsibility|blame|fault|liability|error|mistake|that)|full\sresponsibility|"
    r"we\s(?:\w+\s)?(?:failed|neglected|"
    r"messed up|were wrong|got it wrong|knew|lied|hid)|we\s(?:are|were)\s(?:\w+\s)?(?:liable|responsible|guilty|to blame)|"
    r"we\sshould\s(?:not\s)?have|negligen\w+)\b"
)
BLAME: Final = re.compile(
    r"\b(?:(?:de\s)?(?:votre|ta)\s(?:faute|erreur|negligence|mauvaise foi)|si\s(?:vous|tu)\s(?:aviez|avais|etiez|preniez|"
    r"lisiez)|"
    r"vous\sauriez\s(?:du|pu)|vous\sn'(?:aviez|avez)\squ['e]|il\s(?:fallait|suffisait|suffit)\s(?:de|d'|juste)|apprenez\sa|"
    r"la\sprochaine\sfois|(?:lisez|lire)\s(?:donc\s)?(?:les?|nos?)\s(?:reglement|conditions|horaires)|encore faut-il|"
    r"your\s(?:own\s)?(?:fault|mistake|problem|negligence)|if\syou\shad|you\sshould\s(?:have|'ve)|had\syou|learn\sto|"
    r"try\sreading|"
    r"next\stime|read\sthe\s(?:rules|timetable|terms)|as\syou\sshould\sknow)\b"
)
AGGRESSION: Final = re.compile(
    r"\b(?:calmez|vous\scalmer|arretez\sde|cessez\sde|taisez|menteu\w+|mensonges?|ridicules?|n'importe quoi|stupid\w+|"
    r"idiots?|idiotie\w*|"
    r"imbeciles?|honte\sa|betises?|pleurnich\w+|rageu\w+|troll\w*|mythos?|absurde\w*|diffamat\w+|porter\splainte|nos\savocats|"
    r"calm\sdown|stop\s(?:complaining|whining|lying)|liars?|lies|nonsense|shut\sup|grow\sup|moron\w*|pathetic|whin\w+|sue\syou|"
    r"our\slawyers)\b"
)
IRONY: Final = re.compile(
    r"\b(?:quel(?:le)?\s(?:drame|tragedie|catastrophe|scandale|horreur)|(?:oh|ah)\s(?:wow|la la|le pauvre|la pauvre|poor|"
    r"no)|bravo|"
    r"felicitations\spour\svotre\s(?:sens|patience)|on\sva\sprevenir|what\sa\s(?:tragedy|drama|disaster|shame|shock|"
    r"catastrophe)|poor\s(?:you|"
    r"thing)|boo hoo|cry me|how\s(?:terrible|awful)\sfor|alert\sthe\s(?:president|media|press)|mdr|ptdr|lol|lmao|hilarant\w*|"
    r"la\sfin\sdu\smonde|end\sof\sthe\sworld|sans\sblague|no\skidding|whole\sminutes?)\b|[🙄😏😂🤣🙃🤡😜😒]"
)
INSIDE: Final = re.compile(
    r"\b(?:niveaux?\s(?:d'alerte\s|de\s(?:crise|vigilance)\s)?\d|level\s(?:\d|three|four)|cellule\sde\s(?:crise|veille)|"
    r"crisis\s(?:cell|team|"
    r"unit|room)|seuils?\s(?:d'alerte|de\s(?:crise|detection)|interne)|alert\sthreshold|score\sde\s(?:crise|risque)|"
    r"crisis\sscore|"
    r"(?:note|document|objectif|consigne|enquete|courriel|mail|information|dossier|reunion|projet)s?\s(?:interne|"
    r"confidentiel)\w*|"
    r"internal\s(?:\w+\s)?(?:note|memo|document|target|goal|mail|email|inquiry|instruction|meeting|plan|project)s?|"
    r"confidential\w*|"
    r"(?:comite\sde\sdirection|codir|comex|conseil\sd'administration)|executive\scommittee|board\smeeting|"
    r"pas\s(?:encore\s)?(?:public|publique|officiel|officielle|annonce)s?|not\s(?:yet\s)?(?:public|official|announced)|"
    r"entre\snous|between\sus|off\sthe\srecord|en\soff|element\w*\sde\slangage|talking\spoints|"
    r"porte-parole\sn'a|budget\sinterne|plan\ssocial)\b"
)
INTENT: Final = re.compile(
    r"\b(?:nous\s(?:allons|prevoyons|comptons|envisageons|etudions|preparons|voulons|remettrons|proposerons|deposerons|"
    r"lancerons|ouvrirons|etendrons|recruterons|embaucherons|\w+erons|\w+irons)|(?:est|sont)\s(?:prevue?s?|a l'etude)|"
    r"we\s(?:plan|intend|are\s(?:going|planning|about)|will|want|aim|hope)\s?(?:to)?|notre\s(?:objectif|projet|intention)|"
    r"our\s(?:goal|target|plan|aim))\b"
)
_LETTERS, _CAPITALS_RATIO, _WORDS = 15, 0.6, 3
_SHOUTS = re.compile(r"!{3,}|\?{3,}|(?:[!?]){4,}")


def shouted(draft: Draft) -> list[Place]:
    """Return the sentences written in capitals, and runs of exclamation marks; an acronym is no shout."""
    places = []
    for sentence in draft.sentences:
        letters = [sign for sign in sentence.text if sign.isalpha()]
        capitals = sum(sign.isupper() for sign in letters)
        if len(letters) >= _LETTERS and len(sentence.words) >= _WORDS and capitals >= _CAPITALS_RATIO * len(letters):
            places.append(sentence.place)
    places += [Place(match.start(), match.end()) for match in _SHOUTS.finditer(draft.text)]
    return places
