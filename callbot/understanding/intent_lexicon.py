"""What callers say for each intent, as patterns over folded words, in order of weight: the first that fits wins.

A spoken "ne" comes and goes, so patterns are written without it. The name of a street is hidden before any is tried.
"""

from __future__ import annotations

from typing import Final

from callbot.domain.meaning import Intent

BOOKING = (
    "(?:rendez vous|rdv|enlevement|ramassage|collecte|reservation|demande|passage|dossier|date|creneau|encombrants?)"
)
_MINE = f"(?:mon|ma|mes|le|la|un|une|de|du|l|cette|ce|notre) {BOOKING}"
TAKEN_AWAY = r"(?:enlev|ramass|collect|recuper|debarrass|evacu|emport)\w*"
_NOT_YET = "(?:pas|jamais|rien|personne)(?: encore| toujours)?"
_YOU_ARE = "(?:vous etes|t es|tu es|etes vous|es tu|c est que|sont|il est|elle est|espece de?|bande de?)"
_VERY = "(?:(?:vraiment|trop|tous|toutes|tres|completement|bien|qu|que|un|une|des|de|d|gros|grosse|sale|sales) )*"
_FOOL = (
    "(?:con|cons|conne|connes|connards?|connasses?|nul|nuls|nulle|nulles|incapables?|incompetente?s?|idiote?s?|debiles?"
    "|imbeciles?|abrutie?s?|cretine?s?|stupides?|betes|minables?|bouffons?|voleurs?|escrocs?|guignols?|clowns?|merdes?)"
)
_HURT = (
    "handicap\\w*|mobilite reduite|fauteuil roulant|bequilles?|infirme|invalide|malade|operee?|enceinte|agee?s?"
    "|mal au dos|hernie|paralysee?|aveugle|fragile|veuve|(?:[67890]\\d|soixante|quatre vingts?)(?: \\w+){0,2} ans"
)
_CARRY = (
    "(?:descend|soulev|transport|manipul|cherch)\\w*|port(?:er|ez)|boug(?:er|ez)|sort(?:ir|ez)|mont(?:er|ez|ent)"
    "|aid(?:er|ez|e pour)|d aide|deplacer"
)
_OWN = "(?:mes|les|nos|leurs|toutes?|ces|des|le|la|mon|ma|notre|nom|l)"
_KEPT = "(?:donnees|infos|informations personnelles|renseignements)"
_PERSONAL_DATA = "(?:donnees|informations?|coordonnees|numero|nom|adresse|fichiers?|historique|renseignements?)"
_LIVING = (
    "(?:syndic|bailleur|artisan|commercant\\w*|entrepreneur\\w*|restaurateur|restauratrice|professionnel\\w*"
    "|gardien\\w*"
    "|concierge|coiffeur|coiffeuse|boulanger\\w*|pharmacien\\w*|hotelier|auto entrepreneur|garagiste|plombier|peintre"
    "|macon|association|entreprise|societe|copropriete|gerant\\w*|directeur|directrice|regisseur|agence immobiliere"
    "|conseil syndical|pro)"
)
_PREMISES = (
    "(?:commerce|entreprise|societe|magasin|boutique|restaurant|hotel|atelier|cabinet|agence|bar|snack"
    "|salon de coiffure"
    "|copropriete|immeuble en gestion|chantier|activite professionnelle|association|boulangerie|pharmacie|garage auto)"
)
_TONGUE = (
    "(?:anglais|english|espagnol|italien|allemand|arabe|turc|russe|chinois|portugais|comorien|armenien|polonais|roumain"
    "|kabyle|berbere|wolof|ukrainien|vietnamien|hebreu|grec|neerlandais|hollandais)"
)
_PHONE = "(?:telephone|portable|mobile|sms)"
_PUT_OUT = "(?:sor[st]|sort(?:ir|ez|ons)|sortes?|descend\\w*|mets|met|mettre|pos(?:e|er|ez)|depos(?:e|er|ez))"
_BIN = "(?:poubelles?|bacs?(?: jaunes?| roulants?)?|conteneurs?|containers?)"
_DROPPED = (
    r"(?:jet(?:e|es|ee|ees|ent|aient)|balanc(?:e|es|ee|ees)|depos(?:e|es|ee|ees|ent)|laiss(?:e|es|ee|ees)"
    r"|abandonn(?:e|es|ee|ees|ent)|vid(?:e|es|ent)|decharg(?:e|es|ee|ent))"
)
_SOMEONE = (
    "(?:quelqu un|des gens|les gens|un voisin|mon voisin|ma voisine|les voisins|un camion|un type|un monsieur|on)"
)
_RUBBISH = "(?:ordures|dechets|salete\\w*|detritus|immondices|encombrants|gravats|poubelles|sacs)"
_OUTDOORS = (
    "(?:devant|rue|trottoirs?|coin|bas|bord|chemin|parking|square|place|impasse|boulevard|avenue|pied|route|quartier"
    "|terrain)"
)
_ONTO = f"(?:dans|sur|devant|en|au|a) .*{_OUTDOORS}"

