"""Surnames often heard in France and in Marseille: a hint for doubtful letters, never a list of who may exist.

Written from common knowledge, several hundred family names of French, Occitan, Breton, Italian, Corsican, Armenian,
North African, Comorian and West African, Portuguese, Spanish, Vietnamese, Polish and Turkish origin. A name that is
not here is taken as it was spelled.
"""

from __future__ import annotations

from typing import Final

_FRENCH: Final = """
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand
Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefevre Faure Andre Mercier Blanc Guerin
Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clement Morin Nicolas Henry Roussel Mathieu
Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noel Meyer Dufour Meunier Brun Blanchard Giraud Joly Riviere
Lucas Brunet Gaillard Barbier Arnaud Martinez Gerard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger
Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoit Rey Leclerc Payet Rolland Leclercq
Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur
Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carre Charles Renault Charpentier Menard
Maillard Baron Bertin Bailly Herve Schneider Fernandez Collet Leger Bouvier Julien Prevost Millet Perrot Daniel
Cousin Germain Breton Besson Langlois Remy Pelletier Leveque Perrier Leblanc Barre Lebrun Marchal Weber Mallet Hamon
Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Etienne Grondin Poulain Tessier Chevallier Collin Chauvin
Bouchet Gay Lemaitre Benard Marechal Humbert Reynaud Antoine Hoarau Perret Barthelemy Cordier Pichon Lejeune Gilbert
Lamy Delaunay Pasquier Carlier Laporte Gros Buisson Briand Alexandre Georges Camus Tanguy Rousset Bonneau Camoin
Jourdan Ferrand Blondel Coulon Vallet Chauveau Delmas Pons Roussin Raymond Imbert Isnard Icard Ollivier Audibert
Aillaud Allemand Arnoux Astier Autran Barthelemy Bayle Blanchet Bouisson Bremond Cabanis Caillol Carbonel Castellan
Cauvin Chabaud Chaix Chave Coste Dalmas Daumas Espinasse Estienne Eyraud Fabri Ferrier Fouque Gal Garcin Gaudin
Giraudo Gras Guigou Honnorat Jauffret Jaubert Laugier Lieutaud Magnan Maurel Maurin Michelis Mistral Mouren Nicolai
Olive Pascal Pellegrin Pelissier Pastre Rambaud Raynaud Reboul Revest Ricard Ripert Roubaud Rougier Sauvaire Sicard
Signoret Silvestre Tardieu Teissier Tourniaire Turcat Vial Viale Villard Vincenti Rouvier Long Laget Negre Bonifay
Le_Goff Le_Gall Le_Roux Le_Bihan Guillou Kerven Quere Riou Cariou Madec Morvan Gueguen Prigent Le_Guen
Quentin Queyras Wagner Wolff Walter Wendling Xavier Zimmermann Ziegler Yvon Yver Jacques Jacquot Josse Kieffer
"""

_SOUTHERN: Final = """
Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Mancini Giordano Rizzo
Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli
Vitale Lombardo Serra Coppola Marchetti Parisi Villa Conte Ferretti Fiore Grasso Valentini Messina Sala Palumbo
Pellegrini D'Angelo D'Amico Di_Meglio Di_Costanzo Scotto Iacono Mattera Buonomo Esposito Carrara Cappello
Santini Santoni Casanova Paoli Luciani Mattei Leca Colonna Giudicelli Susini Albertini Antonetti Battesti Bartoli
Filippi Franceschi Franchi Giacobbi Graziani Guerrini Leandri Mondoloni Muselli Nicolini Orsini Ottaviani Padovani
Poli Pietri Quilici Raffalli Renucci Rocca Santucci Simeoni Tomasi Vescovali Zuccarelli Agostini Acquaviva Casabianca
Garcia Martinez Sanchez Fernandez Gonzalez Rodriguez Gomez Ruiz Hernandez Diaz Moreno Munoz Alvarez Romero Navarro
Torres Gimenez Jimenez Molina Ortega Ortiz Ramirez Castillo Serrano Blanco Morales Marquez Vasquez Cortes Iglesias
Da_Silva Dos_Santos Ferreira Pereira Oliveira Rodrigues Gonçalves Martins Lopes Fernandes Gomes Marques Alves
Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves
Coelho Cruz Cunha Pires Ramos Fonseca Simoes Tavares Barros Pinheiro Batista Figueiredo Lourenço De_Oliveira
"""

