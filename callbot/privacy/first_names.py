"""First names that stand for nothing else: in a caller's words they name somebody.

Written from common knowledge of first names borne in and around Marseille. Those that are words too ("Rose", "Pierre",
"Olivier") are left out: they are hidden where something introduces them.
"""

from __future__ import annotations

from typing import Final

from callbot.privacy.words import vocabulary

FIRST_NAMES: Final = vocabulary(
    """
aissatou bintou cheikh fanta kadiatou lamine mariame modou ndeye sekou souleymane
abdallah abdel abdelkader abdou abdoulaye abel adama adele adeline adrien agathe agnes ahmed aicha aida alain alban
albert alberto alessandro alex alexandra alexandre alexis alfred alice alicia aline alison alphonse amadou amandine
amelie amina aminata amine amir anais anatole andre andrea andree angela angele angelina angelique anissa anita anna
annabelle anne annette annick annie anouk anthony antoine antoinette antonin antonio antony apolline armand armelle
arnaud arthur assia astrid aude audrey augustin aurelie aurelien aurore awa axel axelle aya ayoub aziz azzedine
baptiste barbara bastien baya beatrice benedicte benjamin benoit berenice bernadette bernard bertrand
bilal boris boubacar brahim brandon brice brigitte bruno bryan camille carine carla carlos carmen carole caroline
catherine cathy cecile cedric celestin celia celine chantal charlene charles charlotte chloe christelle christian
christiane christine christophe cindy claire clara clarisse claude claudette claudine clemence clementine clotilde
colette coralie corentin corinne cyril cyrille dalila damien daniel daniele danielle danny david deborah delphine
denis denise denys diane didier djamel djamila dominique dorian dorothee dylan eddy edgar edith edmond edouard eduardo
elena eleonore eliane elias elie eliott elisa elisabeth elise elodie eloise elsa emeline emile emilie emma emmanuel
emmanuelle enzo eric erica erika ernest esteban estelle esther ethan etienne eugene eugenie evelyne fabien fabienne
fabio fabrice fadila fanny farid farida fatiha fatima fatima fatma fatou fatoumata felicie felix ferdinand
fernand fernande fernando firmin flavie flavien florence florent florian franck francine francis francisco francois
francoise frank franky fred freddy frederic frederique gabin gabriel gabriella gabrielle gael gaelle gaetan gaspard
gaston genevieve geoffrey georges georgette gerald geraldine gerard gerome germaine ghislain ghislaine gilbert gilberte
gilles gina ginette giovanni gisele giselle giulia giuseppe gladys gregoire gregory guillaume guillemette
gustave habib hadrien hakim halima hamid hamidou hamza hanane hassan hassen hassiba hayat hector helena helene henri
henriette herve hicham hocine houria hugo hugues ibrahim ibrahima idriss idrissa igor ilyes imane ines ingrid irene
isaac isabelle ismael ismail issa ivan jacqueline jacques jamal jamila janine jawad jeanine jeanne jeannette jeannine
jennifer jeremie jeremy jerome jessica jessy joanna joao jocelyn jocelyne joel joelle johan johanna johnny jonathan
jordan jorge jose josee joseph josephine josette josiane josselin josue josyane jules julia julian juliana julie julien
julienne juliette justin justine kader kamel karim karima karine katia kelly kenza kevin khadija khaled khadidja
khalid kheira kylian laetitia laila lakhdar lamia larbi larissa laszlo latifa laura laurence laurent lauriane laurie
lea leila lena leo leon leonard leonie leonor leslie leyla lila lilian liliane lina linda lionel lisa lise loic lola
loris louane louis louisa louise luc luca lucas lucette lucia lucie lucien lucienne lucile ludivine ludovic luis luisa
lydia lydie lyes mael maelle maelys magali maggy mahdi mahmoud maite malak malik malika mamadou mamoudou manon manuel
manuela marc marcel marcelle marcellin marco marcus margaux margot maria mariam mariama marianne marie marielle
marilou marilyn mario marion marjorie marlene martial martine maryse maryvonne mateo mathias mathieu mathilde mathis
matthias matthieu maud maurice maurizio maxence maxime maximilien medhi mehdi melanie melina melissa mercedes meriem
michael michaela michel michele micheline mickael miguel mikael mila miloud mina miranda mireille miriam moctar mohamed
mohammed mokhtar monica monique mouhamed mounir mourad moussa mustapha myriam nabil nabila nacer nacera nadege nadia
nadine nadir naima najat naomi narcisse nasser nassim nassima natacha nathalie nathan nathanael nicolas nicole
nina noah noam noemie nolan nora nordine norbert noura nour noureddine odette odile omar orlane oscar osman ophelie
oumar ousmane oussama pablo paola paolo patrice patricia patrick paul paula paule paulette pauline paulo pedro perrine
philippe pierrette pierrick quentin rachel rachid rachida rafael rainier ramzi raoul raphael raphaelle rayan raymond
raymonde rebecca redouane regine regis reine remi remy renaud rene renee ricardo richard rita robert roberta roberto
robin rodolphe rodrigue roger roland rolande romain romane romeo romuald ronan rosalie rosario roseline
roxane ruben sabah sabine sabrina sacha safia said saida salah salem salim salima salma salvatore sam samantha sami
samia samir samira samuel samy sandra sandrine sarah sebastien selim selma serge sergio severine sidonie simon simone
sofia
sofiane sohan solange solene soline sonia sophia sophie soraya stella stephane stephanie steve steven sullivan suzanne
suzy sylvain sylvaine sylvette sylvia sylviane sylvie tarek tatiana teddy tess thea theo theodore therese thibaud
thibault thierry thomas tiffany timothee tiphaine toufik tristan ugo ulysse ursula valentin valentine valerie valery
vanessa veronique victor victoria victorien vincent vincente virgile virginie vivien viviane wafa walid wassim wendy
wilfried william xavier yacine yael yamina yann yanis yannick yasmina yasmine yassine yoann yohan yolande younes
youcef youssef youssouf yvan yves yvette yvon yvonne zacharie zahia zahra zakaria zara zineb ziad zoe zohra zora
"""
)
