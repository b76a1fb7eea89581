"""Whether a text asks something that can be answered: a question or a request, in French and English, with or without mark.

What mocks or reproaches in the form of a question asks nothing ("vous trouvez ça normal ?", "are you kidding?"); what begs,
demands or says that it seeks asks something without any mark. Each sentence is judged by itself, so that the very words of
the question can be shown.

`veille.reading.asks` is the wide net of the topics, where likeness to an approved question decides; here the words alone do.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from veille.folding import clean_text, fold_text

MOST_CHARACTERS: Final = 1200
"""More of a text is not looked at: a question stands at its beginning or in its title."""
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…](?!\s|$)[^.!?…\n]*)*(?:[.!?…\s]*[?!.…]+|\n|$)")
_MARK = re.compile(r"\?")
_WORD = re.compile(r"[^\W\d_]{2,}")

# All below over folded text: lower case, no accents, straight apostrophes.

_OPENING = (
    r"(?:^\W*|[,:;(–—]\s*|\b(?:et|mais|alors|donc|du coup|bonjour|bonsoir|hello|salut|hey|hi|svp|stp|so|but|and|please|"
    r"(?:un )?peu|sinon|dites?(?:[- ](?:moi|nous))?|tell me|explique[rz]?(?:[- ](?:moi|nous))?|"
    r"savoir|know|comprendre|understand)\W+)"
)
# Words that open a question, mark or not.
OPENS: Final = re.compile(
    _OPENING + r"(?:(?:a|de|par|pour|depuis|jusqu'a|from|to|for|since|until)\s)?"
    r"(?:pourquoi|pq|pk|comment (?!dire|ca va)|combien|"
    r"ou (?:est|sont|en (?:est|sont)|puis|peut|trouver|se |dois|doit|acheter|faut|faire|s'adresser)|"
    r"(?:a )?qui (?:peut|pourrait|contacter|doit|dois|est|sait|saurait|faut|s'adresser|appeler|a deja)|"
    r"quand (?:est|sera|seront|compte\w*|pense\w*|alle\w*|va|vont|reprend\w*|pou\w+|aura\w*|y aura)|"
    r"que (?:faire|dois|doit|faut|puis|se passe|propose\w*|compte\w*|risque|devien\w+)|qu'est[ -]ce|"
    r"quel(?:le)?s? (?:est|sont|sera|seront|solution\w*|cout|prix|demarche\w*|delai\w*|recours|numero|tarif|heure|jour|"
    r"ligne)|"
    r"why (?:is|are|do|does|did|can|will|would|has|have|was|were|not)|how (?:do|does|can|could|much|many|long|to|come|is|"
    r"often)|"
    r"when (?:is|are|will|do|does|can)|where (?:is|are|can|do|does|should)|who (?:do|can|should|is)|"
    r"what (?:is|are|time|do|does|should|happens|about)|which )"
)
# Turns of phrase that ask, wherever they stand.
ASKS: Final = re.compile(
    r"\best[- ]ce (?:qu|normal|possible|bien|le cas|prevu)|\by[- ]?a[- ]t[- ]il\b|\bpourrai[st]?[- ]je\b|\bpuis[- ]je\b|"
    r"\b(?:est|sera|serait|etait)[- ]il (?:encore |toujours |deja )?(?:possible|normal|prevu)|\bserait[- ]il\b|"
    r"\b(?:pouvez|pourriez|pourrez|comptez|allez|avez|auriez|savez|seriez|prevoyez|acceptez|remboursez|proposez|souhaitez)"
    r"[- ]vous\b|\b(?:peux|pourrais|sais)[- ]tu\b|\b(?:peut|pourrait|doit|fait|aura|va|a)(?:[- ]t)?[- ]on\b(?! appris| vu|"
    r" su\b)|"
    r"\b(?:dois|ai|suis|vais|aurai|devrais)[- ]je\b(?! reste)|"
    r"\bvous (?:pouvez|pourriez) (?!pas\b|encore\b|vous\b|toujours\b)(?:me |nous |m'|confirmer|expliquer|repondre|dire|"
    r"aider)|"
    r"\b(?:j'aimerais|j'aurais aime|je (?:voudrais|souhaite\w*|veux|desire|cherche|me demande)|on (?:voudrait|"
    r"aimerait) (?=savoir|avoir|une? |des |comprendre)|"
    r"nous (?:voudrions|aimerions|souhaitons)) (?!pas\b|bien que\b)|"
    r"\bje (?:ne )?(?:trouve|sais) (?:nulle part|pas (?:comment|ou|qui|quoi|si|a qui|quel))|\bje peux savoir|"
    r"\b(?:quelqu'?une?|qq'?une?|qqn|une ame charitable) (?:sait|saurait|peut|pourrait|a (?:deja|une|des|eu|paye|reussi|"
    r"la|le|un)|connait|aurait|repond\w*|pour (?:m|nous|me))|\bqui (?:a|aurait) (?:deja|une idee)|"
    r"\bune idee (?:d|si|pour|sur)|\bc'est quoi (?:la|le|les|l'|cette|ce nouveau|ces)|\bc'est normal\b(?=.*\?)|"
    r"\b(?:savoir|connaitre|comprendre) (?:si|comment|quand|ou|pourquoi|combien|quel\w*|le (?:prix|montant|tarif|delai)|"
    r"la (?:date|raison|demarche))|\b(?:j'ai|j'aurais|ma|\d|^\W*une) (?:une |des |petite |simple )*questions?\b|"
    r"\bvous avez (?:une?|des) (?:soucis?|problemes?|pannes?|incidents?|infos?|informations?|solutions?|nouvelles?|dates?|"
    r"delais?)\b|"
    r"\b(?:on a|ai-je|j'ai|a-t-on|y a-t-il|avons-nous) (?:le )?droit (?:de|d'|a)|\baccepte\w* ou (?:refuse\w*|non|pas)|"
    r"\boui ou non\b|\bje suis (?:le|la) seule? (?:a|dans)\b|\bsuis[- ]je (?:le|la) seule?\b|"
    r"\b(?:anyone|anybody|someone|somebody) (?:know|have|got|help|else|tell)|\bany (?:idea|news|update|chance|info)|"
    r"\bi (?:wonder|would like|'d like|need (?:to know|help|an answer)|want to know)|\bi'd like (?:to|a)|"
    r"\b(?:can|could|may|should|will|would) (?:i|we|you|someone|anyone|somebody) |\b(?:is|are) there (?:a |an |any )|"
    r"\b(?:do|does|did) (?:you|i|we|anyone|the|your|it) "
)
# What begs or demands an act or an explanation.
REQUESTS: Final = re.compile(
    r"\bau secours\b|\ba l'aide\b|\bhelp\s*(?:me|us|please|!|\W*$)|\b(?:aidez|aide|sauvez)[- ](?:moi|nous)\b|"
    r"\bbesoin d'aide\b|"
    r"\b(?:contactez|rappelez|recontactez|appelez|remboursez|expliquez|repondez|envoyez|rendez|indiquez|donnez|"
    r"renseignez|eclairez|rassurez|debloquez|changez|virez|mettez|livrez)[- ](?:moi|nous|les?)\b|\bdites[- ](?:moi|nous)\b|"
    r"\bveuillez (?!agreer|croire)|"
    r"\b(?:explique[rz]?|repond(?:re|ez)|informe[rz]?|renseigne[rz]?|contacte[rz]?|rappele[rz]?|aide[rz]?|dire|"
    r"rembourse[rz]?)\b.{0,40}\b(?:svp|stp|s'il (?:vous|te) plait|merci)\b|"
    r"\b(?:svp|stp|s'il (?:vous|te) plait)\b|\bmerci (?:de|d') ?(?!vo|m'avoir|nous avoir|l'avoir|ne |avoir|rien|la |le |ton)"
    r"(?:me |m'|nous |bien vouloir |vous |faire |repondre|dire|regler|corriger|retablir|\w+er |\w+ir |\w+re )|"
    r"\b(?:j'attends|nous attendons|on attend|attend[s]?) (?:toujours |encore )?(?:une?|des|vos?|votre) (?:vraies? )?"
    r"(?:reponses?|explications?|retours?|excuses|solutions?)|"
    r"\bfaites (?:un truc|quelques? choses?)|\b(?:bougez|depechez)[- ]vous\b|\bquand vous voulez\b|"
    r"(?<!qu')\bil serait (?:\w+[ -]){0,3}temps (?:de|d')|\b(?:il )?(?:faut|faudrait|faudra)(?: bien)? (?:m'|me |"
    r"nous )(?:expliq\w+|dire)|"
    r"(?<!apres )\b(?:on|qu'on) (?:m'|nous )explique(?! qu)|(?<!aucun )(?<!pas )(?<!plus )(?<!les )\b(?:possible|"
    r"moyen) (?:de|d')\s?(?:me |m'|nous |avoir|passer|savoir|faire|recevoir|"
    r"parler|obtenir|modifier|changer|\w+er )|^\W*(?:possible|moyen) (?:de|d')|"
    r"\bplease (?:help|fix|call|dm|send|tell|explain|answer|reply|contact|let|can|refund)|\b(?:fix|answer|refund|"
    r"call) (?:it|me|us) "
    r"?(?:now|please|asap)|\bpls\b|\bplz\b|\blet (?:me|us) know\b"
)
# What has the form of a question or request and is a reproach, mockery or a figure of speech.
FIGURES: Final = re.compile(
    r"\b(?:vous|tu) (?:trouve[sz]|croye[sz]|crois|pense[sz]|imagine[sz])\b(?! (?:pouvoir|que (?:je|nous|ca) (?:peux|pouvons|"
    r"peut)))|"
    r"\b(?:trouvez|croyez|pensez|imaginez)[- ]vous\b(?! pouvoir)|\bvous (?:vous )?(?:etes|ete) (?:serieu\w+|debiles?|cru\w*|"
    r"malades?|cons?|fous|sur\w*|surs de vous|gentils?|vraiment)\b|"
    r"\bca va (?:pas|bien|tranquille|la tete|dans|vous|vos|les|ou)\b|\bca va,? (?:tranquille|@|\W*$)|\btout va bien\b|"
    r"\b(?:vous )?(?:n')?(?:en )?avez[- ](?:vous )?(?:pas |plus )?(?:honte|marre|fini|vu l'heure)|\bhonte a vous|"
    r"\bne? vous (?:derange|gene|choque)|\bca (?:vous |t')?(?:derange|gene|choque)|"
    r"\b(?:ca|cela) (?:vous|t') ?arrive|\bvous arrive[- ]t[- ]il|\b(?:vous|tu) (?:voulez|veux) (?:pas|quoi|ma mort|que je)|"
    r"\b(?:vous )?ne voulez[- ](?:vous )?pas|\baccepteri(?:ez|ons)|\b(?:que )?(?:feriez|diriez)[- ]vous|"
    r"\bjou(?:ez|es?) a quoi|\ballez[- ](?:\w+ )?vous faire (?:enc|fout|voir|met)|\bpourquoi (?:payer|continuer|rester)\b|"
    r"\bfout(?:ez|age|re|ent)?\b.{0,25}\b(?:de|gueule|nous|moi|monde)|\b(?:se|vous) moque\w*\b|"
    r"\bprene[sz]\b.{0,12}\bpour (?:des|un|une|qui)|\bon en parle\b|\bdevine[sz]\b|\bmerci qui\b|\b(?:quelqu'un|qqn|"
    r"qui) (?:nous |vous )?(?:lit|travaille|ecoute|repond)\b[^,;:]{0,40}$|\bc'est qui (?:les|le) client|"
    r"\bvous savez (?:pk|pq|pourquoi|quoi)|\bc'est (?:une|un) (?:blague|gag|sketch)|\bblague\b|\bou quoi\b|"
    r"\bc'est (?:pas )?ca\b.{0,5}"
    r"(?:votre|le|la|du)|\bc'est (?:serieux|pas (?:abuse|du foutage|honteux))|\bserieu(?:x|sement)\b|"
    r"\bc'est quoi (?:ce|cette|ces|votre|le|vos) (?:bordel|bazar|bazard|delire|foutage|blague|merde|facons?|service|cirque|"
    r"bins|honte|arnaque|scandale|pays|entreprise)|\bquell?e? facons?\b|\bvos tetes\b|\bl'impression de\b|"
    r"\best[- ]ce (?:vraiment )?ainsi|\bvous briefez|\bde qui se|\bvous attendez quoi|\bvous comprenez (?:pas|quand)|"
    r"\b(?:voila|c'est) pourquoi\b|\bqui (?:s'en )?etonne|\bvrai ou faux\b|\bn'est[- ]ce pas\b|"
    r"\bare you (?:kidding|serious|joking|insane|mad)|\bis (?:this|that|it) (?:a joke|some kind of)|\breally\s*\?|"
    r"\bseriously\b|"
    r"\bwhat a\b|\bwho does (?:this|that)|\bhow (?:hard|difficult) (?:is|can)|\bhow dare|\bwtf\b|\bdo you (?:even|"
    r"really) (?:care|"
    r"think)|\bguess (?:what|who)|\bdon't you (?:think|care)|\bwhat (?:the|kind of) "
)
# A statement with a mark behind it: disbelief, not a question.
DISBELIEF: Final = re.compile(
    r"\balors (?:qu|comme)|\bsachant qu|\bsoi[t]?[- ]disant|\bsans (?:nous|me|m'|prevenir|que|aucune?)|\bmaintenant vous\b|"
    r"\bcarrement\b|\bvous (?:m'|nous )?(?:avez|aviez|m'avez)\b.{0,80}\bet\b|\b(?:non|hein|nan|ok|right|no)\s*\?+\s*$|"
    r"\bdu coup (?:vous|on)\b|\bmoins\b.{0,40}\bplus\b|\bpour ca\b|\bdans tout ca\b|\bau bout de\b|\btoujours (?:pas|rien)\b"
)
_BARE = re.compile(r"^\W*(?:normal|genre|bien|bien bien|pardon|allo|quoi|hein|ah bon|encore|tranquille|coucou|ok)?\W*$")
_NORMAL = re.compile(r"(?<!est-ce )(?<!est ce )(?<!c'est )\bnormal (?:qu|de |si )")


def questions_in(text: str) -> tuple[str, ...]:
    """Return the sentences of a text that ask something, word for word, in their order.

    Parameters
    ----------
    text
        As it was published; its first 1,200 characters are looked at.
    """
    head = clean_text(text)[:MOST_CHARACTERS]
    sentences = (match.group().strip() for match in _SENTENCE.finditer(head))
    return tuple(sentence for sentence in sentences if sentence and _asking(sentence))


def asking(texts: pd.Series) -> pd.Series:
    """Return the asking sentences of each text, empty where it asks nothing; same index.

    Parameters
    ----------
    texts
        Texts as they were published, missing ones ask nothing.
    """
    return texts.fillna("").astype("object").map(lambda text: questions_in(str(text)))


def _asking(sentence: str) -> bool:
    folded = fold_text(sentence)
    if len(_WORD.findall(folded)) < 2 and not REQUESTS.search(folded) and not OPENS.search(folded):
        return False
    if FIGURES.search(folded):
        return False
    if OPENS.search(folded) or ASKS.search(folded) or REQUESTS.search(folded):
        return True
    if not _MARK.search(folded):
        return False
    return not (DISBELIEF.search(folded) or _NORMAL.search(folded) or _BARE.match(folded))
