"""Words that say nothing about a person: where a name or a street is looked for, they end it.

Written from common knowledge for this service: small words of French, and what people say about bulky waste.
"""

from __future__ import annotations

from typing import Final

from callbot.privacy.everyday import EVERYDAY
from callbot.privacy.words import vocabulary

_SMALL = """
a ah ai aie allo alors apres as assez au aucun aucune aujourd aurais aussi autre autres aux avait avant avec avez
avoir beaucoup ben bien bof bon bonjour bonsoir bonne c ca car ce cela celle celui ces cet cette chez ci combien comme
comment d dans de deja demain depuis derriere des desole desolee deux devant dire dis dit dites dois doit donc donne
donner du elle elles en encore enfin ensuite est et etait ete etes etre eu euh exactement excusez facon faire fais
fait faites faudrait faut fois grec hein heu hier hop hum ici il ils instant j jamais je jour juste l la le les leur
leurs lui ma mais mal maintenant me meme merci mes mieux moi moins mon n ne ni non nos notre nous on ont ou ouais oui
par parce pardon parfait parle parler pas peu peut peux plait plus plutot pour pourquoi pourrais pourriez pouvez
pouvoir pres presque puis qu quand que quel quelle quelles quelqu quels qui quoi rien s sa sais sans savez se sera ses
si sinon soir son sont sous suis sur ta tant te tellement tes toi ton toujours tous tout toute toutes tres trop tu un
une va vais vas venir vers veut veux vite voici voila voir voit vont vos votre voudrais voudrait voulais voulez vous
vrai vraiment y
"""
_SERVICE = """
accord adresse agent aide amende annuler appartement appareil appel appelle appelez arrondissement ascenseur attendez
automatique balcon bas batiment besoin bis bloc bout bureau camion canape cave changer chaise chaises chambre chose
choses cite code collecte commune compris comprends confirmer conseiller conseillere convient correct cour cuisine
date dates debarrasser decheterie deposer derriere dernier derniere difficile droite encombrant encombrants enlever
enlevement entree ete etage exact exacte face fauteuil faux femme fenetre fin four frigo garage gauche gens gros
grosse habite haut heure heures homme humain humaine immeuble info jardin jeter jours lavabo lave linge lit lundi
mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre
novembre decembre machine madame maison marche matelas matin meuble meubles midi minute minutes mme moment monsieur
mort numero objet objets ordures particulier passage passer personne personnes petit petite place plusieurs poubelle
portable porte possible prendre prenez premier premiere deuxieme troisieme quatrieme cinquieme sixieme septieme
huitieme neuvieme dixieme onzieme douzieme treizieme quatorzieme quinzieme seizieme probleme prochain prochaine
quartier quelque question ramassage ramasser ramassez reference rendez repeter repetez reserver residence robot rue
rues rappeler rappelez salon fond secretaire semaine service sommier sortir sms soit suite table tables telephone
telephoner temps ter tout travail trottoir trouve trompe trompez tv vide vieille vieux villa ville voisin voisine
voiture vendre zero avenue boulevard allee impasse chemin route square quai cours traverse montee lotissement hameau
domaine trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante
cinquante soixante cent mille trait tiret union comme nom prenom famille ecrit ecrire epeler epelle lettre lettres
mail arobase marseille metropole aix provence france francais anglais droit juste noir blanc blanche grand grande
passez passe comprenez entendez entendre entend entends erreur pareil normal laisse laissez laisser arrive arriver
appeler rappel noter note notez vrai fausse fausses mauvais mauvaise mauvaises bonnes bons nouvelle nouveau ancien
ancienne meme autre change changez corriger corrigez correction regarde regardez attendre attends demande demander
demandez pense penser crois croire cherche chercher cherchez numerique chiffre chiffres complique simple tard tot
semaines mois annee an ans jour journee apres matinee pendant entre jusqu jusque debut milieu toujours souvent seul
seule ensemble encore aucunement naturellement evidemment effectivement absolument surtout seulement simplement
rapidement lentement doucement fort voix ligne ecoute ecouter ecoutez reponds repondre repondez questions reponse
essayer essaye essayez continuer continuons continuez arreter arretez commencer recommencer recommencez finir fini
finie termine terminer valide valider confirme confirmez merci beaucoup plait parfait super genial dommage tant pis
grave sur certain certaine sure surs main pied tete cote cotes coin angle dessus dessous dedans dehors ouvert ouverte
ferme fermee grille portail barriere parking rez chaussee sous sol sortez sors sorti sortis mettre mets mis poser pose
posez laver secher ranger jete jettes donne donnes vendu achete canapes fauteuils armoires commode commodes bureaux
lampe tapis velo velos ordinateur televiseur televiseurs refrigerateur congelateur cuisiniere gaziniere seche ballon
chauffe eau radiateur carton cartons bois metal verre plastique bibliotheque etagere etageres buffet vaisselier
tabouret banc parasol tondeuse jouets poussette planche planches portes miroir cadre tableau tableaux valise valises
sac sacs gravats pneus pneu peinture batterie
"""
_PLAINEST: Final = vocabulary(_SMALL) | vocabulary(_SERVICE)
ORDINARY: Final = _PLAINEST | EVERYDAY

