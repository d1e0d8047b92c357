"""The few meanings that questions about bulky waste are made of, and the words callers say for each.

"Combien ça coûte", "c'est payant" and "il y a des frais" share no word; they share a meaning, and are compared by it.
A word may have several meanings. ``*`` stands for any ending. All words are folded.
"""

from __future__ import annotations

from typing import Final

from callbot.understanding.lexicon import HESITATIONS, MONTHS, WEEKDAYS, vocabulary

OUTSIDE: Final = "#outside"
"""the meaning of the words of other public services, which no question about bulky waste needs"""

MEANINGS: Final = {
    "#not": "pas plus jamais rien aucun* ni sans",
    "#who": "qui",
    "#where": "ou endroit* lieu",
    "#when": "quand",
    "#how_many": "combien nombre",
    "#how": "comment comman",
    "#why": "pourquoi",
    "#what": "quoi quel quels quelle quelles",
    "#hour": "heure heures horaire* moment tard tot matin midi soir apresmidi",
    "#day": f"jour jours date dates {' '.join(WEEKDAYS)} {' '.join(MONTHS)}",
    "#take": "prenez prend prends prendre prennent prenn* pris prise prises enlev* ramass* collect* recuper*"
    " emport* emmen* embarqu* debarrass* evacu* cherch* desencombr*",
    "#take_back": "reprend* reprenn* repris* reprenez",
    "#come": "vien* venir venu* venez venait veniez passe passes passent passez passer passiez passage* arriv*"
    " interven* des desservi*",
    "#crew": "camion* equipe* eboueur* collegue* gars messieurs ouvrier* livreur*",
    "#put_out": "sortir sors sort sorte sorti* sortez descend* dehors",
    "#put_down": "cale caler appuy* pose* poser depose* deposer laisse* laisser mettre mets met mettez mettrai* mis"
    " entrepos* install*",
    "#throw": "jet* jette* benne balanc*",
    "#give": "donner donne don dons offr* cede*",
    "#carry": "monter monte* montez descend* porter portez etage* ascenseur* escalier*",
    "#inside": "rentr* appartement* logement* entrer entre entrez interieur domicile etage* ascenseur*",
    "#furniture": "meuble* mobilier canape* armoire* commode* buffet* table* chaise* fauteuil* bureau bureaux lit lits"
    " matelas sommier* literie etagere* bibliotheque* banquette* divan* placard*",
    "#appliance": "frigo* frigidaire* refrigerateur* congelateur* congelo* lavelinge lave vaisselle gaziniere*"
    " cuisiniere* four electromenager appareil* seche",
    "#small_appliance": "petit petits petite petites grille pain cafetiere* fer repasser mixeur* seche cheveu* cheveux"
    " aspirateur* bouilloire* rasoir* telephone* electrique* robot",
    "#thing": "objet* encombrant* affaire* chose* truc* machin* monstre* tas",
    "#money": "debours* offert* onereux somme argent cout* paye paie payer payes payez payant* paient prix tarif*"
    " gratuit* frais euro* sou sous"
    " facture* cher chere surtax*",
    "#limit": "limit* maximum maximal* max quantite* volume* metre* cube* depass*",
    "#weight": "soulev* poids lourd* pes* kilo* tonne*",
    "#wait": "patient* rapide* attend* attent* delai* temps longtemps semaine* long longue",
    "#soon": "vite rapid* presse* pressant* urgen* bientot",
    "#today": "aujourdhui demain immediat* urgen* soir",
    "#present": "present* absent* maison",
    "#again": "autre* deuxieme* encore redemand* reprendre deja fois",
    "#year": "an ans annee* mois",
    "#place": "commune* ville villes village* aix aubagne allauch cassis carry ceyreste ensues gemenos gignac"
    " marignane ciotat plan cuques septemes vitrolles istres salon gardanne miramas fos trets roquevaire auriol rognac"
    " berre pennes bouc rove sausset carnoux roquefort venelles pertuis metropole",
    "#marseille": "marseille marseillais*",
    "#holiday": "ferie* fete* paques pentecote ascension toussaint noel armistice assomption",
    "#business": "professionnel* pro pros commerce* commercant* entreprise* entrepreneur* artisan* restaurant*"
    " societe* boutique* professionnelle* autoentrepreneur* hotel* patron* liberal*",
    "#building": "syndic* copropriete* gardien* bailleur* residence* immeuble* locataire* gerant* concierge*"
    " logements coproprietaire* batiment*",
    "#hall": "hall halls local locaux cour cours entree* cave caves escalier* palier* partiescommunes",
    "#relative": "mere pere parent* grand oncle tante frere soeur voisin* ami amie amis fils fille mamie papi maman"
    " papa proche* famille quelquun cousin* cousine*",
    "#instead": "alaplace",
    "#fine": "amende* contravention* pv verbal* verbalis* penalit* puni* sanction* risqu*",
    "#right": "droit droits autoris* interdit* permi",
    "#vehicle": "voiture* camionnette* vehicule* remorque* utilitaire* fourgon* camion*",
    "#seize": "confisqu* saisi* saisir fourriere",
    "#dump": "depot* sauvage* decharg* signal* abandon* ordure* salet* sale sales dechet dechets degoutant*",
    "#open": "ouvert* ouvr* ferm* joindre repond* standard bureaux appeler appelle horaire*",
    "#phone_number": "numero* telephone* appel appeler rappel* joindre",
    "#online": "internet site ligne application* appli applis ordinateur* web",
    "#machine": "robot* machine* ordinateur* automatique* repondeur* artificiel* intelligence voix enregistr*",
    "#person": "humain* personne conseiller* agent* quelquun operateur* operatrice* vrai vraie monsieur dame gens",
    "#talk": "parl* discut* relation caus*",
    "#pass_me": "passez mettez",
    "#language": "anglais arabe espagnol* italien* portugais* turc comorien armenien* russe langue* francais english"
    " speak please help you",
    "#danger": "feu flamme* incendie* brul* fumee* danger* seringue* fuite* bless* secours pompier* explos*",
    "#gas": "gaz bouteille* bonbonne*",
    "#asbestos": "amiante* fibrociment* eternit",
    "#smell": "sent odeur*",
    "#pavement": "trottoir* rue ruelle* impasse* portail",
    "#narrow": "etroit* petit petite impasse* ruelle* traverse*",
    "#label": "inscri* autocollant* scotch* reconnai* etiquette* colle coller collez collee referenc* ecri* marqu*"
    " papier* feuille code",
    "#print": "imprim*",
    "#rain": "pleu* plui* vent mistral orage* mouill* temps intemper* neige* tempete* meteo",
    "#dismantle": "demont* vider vide vides videz morceau* tiroir* dedans demonter",
    "#gone": "vol vole volee voles volees disparu* servi pique*",
    "#missed": "oubli* toujours encore rate* manqu*",
    "#part": "partie reste restent restait tout moitie seulement laiss*",
    "#cancel": "annul* decommand* supprim*",
    "#change": "chang* modifi* deplac* decal* report* repouss* avanc* autre convien* arrang*",
    "#add": "ajout* rajout* ensus supplement*",
    "#booking": "rdv rendez re demand* enlevement* ramassage* collecte* creneau* passages",
    "#status": "nouvell* suivi confirm* enregistr* prevu* recu",
    "#lost": "perd* perdu* retrouv* egar* effac* sais souvien* rappelle oubli*",
    "#message": "sms message* texto* mail*",
    "#mobile": "portable* mobile* fixe",
    "#data": "donnees information* fichier* personnelle* rgpd",
    "#identity": "adresse nom numero",
    "#voice": "voix conversation* appel* ecout*",
    "#yesterday": "hier semaine",
    "#keep": "garder gardez garde gardes gardiez gardent con enregistr* stock*",
    "#erase": "effac* supprim* retir* enlever",
    "#see": "voir consult* acced* acces",
    "#complain": "reclam* plaind* plaint* contest* colere content* contente* mecontent* scandal* inadmissible* honte",
    "#decide": "decid* decision*",
    "#refuse": "refus* accept* interdit*",
    "#recycling_centre": "dechet*terie* decheterie* dechetterie* dechett* decheteri*",
    "#papers": "justificat* papier* piece identite facture*",
    "#near": "proche* pres cote",
    "#self": "moimeme amener amene amenez apport*",
    "#green": "branch* herbe* feuilles gazon pelouse* haie* taill* tond* tonte* vegeta* vert verts plante* arbre*"
    " jardin* tronc* souche*",
    "#rubble": "demoli* demolition muret* mur cloison* gravat* grava gravas platre* carrelage* brique* beton"
    " parpaing* ciment* chantier* travaux terre tuile*",
    "#tyre": "pneu* roue* jante*",
    "#hazard": "peinture* solvant* batterie* huile* toxique* chimique* dangereu* bidon* acide* white spirit produit*"
    " pot pots vernis essence",
    "#bedbug": "punaise* infest*",
    "#reuse": "ressourcerie* emmaus envie association* asso assos servir profit* recyclerie*",
    "#good": "bonne neuf neuve neufs etat",
    "#new": "neuf neuve nouveau nouvel nouvelle achet* achat* rachet* change* command* livr*",
    "#shop": "magasin* vendeur* livr* marchand* achet* rachet*",
    "#old": "ancien* vieux vieil vieille*",
    OUTSIDE: "poubelle* couvercle* garage gare garer moustique* composteur* tag tags bateau* devis demenagement*"
    " plombier*"
    " stage* sport* sports concession* livret* duplicata meteo repar* bloqu* epave salaire* eglise poste marche*"
    " fontaine*"
    " corbeille* abim* piscine* cantine* creche* passeport* identite mairie maire ecole* college* lycee* bus metro tram"
    " tramway* train trains gare stationn* parking* impot* taxe* vote voter votent election* electoral*"
    " bibliotheque mediatheque* musee* stade* lampadaire* eclairage eau electricite naissance mariage"
    " deces cimetiere* permis urbanisme chien* chat chats rat rats bruit* arbre* route* carrefour* police"
    " chaleur soleil menager* menagere* jaune* bac bacs conteneur* caf retraite* medecin* hopital* ticket*"
    " abonnement* travail emploi* recrut* embauch* salaire* gagn* louer louez location* preter pretez"
    " vendezvous vendez vendre occasion recycle recyclez",
}
LIGHT: Final = HESITATIONS | vocabulary(
    "le la l les un une de d du des et a au aux ce c ca cela cet cette ces est es sont suis etes etre ete etait avez"
    " ai as ont avons avoir y en il ils elle elles on nous vous je j me m te t se s ma mon mes sa son ses leur leurs"
    " votre vos notre nos que qu si dans sur par avec mais donc alors voila bonjour bonsoir allo oui non ouais bon"
    " bien bah ben merci monsieur madame svp plait fait faire fais faut faudrait peux peut pouvez pouvoir pourrait"
    " pourriez veux voudrais voulais veut vouloir aimerais dire dites dis savoir sait savez tres trop vraiment"
    " exactement ici quelque comme ne n lui eux moi toi aussi puis meme etc enfin parce ah genre juste hein ok accord"
    " serai sera seras serait sois soit soient possible faisable probleme souci exact coup aller vais vas va vont dois"
    " doit devez doivent normalement maintenant tous toute toutes chez pour premier premiere zero deux trois quatre"
    " cinq six sept huit dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent"
    " mille apres avant depuis pendant vers jusqu jusque plutot assez peu celui celle ceux celles lequel laquelle dont"
    " tel telle ainsi apparemment franchement carrement simplement surtout bref existe peuvent pouvait devait deviez"
    " devrait gros grosse dernier derniere prochain prochaine presque prefere prefererais dit disent seul seule oblige"
)
"""words that tell no question from another"""
PHRASES: Final = {
    "rendez vous": "rdv", "ren des vous": "rdv", "rendre vous": "rdv", "deux rendez vous": "deuxieme rdv",
    "moi meme": "moimeme", "quelqu un": "quelquun", "a la place": "alaplace", "parties communes": "partiescommunes",
    "en cas de": "", "en cas d": "", "sois chez moi": "present", "suis chez moi quand": "present quand",
    "etre chez moi": "present", "sois a la maison": "present",
    "etre la": "present", "suis la": "present", "suis pas la": "absent", "serai pas la": "absent",
    "aujourd hui": "aujourdhui", "tout de suite": "immediatement", "apres midi": "apresmidi", "en plus": "ensus",
    "de plus": "ensus", "a la fois": "maximum", "en une fois": "maximum", "sais plus": "oublie", "pas de quoi": "sans",
    "par terre": "sol", "prendre l eau": "mouille", "donnees": "informations", "machine a laver": "lavelinge",
    "lave linge": "lavelinge", "vous achetez": "vendezvous", "vous vendez": "vendezvous", "beau frere": "frere",
    "belle soeur": "soeur", "belle mere": "mere", "beau pere": "pere", "petit fils": "fils", "petite fille": "fille",
    "combien de jours": "delai", "combien de temps": "delai", "combien de semaines": "delai semaines",
    "quinze aout": "ferie", "onze novembre": "ferie", "quatorze juillet": "ferie", "premier mai": "ferie",
    "huit mai": "ferie", "premier janvier": "ferie", "jour de l an": "ferie", "vingt cinq decembre": "ferie",
    "porte monnaie": "payer", "voiture abandonnee": "epave", "sont payes": "salaire", "vous ecoute": "", "en vrai": "",
    "ca marche": "", "marche plus": "casse", "marche pas": "casse", "marchent pas": "casse", "bout de la ligne": "",
    "bout du fil": "", "quand meme": "", "ou pas": "", "ou quoi": "", "ou non": "", "ou alors": "", "sais pas": "",
    "tout a fait": "",
    "du tout": "", "par hasard": "", "plus tard": "", "pose un probleme": "", "du coup": "", "voila quoi": "",
    "donnez moi": "", "redonnez moi": "", "indiquez moi": "", "rappelez moi": "oublie", "au bout du fil": "",
    "pas a la maison": "absent", "pas chez moi ce": "absent ce", "je trouve": "", "d habitude": "", "au revoir": "",
    "sera tout": "", "est tout": "", "en train": "", "rien d autre": "", "ca va": "",
}  # fmt: skip
"""what several words say as one; nothing where they tell no question from another"""
LONGEST_PHRASE: Final = max(len(phrase.split()) for phrase in PHRASES)
ENDINGS: Final = tuple(
    sorted(
        vocabulary(
            "erions eriez eraient erait erais erez eront erons erai era assent ant ante aient ait ais ees ee er ez ent"
            " ons iez ions es e"
        ),
        key=lambda ending: (-len(ending), ending),
    )
)
