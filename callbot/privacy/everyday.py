"""More words that name nobody: what people do and have around a pickup, makers of objects, styles of furniture.

Written from common knowledge. Makers are apart from ordinary words: "Boulanger" is somebody where a name is asked.
"""

from __future__ import annotations

from typing import Final

from callbot.privacy.words import vocabulary

EVERYDAY: Final = vocabulary(
    """
mot mots seul seuls mettez mettre marque marquee ecrite inscrit inscrite casse cassee casses cassees abime abimee
abandonne abandonnee demenage demenager demenageons demenagement emmenage vide vider vides vidons libre liberer sera
seront serai serez serait aura aurai aurez aurons ouvrira ouvrir ouvre ouvrez fermer ferme travaille travailler
travail habitent habitait habitez vit vivait reste restent rester reserve reservee reservation rendez prevu prevue
prevenu prevenir prevenez contacter contactez joindre joignez recu recevoir recois envoyer envoyez envoie ecrivez
remplace remplacer change cherche cherchait trouve trouver oublie oublier perdu perdre perdue lendemain veille
depart retour vacances rentree rentrer rentre rentrez revenir reviens revient revenez passait passer passera passerez
passes passees venu venue venus venez venait pris prise prises prend prenait amene amener apporte apporter emporte
emporter debarras debarrasse encombrant encombre deposent depose deposee depots depot sauvage decharge dechets dechet
tri recyclage recycler ressourcerie emmaus don donner dons gratuit gratuite payant payante payer paye prix tarif cout
coute coutent euro euros facture amendes service services mairie metropole numero numeros standard accueil ouvert
ferie feries horaires horaire creneau creneaux jours matinee soiree nuit weekend week end paques noel toussaint
pentecote ascension armistice fete fetes ete hiver printemps automne pluie neige vent soleil temps chaud froid mouille
trempe lourd lourde lourds lourdes leger legere grand grands grandes large longue long haut haute hauteur largeur
profondeur longueur metre metres centimetre centimetres cm kilo kilos kg litre litres volume cube cubes poids taille
place places lits double simple superpose superposes canape clic clac bz convertible pouf repose fauteuil fauteuils
tele ecran plat ordinateurs imprimante console chaine hifi enceinte enceintes ampli frigidaire refrigerateurs hotte
plaque plaques induction micro ondes seches lave vaisselle machines cumulus chaudiere poele cheminee evier lavabos wc
toilettes baignoire douche cabine meubles buffets vitrine chevet chevets tiroir tiroirs penderie dressing rayonnage
tringle rideaux rideau moquette parquet lino rouleau palette palettes tole ferraille ferrailles poutre poutres
contreplaque agglomere massif chene pin rotin osier cuir tissu mousse ressorts latex memoire coussin coussins couette
oreiller couverture vetements habits linge livres livre cartons jeux jeu jouet bebe parapluie landau chaise haute
transat piscine trampoline balancoire toboggan barbecue plancha chaises bains jardin terrasse haie branches tonte
vegetaux terre cailloux briques parpaings platre placo carrelage tuiles amiante pot pots huile solvants gaz bouteille
bouteilles extincteur produits chimiques moto scooter trottinette remorque caravane bateau piano droit queue orgue
guitare instrument musique sport musculation course rameur appartements etages marches couloir palier cave caves
grenier garages local poubelles conteneur conteneurs benne trottoirs devant angle carrefour feu feux arret bus metro
tram gare ecole college lycee eglise parc stade centre commercial magasin boulangerie pharmacie bar tabac cafe
restaurant supermarche poste banque police pompiers police agents gardien gardienne concierge syndic bailleur
proprietaire locataire locataires voisins voisine ami amie amis collegue collegues patron fils fille mari epouse epoux
frere soeur pere mere papa maman mamie papi papy oncle tante cousine neveu niece enfant enfants bebe parents
grand-mere age agee ages vieux vieilles jeune jeunes fatigue fatiguee presse pressee content contente furieux colere
inadmissible mecontent mecontente mecontents embete embetee desolee infeste infestee gerant gerante commercant
commercante artisan entrepreneur auto retraite retraitee etudiant etudiante seule
inadmissible scandaleux honte nul nulle incroyable impossible normal bizarre marche fonctionne fonctionnait
panne repare reparer fuit casser tombe tombee tomber monte monter descend descendre descendu porter soulever pousser
tirer demonter demonte remonter installer installe livre livraison livreur livrer acheter vendre vends vendu jeter
jetes jetee debarrasser enlever enleve enlevez enlevement ramassent ramasse collecter collecte camion camions equipe
bonhomme type truc trucs machin bidule affaires bazar tas amas pile quantite dizaine douzaine vingtaine centaine moitie
quart tiers maximum minimum environ autour vers proche proches loin ici la-bas partout ailleurs nulle lequel laquelle
lesquels lesquelles duquel auquel puisque lorsque tandis sinon cependant pourtant quand-meme carrement franchement
honnetement justement notamment finalement malheureusement heureusement surement probablement bientot tantot autrefois
recemment actuellement maintenant desormais parfois rarement presque environ voulait voulu pouvait pourra pourrai
pourrez pourront devait devrait devrais faudra fallait savez savoir savais saurais connaissez connais connaitre compris
comprendre explique expliquer expliquez proposer propose proposez propositions choisir choisi choisis prefere preferer
preferez accepter accepte refuse refuser refusez annule annulee annulez deplacer deplace reporter reporte decaler
decale avancer retarder modifier modifie modification rajouter rajoute ajouter ajoute ajoutez retirer retire supprimer
efface effacer donnees donnee enregistre enregistrer enregistree conversation formulaire site internet courrier lettre
papier papiers feuille document documents preuve photo photos message messages vocal repondeur touche touches etoile
diese clavier bouton appuyer appuyez taper tapez attente patienter patiente patientez occupe occupee disponible
disponibles absent absente present presente dispo urgent urgente urgence vite rapide longtemps tard souci soucis
probleme problemes difficulte reclamation plainte signaler signale signalement dangereux danger rat rats cafards
punaises insectes odeur sale propre nettoyer nettoye balayer brule brulee incendie fumee vole volee voler cassees bloque
bloquee gene genent passage pieton velos parking stationner stationnement garer gare tous ceux toutes aucunes chacun
meme memes ainsi alors bref voyons tiens ecoutez dites donc allez allons aller allait ira irai iront irez revoir adieu
salut journee bonne bonnes soir bienvenue felicitations compliment suivant suivante suivantes precedent precedente
mardis lundis cela celles ceci autant dont lors malgre selon outre envers parmi sauf hormis via etant ayant faisant
venant allant reviendrai appellerai rappellerai rappelle telephonez sonnez sonnette sonner interphone toque frapper
tout-de-suite gros grosses petits petites nouveaux nouvelles anciens anciennes neuf neuve neufs occasion etat bon
celebre camping emplacement mobil mobile home tiny studio duplex loft pavillon copropriete hlm foyer tour tours tete
"""
)
"""beside those of ``ordinary``"""
BRANDS: Final = vocabulary(
    """
ikea conforama darty boulanger but fly alinea castorama leroy merlin bricorama decathlon emmaus amazon leboncoin lidl
carrefour auchan leclerc whirlpool samsung lg bosch brandt sony philips yamaha singer peugeot miele siemens electrolux
indesit candy moulinex rowenta dyson thomson grundig haier beko hotpoint ariston faure vedette sauter dedietrich
liebherr smeg delonghi nespresso apple hp epson canon dell lenovo asus acer nintendo playstation xbox kawai steinway
pleyel gaveau bultex tempur merinos epeda dunlopillo simmons billy malm kallax pax poang renault citroen honda piaggio
vespa btwin facebook google whatsapp twitter youtube chronopost mondial colissimo veolia suez bluetooth wifi internet
"""
)
"""makers, shops and what they call their goods"""
STYLES: Final = (
    ("arthur", "martin"), ("louis", "philippe"), ("louis", "quinze"), ("louis", "seize"), ("louis", "treize"),
    ("louis", "xv"), ("louis", "xvi"), ("louis", "xiii"), ("louis", "quatorze"), ("louis", "xiv"), ("henri", "deux"),
    ("henri", "ii"), ("henri", "iv"), ("henri", "quatre"), ("napoleon", "trois"), ("charles", "x"), ("charles", "dix"),
    ("leroy", "merlin"), ("sainte", "anne"), ("notre", "dame"), ("de", "dietrich"), ("pierre", "cardin"),
)  # fmt: skip
"""kings and makers of furniture: two words that together name nobody who calls"""
FESTIVE: Final = vocabulary("saint sainte st ste saints")
"""before a first name they make a day or a place of it"""
