"""Streets as speech recognition writes them from a telephone line, and what is no street of the métropole.

One line a case: what was heard, the commune or arrondissement that is known (INSEE code, 13055 all of Marseille, None
nothing), the street it must find. Written by ear for these tests: nobody's call.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """``street``: as the base writes it, accents and capitals apart; None: nothing may be believed."""

    heard: str
    insee: str | None
    street: str | None


# fmt: off
STREETS = [
    # the words are others, the sounds are right
    Case("rue sein féréol", "13055", "Rue Saint-Ferréol"),
    Case("la canne bière", "13055", "La Canebière"),
    Case("la cane bi ère", "13201", "La Canebière"),
    Case("boulevard miche les", "13208", "Boulevard Michelet"),
    Case("boulevard mi chelet", "13055", "Boulevard Michelet"),
    Case("rue d'en doum", "13055", "Rue d'Endoume"),
    Case("rue dans doux me", "13207", "Rue d'Endoume"),
    Case("cours ju lien", "13055", "Cours Julien"),
    Case("court julien", "13206", "Cours Julien"),
    Case("l'avenue de mas argues", "13055", "Avenue de Mazargues"),
    Case("boulevard bail", "13055", "Boulevard Baille"),
    Case("bd baye", "13205", "Boulevard Baille"),
    Case("place castel âne", "13055", "Place Castellane"),
    Case("cour lieu tôt", "13055", "Cours Lieutaud"),
    Case("rue para dit", "13055", "Rue Paradis"),
    Case("rue de rhum", "13055", "Rue de Rome"),
    Case("rue breteuille", "13055", "Rue Breteuil"),
    Case("rue bre t'oeil", "13206", "Rue Breteuil"),
    Case("boulevard saquakini", "13055", "Boulevard Sakakini"),
    Case("boulevard sa ka qui ni", "13204", "Boulevard Sakakini"),
    Case("avenue du prado", "13055", "Avenue du Prado"),
    Case("avenue du pras d'eau", "13055", "Avenue du Prado"),
    Case("boulevard champ pave", "13055", "Boulevard Chave"),
    Case("boulevard chavent", "13205", "Boulevard Chave"),
    Case("rue lou bon", "13203", "Rue Loubon"),
    Case("boulevard de plon bière", "13203", "Boulevard de Plombières"),
    Case("rue de la palue", "13055", "Rue de la Palud"),
    Case("rue dragon", "13055", "Rue Dragon"),
    Case("rue d'audi", "13206", "Rue de Lodi"),
    Case("place jean jores", "13055", "Place Jean Jaurès"),
    Case("rue con sola", "13055", "Rue Consolat"),
    Case("rue quand dol", "13055", "Rue Candolle"),
    Case("avenue cantinie", "13055", "Avenue Jules Cantini"),
    Case("avenue jule quantini", "13206", "Avenue Jules Cantini"),
    Case("avenue camille pelletant", "13055", "Avenue Camille Pelletan"),
    Case("boulevard bomparre", "13207", "Boulevard Bompard"),
    Case("rue sauveur tobel em", "13207", "Rue Sauveur Tobelem"),
    Case("rue de l'évéché", "13202", "Rue de l'Évêché"),
    Case("rue caisse rie", "13202", "Rue Caisserie"),
    Case("montée des acoules", "13202", "Montée des Accoules"),
    Case("quai de rives neuves", "13055", "Quai de Rive Neuve"),
    Case("quai du porc", "13202", "Quai du Port"),
    Case("rue faure notre damme", "13055", "Rue Fort Notre-Dame"),
    Case("rue fort notre dame", "13201", "Rue Fort Notre-Dame"),
    Case("rue gryniant", "13055", "Rue Grignan"),
    Case("rue mont grand", "13206", "Rue Montgrand"),
    Case("rue si l'va belle", "13055", "Rue Sylvabelle"),
    Case("boulevard no tredame", "13206", "Boulevard Notre-Dame"),
    Case("rue hôtel des postes", "13201", "Place de l'Hôtel des Postes"),
    Case("chemin de la gavote", "13055", "Route de la Gavotte"),
    Case("chemin du vallon de l'au riole", "13055", "Chemin du Vallon de l'Oriol"),
    Case("chemin de sor mi ou", "13209", "Chemin de Sormiou"),
    Case("avenue de l'uminy", "13209", "Avenue de Luminy"),
    Case("route de la va lentine", "13211", "Route de la Valentine"),
    Case("chemin de pal âme à d'allauch", "13055", "Chemin de Palama"),
    # dates and numbers in names
    Case("rue du 4 septembre", "13055", "Place du 4 Septembre"),
    Case("cours du quatre septembre", "13056", "Cours du 4 Septembre"),
    Case("avenue du 24 avril 1915", "13212", "Avenue du 24 Avril 1915"),
    Case("avenue du vingt-quatre avril mille neuf cent quinze", "13055", "Avenue du 24 Avril 1915"),
    Case("rond-point 1ère armée française rhin danube", "13215", "Rond-Point Première Armée Française Rhin-Danube"),
    Case("place du 4 septembre", "13207", "Place du Quatre Septembre"),
    Case("12 rue du 141e rija", "13203", "Rue du 141e RIA"),
    # saint or sainte, jean or jeanne, particles
    Case("rue saint victoire", "13206", "Rue Sainte-Victoire"),
    Case("rue sein te", "13201", "Rue Sainte"),
    Case("boulevard saint marguerite", "13209", "Boulevard de Sainte-Marguerite"),
    Case("rue st pierre", "13205", "Rue Saint-Pierre"),
    Case("avenue ste marthe au merlan", "13214", "Chemin de Sainte Marthe au Merlan"),
    Case("boulevard jane d'arc", "13205", "Boulevard Jeanne d'Arc"),
    Case("rue jean de bernardi", "13201", "Rue Jean de Bernardy"),
    Case("rue fran soi moisson", "13202", "Rue François Moisson"),
    Case("rue du docteur escat", "13206", "Rue du Docteur Escat"),
    Case("rue docteur et scat", "13206", "Rue du Docteur Escat"),
    Case("avenue de lattre de tassigny", "13209", "Avenue de Lattre de Tassigny"),
    # forenames and titles left out or in initials
    Case("corniche kennedy", "13055", "Corniche du Président John Fitzgerald Kennedy"),
    Case("rue g. pompidou", "13208", "Promenade Georges Pompidou"),
    Case("avenue pompidou", "13208", "Promenade Georges Pompidou"),
    Case("rue edmond rostan", "13055", "Rue Edmond Rostand"),
    Case("rostand, rue edmond rostand", "13206", "Rue Edmond Rostand"),
    # the type is missing or another
    Case("saint ferréol", "13055", "Rue Saint-Ferréol"),
    Case("avenue saint ferréol", "13201", "Rue Saint-Ferréol"),
    Case("avenue de la rose", "13213", "Avenue de la Rose"),
    Case("traverse de la goût faune", "13209", "Traverse de la Gouffonne"),
    Case("boulevard rabat eau", "13055", "Boulevard Rabatau"),
    Case("boulevard de la république", "13201", "Rue de la République"),
    Case("rue de la libération", "13201", "Boulevard de la Libération"),
    Case("boulevard de la libération", "13204", "Boulevard de la Libération"),
    # glued, hesitated, corrected, in a sentence
    Case("ruedelarépublique", "13202", "Rue de la République"),
    Case("rue d'au bagne", "13201", "Rue d'Aubagne"),
    Case("euh c'est au, au douze, euh, rue de rome", "13206", "Rue de Rome"),
    Case("au 7 boulevard bail, enfin boulevard baille", "13205", "Boulevard Baille"),
    Case("rue de rome, non pardon, rue paradis", "13206", "Rue Paradis"),
    Case("c'est boulevard chave, non, je me trompe, boulevard longchamp", "13055", "Boulevard Longchamp"),
    Case("bonjour j'ai deux vieux matelas et un frigo c'est au 7 boulevard bail", "13055", "Boulevard Baille"),
    Case("alors un canapé d'angle, au 22 bis rue de lodi dans le sixième", "13206", "Rue de Lodi"),
    Case("rue breteuille à marseille treize mille six", "13055", "Rue Breteuil"),
    Case("12 rue paradis 13006 marseille", "13055", "Rue Paradis"),
    Case("rue de la palue dans le premier arrondissement", "13055", "Rue de la Palud"),
    Case("j'habite résidence les cèdres, 45 avenue de mazargue, bâtiment b", "13208", "Avenue de Mazargues"),
    Case("c'est au troisième étage, 18 rue consola", "13201", "Rue Consolat"),
    Case("oui, alors, hum, cours franklin roosevelle", "13055", "Cours Franklin Roosevelt"),
    # other communes
    Case("cours mira beau", "13001", "Cours Mirabeau"),
    Case("rue de la république à aubagne", "13005", "Rue de la République"),
    Case("avenue maréchal foche", "13055", "Avenue du Maréchal Foch"),
    Case("avenue jean jores", "13054", "Avenue Jean Jaurès"),
]

NOTHING = [
    # no street, or none yet
    Case("je ne sais pas", "13055", None),
    Case("je ne sais plus comment elle s'appelle", None, None),
    Case("oui d'accord merci", "13206", None),
    Case("12", "13206", None),
    Case("je voudrais jeter un canapé s'il vous plaît", None, None),
    Case("attendez je vais chercher mes lunettes", "13055", None),
    Case("vous pouvez répéter la question", None, None),
    Case("ma femme le sait mais elle n'est pas là", "13208", None),
    # streets of other towns
    Case("rue de rivoli à paris", None, None),
    Case("avenue des champs élysées à paris", None, None),
    Case("promenade des anglais à nice", None, None),
    Case("place bellecour à lyon", "13206", None),
    Case("rue sainte catherine à bordeaux", "13208", None),
    Case("la croisette à cannes", "13055", None),
    # invented
    Case("rue inventée de nulle part", None, None),
    Case("rue xqzw", "13055", None),
    Case("boulevard des licornes volantes", None, None),
    Case("avenue du grand schtroumpf", "13055", None),
    Case("impasse des pingouins mélancoliques", "13209", None),
    # landmarks and residences
    Case("à côté de la gare saint charles", "13206", None),
    Case("en face du stade vélodrome", "13055", None),
    Case("derrière le carrefour grand littoral", "13215", None),
    Case("résidence les jardins d'hibiscus", "13055", None),
    Case("devant la pharmacie à côté de l'école", "13055", None),
    # foreign names
    Case("wolverhampton street", None, None),
    Case("calle de la princesa", "13055", None),
    Case("friedrichstrasse", None, None),
    Case("abdelkader benchekroun", "13055", None),
]
# fmt: on