REASONS: Final[tuple[tuple[Intent, tuple[str, ...]], ...]] = (
    (
        Intent.EMERGENCY,
        (
            "(?:fuite|odeur|explosion) (?:de |du )?gaz",
            "(?:sent|sens|sentir) (?:\\w+ ){0,2}gaz",
            "gaz (?:qui )?(?:fuit|s echappe)",
            "(?<!suite a un )(?<!apres un )(?<!apres l )(?<!bouche d )(?<!eu un )(?<!suite a l )(?<!depuis l )incendie",
            "(?:y a|prend|pris|mis) (?:le |du |un )?feu(?! rouge| vert| tricolore)",
            "au feu(?! rouge| vert| tricolore)",
            "en feu",
            "(?:y a|sort|vois) (?:\\w+ ){0,2}(?:flammes?|fumee)",
            "(?:ca|ca a) brule",
            "(?:est en train de|entrain de) bruler",
            "(?:est|a un|des|suis|sont) (?:gravement )?bless(?:e|es|ee|ees)",
            "(?:fait|a eu) un malaise",
            "au secours",
            "(?:appelez|appeler) (?:les pompiers|la police|le samu|une ambulance)",
            "(?:respire (?:plus|pas)|inconsciente?|electrocutee?)",
            "(?:produit|bidon|acide|mercure|solvant|liquide)s?(?: \\w+){0,4} (?:renverse|repandu|qui coule"
            "|qui fuit)\\w*",
            "(?:renverse|repandu) (?:\\w+ ){0,3}(?:produit|acide|mercure|solvant|liquide)\\w*",
            "amiante.*(?:poussiere|respir|dans l air|s envole|effrit|s emiette)\\w*",
            "(?:poussiere|respir\\w*)(?: \\w+){0,3} amiante",
            "amiante(?!.*(?:jeter|enlev|debarrass|prenez|ramass))(?: \\w+){0,3} (?:casse|brise|eclate)\\w*",
        ),
    ),
    (
        Intent.DATA_RIGHTS,
        (
            rf"(?<!ai )(?:effac|supprim|retir)\w*(?: \w+){{0,3}} {_OWN} (?:\w+ )?{_PERSONAL_DATA}"
            "(?! (?:de |d )?(?:rue|rendez|dossier|reference|reservation|maison))",
            rf"(?:mon|mes|ma) {_PERSONAL_DATA}(?: \w+){{0,3}} (?:soi(?:t|ent)|etre) (?:supprim|effac|retir)\w*",
            "(?:effac|supprim)\\w* (?:tout )?ce que vous (?:avez|gardez|savez) sur moi",
            "(?:gard|conserv|stock|avez|savez|detenez)\\w*(?: \\w+){0,2} sur moi",
            "(?:gardez|conservez) (?:pas|plus) mes? (?:\\w+ )?(?:donnees|coordonnees|informations?|numero|nom|adresse)",
            "(?:voir|consulter|acceder a|acces a|copie de|rectifier|corriger) (?:toutes )?(?:mes|les) (?:donnees"
            "|infos)",
            "(?:voir|consulter|acceder a|acces a) (?:mes|les) informations",
            "rgpd|droit a l oubli|donnees personnelles (?:effac|supprim)\\w*|delegue a la protection",
            rf"(?:rectifi|corrig|met(?:tre|tez) a jour)\w*(?: \w+){{0,2}} (?:mes|les) {_KEPT}",
            rf"(?:mes|les) {_KEPT}(?: (?:que|sur|moi|vous|avez|gardez)){{0,4}} (?:sont|est) (?:\w+ )?"
            "(?:fausses?|faux|inexactes?|perimees?)",
            rf"(?:m |nous )oppos\w*(?: \w+){{0,6}} (?:{_KEPT}|traitement|utilis\w*)",
            r"(?:oppose|opposer) a ce que vous (?:utilis|gard|conserv|trait)\w*",
            r"^(?:\w+ ){0,3}je m oppose$",
            r"(?:rectifi|corrig)\w*(?: \w+){0,2} mes (?:coordonnees|informations)",
            "droit (?:d opposition|d acces|de rectification|a l effacement|a la limitation)",
            rf"(?:arret|cess)\w* d utiliser (?:mes|les) {_KEPT}",
            rf"(?:utilisez|utiliser|exploitez|traitez) (?:pas|plus)(?: \w+)? (?:mes|les) {_KEPT}",
            rf"(?:plus|pas) utiliser (?:mes|les) {_KEPT}",
            rf"(?:gel|bloqu|suspend|limit)\w*(?: \w+){{0,4}} (?:mes|mon|les) {_KEPT}",
            r"(?:quelles|quels|que|qu est ce que) (?:\w+ ){0,4}(?:donnees|informations) (?:\w+ ){0,3}sur moi",
            rf"copie (?:\w+ ){{0,3}}(?:mes|leurs) {_KEPT}",
        ),
    ),
    (
        Intent.FLY_TIP,
        (
            r"^(?!.*(?:amende|risqu|contravention|droit|interdit|si je|confisqu|puni)).*depots? (?:sauvage|illegal)",
            rf"^(?!.*(?:amende|risqu|contravention|droit|interdit)).*{_SOMEONE} (?:qui )?(?:ont |a |m a "
            rf"|nous a )?(?:\w+ )"
            rf"{{0,2}}{_DROPPED}(?!.*(?:dans l eau|mon rendez)).*{_OUTDOORS}",
            rf"signal\w*(?: \w+){{0,3}} (?:depots?|tas|{_RUBBISH}|matelas|meubles?|frigo|canape)",
            rf"(?:un )?(?:gros |enorme )?tas (?:de |d )?{_RUBBISH}.*{_OUTDOORS}",
            rf"(?:trottoir|rue|parking|impasse|chemin|square)(?: \w+){{0,3}} (?:pleine?s?|remplie?|couverte?|jonchee?)"
            rf" (?:de |d ){_RUBBISH}",
            rf"{_RUBBISH} (?:\w+ ){{0,2}}(?:jetee?s?|par terre|abandonnee?s?|partout) ?{_ONTO}",
            rf"(?:y a|trouve|avons|on a)(?: \w+){{1,6}} (?:abandonne|qui traine)\w*(?: \w+)* {_OUTDOORS}",
            "decharge (?:sauvage|a ciel ouvert)",
        ),
    ),
    (
        Intent.COMPLAINT,
        (
            "reclamations?",
            "(?:me|nous) plaindre",
            "(?:deposer|porter) (?:une )?plainte",
            "lettre recommandee|mediateur",
        ),
    ),
    (
        Intent.CANCEL,
        (
            r"annul\w*",
            r"decommand\w*",
            rf"supprim\w+ {_MINE}",
            rf"(?:veux|souhaite|voudrais|besoin) plus (?:de |du |mon |ma |le |la )?{BOOKING}",
            rf"(?:ai )?plus besoin (?:de |du |d )(?:mon |ma |le |l )?{BOOKING}",
            "(?:veux|voudrais|souhaite) plus (?:que )?(?:vous (?:passiez|veniez)|venir)",
            "(?:faut|est) (?:plus|pas la peine) (?:de )?(?:passer|venir)",
            rf"laisse[rz]? tomber {_MINE}",
        ),
    ),
    (
        Intent.MISSED,
        (
            rf"{_NOT_YET} (?:etes |est |sont |etait )?(?:passee?s?|venue?s?)(?! commande)",
            "personne (?:n )?(?:est|etait) (?:venue?|passee?)",
            rf"{_NOT_YET} (?:a |ont |est |sont )?ete (?:pris|{TAKEN_AWAY})",
            rf"(?:ont|a|avez) {_NOT_YET} (?:pris|{TAKEN_AWAY})",
            "(?:ont|a|avez) (?:ete )?oublie\\w*(?= (?:mon|ma|mes|notre|nos|le|les|la|de passer|chez|tout|un|une"
            "|moi)\\b)"
            "(?!.*(?:reference|code|numero|dire|ajouter))",
            "(?:toujours|encore) (?:la|dehors|devant|sur le trottoir)(?! \\w*(?:habite|on est|je suis))",
            "passage (?:manque|oublie)|camion (?:a )?(?:oublie|manque)",
        ),
    ),
    (
        Intent.AMEND,
        (
            rf"(?:modifi|deplac|decal|report|avanc|repouss)\w* .*{BOOKING}",
            rf"chang\w+ (?:de |d |la |le |mon |ma |l )?(?:{BOOKING}|jour|adresse|heure)",
            "(?:modifier|decaler|deplacer|reporter)",
            "chang\\w+ (?:de |d |des |les |mes |le |l |la |ma |une? |nombre )*(?:liste|objets?|encombrants)",
            f"chang\\w+ ce qu(?:e|i) (?:.* )?(?:{TAKEN_AWAY}|prenez|prennent|prendre|prend|prevu|note|declare)",
            f"chang\\w+ (?:de |le |mon |notre |d )*(?:numero (?:de |du |pour |le |les )*)?{_PHONE}",
            rf"(?:ajout|rajout|enlev|retir)\w* .* (?:a|de|sur|dans|au) (?:mon|ma|notre|la) {BOOKING}",
            r"(?:date|jour|rendez vous|rdv) (?:\w+ ){0,3}(?:convient|arrange|va) (?:plus|pas)(?= .*(?:reserv|pris))",
            "(?:avais|ai) (?:deja )?(?:pris|reserve)(?: \\w+){0,5} (?:je peux plus|suis plus la|serai pas la)",
        ),
    ),
    (
        Intent.STATUS,
        (
            "ou (?:ca )?en est",
            "ou ca en est",
            "suivi",
            rf"avanc\w+ {_MINE}",
            rf"deja (?:une? |fait |pris |reserve )+{BOOKING}|deja (?:appele|reserve)",
            r"^(?!.*(?:absent|present|si je|si on|soit|etre la|serai|ordure|poubelle)).*quand (?:est ce qu?e? ?)?"
            r"(?:(?:vous|ils?|le camion|on) (?:passe|vien|va|allez)\w*|(?:pass|ven|viendr)\w*ez vous)",
            "(?:vous|ils) (?:passez|passent|venez|viennent) (?:bien )?quand",
            rf"^(?!.*\b{_PUT_OUT}).*\b(?:quand|quel(?:le)? (?:date|jour|heure)) .*"
            rf"(?:(?:mon|ma|mes|notre|cette) {BOOKING}|le (?:rendez vous|rdv))",
            "est (?:bien |toujours )?prevue?",
            r"^(?!.*(?:perdu|oubli|egar|retrouv|sais plus|quoi|sert|colle)).*ma reference",
            "numero (?:de |d )?(?:dossier|demande|intervention)",
            rf"(?:nouvelles|informations?) .*{_MINE}",
            rf"(?:confirm|verifi)\w+ {_MINE}",
            rf"j ai (?:une? )?{BOOKING} (?:de )?(?:prevue?|prise?|pour le|demain|lundi|mardi|mercredi|jeudi|vendredi"
            "|samedi)",
        ),
    ),
    (
        Intent.ASSISTED,
        (
            r"(?:peux|peut|pouvons|peuvent|arrive|arrivons|capable|saurai|pourrai|force) (?:\w+ )?(?:pas|plus)"
            r"(?: (?:a|de|les|le|la|l|tout|tous|ca|du|rien))*"
            r" (?:descend|port(?:er|e)\b|soulev|boug|transport|manipul|charri)\w*(?! mains)",
            r"(?:arrive|peux|peut) (?:pas|plus)(?: \w+){0,3} (?:sortir|mettre)(?: \w+){0,6} (?:toute? seule?"
            r"|sans aide)",
            rf"(?:{_HURT})\b.*\b(?:{_CARRY})",
            rf"(?:{_CARRY})\b.*\b(?:{_HURT})",
            "(?:suis|est|sommes) (?:\\w+ )?(?:handicape\\w*|invalide|en fauteuil roulant|a mobilite reduite)",
            "(?:aide|besoin) (?:\\w+ ){0,3}pour (?:\\w+ )?(?:descendre|porter|sortir|transporter)",
            "(?:collecte|enlevement|ramassage|service) (?:assistee?|a domicile pour)",
            "personnes? (?:agee?s?|handicape\\w*|a mobilite reduite)(?=.*(?:descend|port|aid|mont|service|cherch)\\w*)",
        ),
    ),
    (
        Intent.PROFESSIONAL,
        (
            rf"(?:je|nous|on) (?:suis|sommes|est)(?: \w+){{0,2}} {_LIVING}",
            rf"(?:suis|sommes) (?:\w+ )?(?:du|de la|de l|le|la|l|au|chez un|un|une)(?: \w+)? {_LIVING}",
            rf"(?:pour|dans|ai|avons|de) (?:mon|ma|notre) (?:\w+ )?{_PREMISES}(?! (?:m |a |ont )+(?:dit|donne))",
            rf"(?:pour|tiens|tenons|gere|gerons|dirige|ferme|vide|ai|avons) (?:une?|l|la|le|des) (?:\w+ )?{_PREMISES}"
            "(?! (?:en face|a cote|m a|pres))",
            r"gere (?:un|des|plusieurs) (?:immeubles?|logements?|residences?|appartements?)",
            "appelle (?:du|de la part du|pour le|pour un) syndic",
            "immeuble entier|a titre professionnel|activite professionnelle",
        ),
    ),
    (
        Intent.LANGUAGE,
        (
            rf"(?:parl(?:ez|e|es|er)|speak)(?: vous| tu| en| \w+ un peu)? (?:l |un peu |bien )?{_TONGUE}",
            rf"(?:en|traducteur|interprete) {_TONGUE}(?: s il| svp| please|$)",
            f"^(?:oui |euh |allo |bonjour )*{_TONGUE}(?: s il vous plait| please| merci)?$",
            "(?:parle|comprends?|cause) (?:pas|mal|peu)(?: bien| tres bien| trop| beaucoup)?(?: le)? francais",
            "(?:pas|mal) (?:bien )?(?:parler|comprendre)(?: bien)?(?: le)? francais",
            "(?:parle|comprends) (?:le )?(?:mal|pas bien)(?: le)? francais",
            "une autre langue|langue etrangere|interprete|traducteur",
        ),
    ),
    (
        Intent.INSULT,
        (
            rf"(?<!pas ){_YOU_ARE} (?!pas ){_VERY}{_FOOL}",
            "connards?|connasses?|enculee?s?|salopes?|fils de pute|sale con|gros con|pauvre con|trou du cul|batards?",
            "(?:ta|vos|votre|vous|tes) gueules?|ferme la$|fermez la$",
            "(?:va|allez|aller) (?:te|vous|tous vous) (?:faire|f)(?: \\w+)?",
            "(?:nique|niquez|emmerde|t emmerde)(?: (?:ta|vos|tous|vous|toi))?",
            "vous (?:me |nous )?(?:faites|emmerdez|cassez)(?: (?:chier|les couilles))?$",
            "(?:me|nous) (?:faites|fais) chier|fous le camp|casse toi",
            "(?:robot|machine|service|systeme|truc|repondeur) (?:de merde|pourri|a la con|debile)",
            "(?:c est|quel) (?:de la merde|nul(?! part)(?= (?:votre|ton|ce|comme))|debile (?:votre|ton|ce))",
            "(?:^|euh )(?:abrutis?|imbeciles?|cretins?|idiot|pauvre type|mange mes? morts?|fuck(?: you)?"
            "|merde a vous)$",
        ),
    ),
    (
        Intent.COMPLAINT,
        (
            "inadmissible|inacceptable|scandale(?:ux)?|scandaleux|honteux|une honte|lamentable|deplorable",
            "(?:suis|sommes|est) (?:\\w+ ){0,2}(?:mecontente?s?|en colere|furieu(?:x|se)|excedee?|decue? d)",
            "(?:suis|sommes) pas (?:du tout |tres )?contente?s?",
            "se (?:moque|fout) (?:du monde|de (?:nous|moi))|vous moquez (?:du monde|de (?:moi|nous))",
        ),
    ),
    (
        Intent.OTHER_SERVICE,
        (
            "carte grise|etat civil|acte de (?:naissance|mariage|deces)|livret de famille|extrait de naissance"
            "|passeports?",
            "(?:refaire|renouveler|perdu|faire|pour|demander) (?:\\w+ ){0,3}cartes? (?:nationale )?d identite",
            "listes? electorales?|(?:carte|bureau) (?:d electeur|electorale|de vote)|permis de construire"
            "|logement social",
            "(?:quand|jours?|heure) .*(?:ordures menageres|poubelles)",
            "impots?(?! .*recu)|taxe (?:fonciere|d habitation|sur)|caf|pole emploi|france travail|securite sociale"
            "|cpam",
            "(?:coupure|fuite|facture|compteur|abonnement)s? (?:de |d |du |en )?(?:\\w+ )?(?:eau|electricite|edf"
            "|courant)",
            "(?:eau|electricite|courant) (?:\\w+ ){0,2}coupee?|plus (?:d eau|d electricite|de courant)",
            "eclairage public|(?:lampadaire|reverbere)s?(?= .*(?:rue|boulevard|avenue|quartier|place|trottoir"
            "|marche pas))"
            "|feux? (?:rouge|tricolore)s? .*panne|nids? de poule",
            "(?:amende|pv|contravention|place|carte|abonnement) (?:de |pour le )?(?:stationnement|parking)|parcmetre",
            "(?:ticket|abonnement|carte|horaire|ligne)s? (?:de |du |d )?(?:bus|metro|tram|tramway|train)",
            "(?:bus|metro|tramway)(?: \\w+){0,4} (?:passe|heure|greve|retard)",
            "(?:chien|chat|animal) (?:errant|perdu|mort|ecrase)|(?:rats?|cafards?|moustiques?) (?:dans|partout)",
            "arbres? (?:\\w+ ){0,2}(?:tombee?s?|dangereux|a couper|a elaguer)|elagage",
            "(?:bruit|tapage|nuisances? sonores?)(?= .*(?:voisin|nuit))|voisin\\w* .*(?:bruit|musique)",
            "rendez vous avec (?:le |la |monsieur le |madame la )?(?:maire|adjoint|elue?|assistante? sociale)",
            "inscri\\w*(?: \\w+){0,5} (?:ecole|college|lycee|creche|cantine|sport)",
        ),
    ),
)
"""The order is that of the weight: what must not be missed, then what a caller comes for."""
OTHER_SERVICE_ALONE: Final = (
    "cantine|creche|periscolaire|centre aere|colonies?|lampadaires?|reverberes?",
    rf"{_BIN}(?: \w+){{0,4}} (?:cassee?s?|volee?s?|disparue?s?|abimee?s?|brulee?s?|fendue?s?|perdue?s?)",
    rf"(?:nouvelle?|nouveau|remplac\w*|changer|avoir|commander|reparer|livrer)(?: \w+){{0,3}} {_BIN}"
    "(?! de cuisine)",
    "(?:poubelles|bac) (?:jaunes?|de tri)|ordures menageres|tri selectif|(?:ramass|passez|passe|collect|vid)\\w*"
    "(?: \\w+){0,3} poubelles",
    "(?:horaires?|heure|ouvr\\w*|ferm\\w*|entree)(?: \\w+){0,4} (?:piscine|mediatheque|bibliotheque|musee|mairie"
    "|stade|cimetiere)",
    "(?:piscine|mediatheque|bibliotheque|mairie)(?: \\w+){0,3} (?:est |sont )?(?:ouvert|ferme|horaire)\\w*",
    "(?:mariage|deces|cimetiere|obseques|allocations?|permis de conduire|visa|titre de sejour)",
)
"""words of other authorities that may also name an object or tell of one: they count where none is named"""