_EASTERN_AND_AFRICAN: Final = """
Petrossian Sarkissian Grigorian Hagopian Kevorkian Manoukian Bedrossian Garabedian Tchakerian Papazian Boyadjian
Kazandjian Terzian Kassabian Avakian Minassian Ohanian Simonian Aslanian Arslanian Derderian Khatchadourian Malakian
Zakarian Balian Tateossian Der_Sarkissian Vartanian Mardirossian Keuroghlian Demirdjian Nazarian Chahinian Agopian
Benali Ben_Ali Haddad Mansouri Saidi Belkacem Bensaid Benamar Benaissa Boudjemaa Boualem Bouaziz Bouzid Brahimi
Chaoui Cherif Daoudi Djebbar Djellouli El_Amrani El_Idrissi El_Fassi Ferhat Ghezali Guerroudj Hadj Hamdi
Hamadi Hamidi Hassani Hamouda Idir Kaci Kaddour Khaldi Khelifi Laribi Larbi Lahcen Mebarki Meziane Mokhtari Moussa
Moussaoui Naceri Nasri Ouali Ouahab Rahmani Rahmouni Sadi Saad Sahli Slimani Taleb Tahar Talbi Touati Yahiaoui
Yousfi Zerrouki Ziani Zidane Ziane Zouaoui Abbas Abdallah Abdelkader Ahmed Aissaoui Ait Alaoui Amar Amara Ammar Amrani
Amri Azzouz Bachir Belaid Belhadj Belkhir Ben_Amar Ben_Salem Ben_Said Benchikh Benhamou Benhaddou Berrabah
Bouchareb Boukhari Boumediene Chaabane Chergui Cohen Levy Dahmani Dridi Fares Gharbi Habib Hachemi Jaziri Jlassi
Kacem Karoui Khemiri Kadri Lounis Mahfoud Mahmoudi Malki Merah Messaoudi Mimouni Mohamed Nouri Rachidi Ramdani Riahi
Said Salah Salem Salhi Selmi Soltani Tlili Trabelsi Yacoubi Zaoui Zitouni Azoulay Attal Elbaz Nakache Sebag Zerbib
Abdou Ali Ahamada Ahamed Athoumani Attoumani Bacar Boina Djoumoi Hassane Houmadi Ibrahim Issouf Madi Mbae Mhoma
Mmadi Mohamed Mroivili Msa Nassur Omar Saïd Soilihi Soule Youssouf Toihir Mze Combo Chanfi Maoulida Ibouroi
Diallo Diop Traore Coulibaly Ndiaye Fall Sow Ba Barry Camara Cisse Toure Keita Kone Konate Diarra Sylla Sidibe Faye
Gueye Sarr Mendy Gomis Diakite Fofana Bamba Ouattara Kouassi Mbaye Seck Sall Kante Dembele Doucoure Sissoko
Nguyen Tran Pham Le Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dinh Truong Lam Mai Trinh Doan Luong
Kowalski Nowak Wisniewski Kaczmarek Yilmaz Demir Kaya Celik Sahin Yildiz Ozturk Aydin Wang Zhang Chen Liu Yang Huang
Rakotomalala Randrianarisoa Hoareau Boyer Fontaine Payet Dijoux Rivière Techer Maillot Robert Turpin Zafari Kwami
Wade Walid Xu Quang Qasmi Jaouen Janvier Jasmin Kebaili Kherbache Wahid Wilson Webster Xiong Yakoubi
"""

SURNAMES: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(
        name.replace("_", " ") for text in (_FRENCH, _SOUTHERN, _EASTERN_AND_AFRICAN) for name in text.split()
    )
)
"""without repetition; accents, hyphens and spaces as families write them most"""