PARTICLES: Final = vocabulary("de du des d la le les l l' a au aux en sur sous et saint sainte st ste")
"""words inside names of streets that are no name by themselves"""
STRONG_TYPES: Final = vocabulary(
    "rue rues avenue av boulevard bd bld bvd allee allees impasse chemin square quai ruelle esplanade rond corniche"
    " montee sentier venelle"
)
"""what follows these is a street's name"""
WEAK_TYPES: Final = vocabulary(
    "place cours route passage traverse voie cite villa residence lotissement hameau domaine quartier campagne parc"
    " clos bastide rampe promenade batiment immeuble"
)
"""words of every day too: only after a number, before a capital, or in the answer to a question about the address"""
STREET_ENDS: Final = (_PLAINEST - PARTICLES - vocabulary("grand grande petit petite blanc blanche noir")) | {
    "a", "au", "en", "et", "sur", "sous", "aix",
}  # fmt: skip
"""words that end the name of a street; its particles do not; "à", "et", "au" do, with which a sentence goes on"""
NAME_CUES: Final = (
    ("m", "appelle"), ("m", "appeler"), ("nous", "appelons"), ("mon", "nom", "est"), ("nom", "de", "famille"),
    ("au", "nom", "de"),
    ("nom", "c", "est"), ("nom", "est"), ("prenom", "c", "est"), ("prenom", "est"), ("mon", "prenom"), ("prenom",),
    ("madame",), ("monsieur",), ("mme",), ("mr",), ("mademoiselle",), ("mlle",), ("docteur",), ("maitre",),
    ("famille",), ("je", "suis"), ("ici",), ("s", "appelle"), ("moi", "c", "est"), ("c", "est", "moi"),
    ("avez", "note"), ("interphone", "c", "est"),
    ("de", "la", "part", "de"),
    ("mon", "nom"), ("marque",), ("ecrit",), ("inscrit",), ("sonnez", "chez"), ("sonner", "chez"), ("chez",),
    ("interphone",), ("sonnette",), ("sonnette", "c", "est"), ("demandez",), ("mademoiselle",), ("veuve",),
)  # fmt: skip
"""after these comes a name, unless an ordinary word does"""
CAPITAL_CUES: Final = frozenset({("je", "suis"), ("ici",), ("prenom",), ("maitre",)})
"""cues after which only a word with a capital is taken for a name"""
NUMBER_CUES: Final = vocabulary(
    "code digicode interphone appartement appart apt etage batiment bat porte bloc escalier entree boite lot tour hall"
    " emplacement parcelle cle"
)
"""a number after these tells where somebody lives"""
COMMON_SURNAMES: Final = vocabulary(
    """petit roux fontaine blanc chevalier marchand marie noel brun riviere barbier roche renard bourgeois pierre
    berger moulin boucher carre baron collet bouvier cousin germain breton boulanger gay gros buisson long
    olive mistral allemand coste gal gras villa costa serra conte casanova rocca negre cruz pinto do ho le ly
    vu vo lam mai fall sow ba said combo ali kaya liu chen ait saad paris jasmin janvier wade colin colonna
    lacroix laporte leger perret barre pascal bonnet lambert legrand poirier sala villard vial meunier
    charpentier carpentier fournier mercier pons caron picard fabre jardin rey roi vincent robin noir marin
    jean louis charles adam paul ney grand salem bon caillou dore vert rolland gaillard lemaire duval dumont
    vasseur jolly joly royer tissier lenoir bui dang dinh doan duong huang lo luong ngo phan pham trinh truong
    wang xu yang zhang sall seck sarr faye gomis mendy demir sahin celik yildiz nunes neves dias cohen da el
    ben dos der longo greco bruno gallo marino fiore leone mari conti poli franchi pietri leca salah omar madi
    soule cherif merah nouri amar hadj idir martini rose fleury fleur"""
)
"""surnames that are words, first names or particles too: by themselves, in small letters, they give nobody away"""
