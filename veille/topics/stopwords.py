"""Words that say nothing about a topic, French, English, Arabic and Darija together: a watch reads them in one corpus.

All are folded (lower case, no accents), the form in which tokens are compared. Interjections and the vocabulary of
platforms are in the list because a topic called "bonjour, merci, rt" helps nobody.
"""

from __future__ import annotations

from typing import Final

_FRENCH = """
a abord afin ah ai aie aient aies ailleurs ainsi ait alors apres as assez au aucun aucune aujourd aupres auquel aura aurai
auraient aurais aurait auras aurez auriez aurions aurons auront aussi autant autre autres aux auxquelles auxquels avaient
avais avait avant avec avez aviez avions avoir avons ayant ayez ayons bah beaucoup ben bien bientot bon bonjour bonsoir bref c
ca car ce ceci cela celle celles celui cent cependant certain certaine certaines certains ces cet cette ceux cf chacun chacune
chaque chez ci cinq combien comme comment concernant contre coup cours d dans de debut dedans dehors deja dela depuis derriere
des desormais desquelles desquels dessous dessus deux deuxieme devant devers devra devrait dit dire disent dix doit doivent
donc dont du duquel durant egalement eh elle elles en encore enfin ensuite entre environ es est et etaient etais etait etant
etc ete etes etiez etions etre eu eue eues euh eurent eus eut eux evidemment exemple expres face facon faire fais faisait
faisant fait faite faites faits fallait faudrait faut fera ferait feront fois font force fort furent fus fut grace gros
guere ha haut hein helas hier hors hui huit ici il ils j jamais jour jours jusqu jusque juste l la laquelle le lequel les
lesquelles lesquels leur leurs lol longtemps lors lorsque lui m ma mai maintenant mais mal malgre mdr me meme memes merci mes
met mets mettre mien mienne miens mieux mille moi moins mois moment mon monsieur madame mr mme mlle moyennant n na ne
neanmoins neuf ni nom nombreuses nombreux non nos notamment notre nous nouveau nouveaux nouvel nouvelle nouvelles nul o oh on
ont onze or ou oui ouf ouh outre paf par parce parfois parle parler parmi parole partie partir pas passe passer pendant pense
personne peu peut peuvent peux plein plupart plus plusieurs plutot point pour pourquoi pourra pourrait pourtant pouvait pouvez
pouvoir pres presque prendre pris prise puis puisque qu quand quant quarante quatre que quel quelle quelles quelqu quelque
quelques quels qui quiconque quinze quoi quoique re rien s sa salut sans sauf savoir se selon sept sera serai seraient serais
serait seras serez seriez serions serons seront ses seul seule seulement seuls si sien sienne siens sinon six soi soient sois
soit soixante sommes son sont sous souvent soyez suis suite suivant sur surtout svp stp t ta tandis tant tard te tel telle
tellement telles tels tes toi ton toujours tous tout toute toutefois toutes tras tres trois trop trouve tu un une unes uns va
vais vas venir vers veut veux via vient viennent voici voila voir vont vos votre vous voulait vouloir voulu vraiment vu vue y
annee annees an ans semaine semaines heure heures minute minutes janvier fevrier mars avril juin juillet aout septembre
octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche
"""
_ENGLISH = """
about above across actually after afterwards again against ago ain all almost alone along already also although always am
among amongst an and another any anybody anyhow anyone anything anyway anywhere are aren around as ask asked at away back be
became because become becomes been before beforehand behind being below beside besides between beyond both but by call came
can cannot cant come comes could couldn did didn do does doesn doing don done down due during each eight either else elsewhere
enough etc even ever every everybody everyone everything everywhere few first five for former found four from further gave get
gets getting give given go goes going gone gonna good got gotta had hadn has hasn have haven having he hello hence her here
hers herself hey hi him himself his how however if im in indeed instead into is isn it its itself ive just keep kind know
known knows last lately later latter least less let lets like likely ll looking lot made mainly make makes making many may
maybe me mean meanwhile might mightn more moreover most mostly mr mrs ms much must mustn my myself need neither never
nevertheless new next nine no nobody none nonetheless nor not nothing now nowhere of off often ok okay on once one only onto
or other others otherwise ought our ours ourselves out over own per perhaps please put quite rather re really said same saw
say saying says see seem seemed seems seen several shall shan she should shouldn since so some somebody somehow someone
something sometimes somewhere soon still such take taken takes ten than thank thanks that thats the their theirs them
themselves then thence there thereafter thereby therefore these they thing things think third this those though three through
throughout thru thus to today together told tomorrow tonight too took toward towards tried try trying two under until up upon
us use used using usually ve very via want wants was wasn way we week weeks well went were weren what whatever when whence
whenever where whereas wherever whether which while whither who whoever whole whom whose why will with within without won
would wouldn yeah year years yes yesterday yet you your yours yourself yourselves day days hour hours month months minute
minutes monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december
"""
# Folded as `veille.folding` folds Arabic: one alef, yeh for its dotless twin, heh for teh marbuta.
_ARABIC = """
في من الي علي عن مع بعد قبل حتي منذ خلال بين عند عندما دون ضد حول نحو لدي لدينا هذا هذه ذلك تلك هولاء التي الذي الذين ما
ماذا لماذا متي اين كيف كم هل لا لم لن ليس ليست كان كانت كانوا يكون تكون سوف قد لقد ان انه انها انهم او ام بل ثم لكن ولكن كل
بعض غير جدا ايضا فقط كما مثل اي هو هي هم نحن انا انت انتم هنا هناك الان اليوم امس غدا كذلك حيث اذا لو لولا الا اما بان بانه
عليه عليها فيه فيها منه منها اليه اليها له لها لهم لنا لكم به بها وفي ومن وعلي والي وهو وهي وقد وكان ولا ولم وان شكرا سلام
السلام عليكم مرحبا السيد السيده يوم يومين شهر سنه عام ساعه واش بزاف شي شويه ديال ديالي ديالنا ديالكم ديالك ديالهم هاد هادي
هادو هادشي ماشي كيفاش دابا كاين كاينه ماكاين ماكاينش علاش فاش فين باش شنو نتا نتي نتوما حنا راه راها راهي راهم راني عندي
عندكم بغيت بغينا والو كلشي بحال حيت عفاك عفاكم لبارح البارح غدوه واحد ديك داك لي اللي تاع نتاع wach bzaf bzzaf bezaf chi
dyal dyali dyalna dyalkom had hada hadi hadchi machi kifach daba kayn kayna makayn makaynch 3lach 3la fach chno chnou nta
nti ntoma hna 7na rah raha rahi rahom rani 3ndi 3ndkom 3ndna bghit bghina walo koulchi kolchi bhal b7al 7it 3afak lyoum lyom
lbare7 wa7d wahd dik dak walakin ghir m3a 7ta hta khoya khouya wallah inchallah
"""
_PLATFORMS = """
rt mt via amp nbsp quot http https www com html htm php org net pic twitter tweet tweets thread follow followers lire suite
article articles abonnes abonne reserve read click here link bio video videos photo photos live direct podcast newsletter
credit credits emptydoc
"""

STOP_WORDS: Final = frozenset(_FRENCH.split()) | frozenset(_ENGLISH.split()) | frozenset(_ARABIC.split() + _PLATFORMS.split())
