"""The names that exports give to what a product has, in seven languages and some standards.

A name is written folded: lower case, letters and digits only. Two names with a slash are an
element and what stands in it. The weight says how sure the name alone is.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Concept: TypeAlias = Literal[
    "identifier",
    "name",
    "description",
    "short_description",
    "ean",
    "price",
    "currency",
    "weight",
    "unit",
    "brand",
    "family",
    "categories",
    "image",
    "enabled",
    "color",
    "size",
    "material",
    "keywords",
    "release_date",
]

# Nouns for a product that may stand before or behind a word: ProductName, ArtikelBezeichnung.
_NOUNS = (
    "product produkt produit producto prodotto artikel article articulo articolo artigo item "
    "tradeitem material goods ware position товар номенклатура номенклатуры shopitem style model "
    "produto urun ürün stok towar zbozi vare tuote"
)
NOUNS = tuple(dict.fromkeys(_NOUNS.split()))

_NUMBERS = "id no nr num number nummer numero code key ref reference sku номер код ид kod kodu"
_IDENTIFIERS = " ".join(
    sorted(
        {noun + end for noun in [*NOUNS, "prod", "art", "mat"] for end in _NUMBERS.split()}
        - {"materialcode", "itemref", "articleref"}
    )
)

WORDS: Mapping[Concept, Mapping[float, str]] = {
    "identifier": {
        1.0: (
            "sku matnr supplierpid supplieraid artnr artikelnr productsku itemsku "
            "sellersitemidentification/id recordreference prodid mainnumber stockcode "
            "supplierpartid defaultcode itemid/supplierpartid a001 urunkartiid varenr cikkszam"
        ),
        0.95: f"{_IDENTIFIERS} артикул variantid offerid gid",
        0.85: "reference referenz referencia riferimento referentie internalid",
        0.8: "id guid uid uuid ид",
        0.7: "no nr number nummer numero номер code код codice codigo key recordid",
        0.55: "line/id ean gtin ean13 barcode mpn manufacturerpid",
    },
    "name": {
        1.0: (
            "maktx name displayname productname itemname tradeitemname "
            "tradeitemdescription наименование название nazwa nazev název namn navn nimi"
        ),
        0.97: "descriptionshort b203",
        0.95: (
            "title titel titre titulo titolo bezeichnung nombre nome nom naam designation label "
            "libelle denominazione denominacion omschrijvingkort kurzbezeichnung artikelname "
            "bezeichnung1 shorttext kurztext имя shortdescription descriptionproductname "
            "modelname adi shortname benämning betegnelse megnevezes megnevezés bez artikelbez"
        ),
        0.9: (
            "titletext titlewithoutprefix titleelement/titlewithoutprefix functionalname "
            "regulatedproductname internalname artikelbezeichnung gtitle"
        ),
        0.6: "description1 beschreibung1 desc1 text1 description beschreibung descripcion "
        "descrizione omschrijving desc "
        # What a shop calls by its noun alone is what the product is called.
        "product produkt produit producto prodotto artikel article articulo item",
        0.5: "text summary heading",
    },
    "description": {
        1.0: (
            "description descriptionlong longdescription beschreibung langbeschreibung описание "
            "opis popis descriptif encoded d104 "
            "aciklama beskrivning beskrivelse kuvaus leiras leírás descricao descrição"
        ),
        0.95: (
            "descripcion descrizione omschrijving langtext longtext artikelbeschreibung "
            "beschreibunglang descriptionlangue productdescription longdesc gdescription "
            "tradeitemmarketingmessage marketingmessage marketingtext body bodyhtml content "
            "ausführlichebeschreibung полноеописание details"
        ),
        0.8: "desc long text description2 beschreibung2 info infotext tdline summary bodytext",
    },
    "short_description": {
        1.0: (
            "shortdescription descriptionshort kurzbeschreibung shortdesc краткоеописание "
            "korteomschrijving descripcioncorta descrizionebreve descriptioncourte"
        ),
    },
    "ean": {
        1.0: (
            "ean gtin ean13 ean11 ean8 upc upca gtin13 gtin14 gtin12 barcode ggtin eancode "
            "eannummer eannr gtincode штрихкод barcodevalue eanupc "
            "standarditemidentification/id"
        ),
        0.95: (
            "strichcode codebarre codebarres codigobarras codigodebarras codiceabarre "
            "codicebarre streepjescode internationalaid internationalpid isbn isbn13 "
            "globaltradeitemnumber штрихкоды barcodes eans tradeitemidentification/gtin ean12 "
            "defaultbarcode barkod barkodu kodkreskowy streckkod vonalkod vonalkód globaluniqueid"
        ),
    },
    "price": {
        1.0: (
            "price preis prix precio prezzo prijs цена cena priceamount gprice unitprice listprice "
            "j151 satisfiyati pris preco preço hinta"
        ),
        0.95: (
            "salesprice saleprice retailprice verkaufspreis vkpreis vk nettopreis netprice "
            "priceamount/value prijsexcl prixht prixvente precioventa prezzovendita verkoopprijs "
            "ценазаединицу preisnetto netpreis uvp rrp msrp lstprice basispreis priceexvat "
            "pricevat priceincvat pricenet fvknetto kbetr stprs verpr vk1 listenpreis "
            "розничнаяцена einzelpreis grundpreis unitprice/money unitprice/amount "
            "fiyat fiyati"
        ),
        0.85: (
            "bruttopreis grossprice pricegross preisbrutto amount/price prixttc defaultprice "
            "currentprice money/amount baseprice price1 preis1 price/amount price/value"
        ),
        0.5: "amount betrag montant importe importo bedrag сумма cost ek",
    },
    "currency": {
        1.0: (
            "currency currencycode currencyid priceuomid waehrung währung devise moneda valuta "
            "валюта pricecurrency waers isocurrency curr currencyiso currencyuomid pricewaehrung "
            "j152 parabirimi parabirimikodu měna mena waluta moeda"
        ),
        0.8: "uomid cur curcode waehr currencyisocode",
    },
    "weight": {
        1.0: (
            "weight gewicht poids peso gewichtkg weightkg вес grossweight netweight bruttogewicht "
            "nettogewicht weightgross weightnet brgew ntgew gweight shippingweight poidsnet "
            "poidsbrut pesoneto pesobruto pesonetto pesolordo brutogewicht вескг "
            "gewichtnetto gewichtbrutto productweight weightg gewichtg массанетто массабрутто "
            "масса itemweight waga hmotnost gewichtingramm gewichtinkg gshippingweight "
            "versandgewicht weightvalue agirlik vikt vekt vægt paino suly súly ciezar "
            "ciężar"
        ),
        0.7: "mass masse massa",
    },
    "unit": {
        1.0: (
            "unit uom einheit unite unidad unita eenheid единица unitcode measureunitcode "
            "measurementunitcode gewei gewichtseinheit weightunit weightuom unitofmeasure me "
            "gewichteinheit funit unitid valueuomid uomcode uomid units mengeneinheit unitname "
            "weightuomid poidsunite weightunitcode unitofmeasurecode c095 birim birimi jednotka "
            "jednostka enhet"
        ),
    },
    "brand": {
        1.0: "brand brandname marke marque marca merk бренд gbrand tradename manufacturername",
        0.95: (
            "hersteller herstellername manufacturer fabricant fabricante fabbricante produttore "
            "fabrikant производитель изготовитель vendor brand/name manufacturer/name "
            "изготовитель/наименование supplier/name торговаямарка mfrname imprintname marka "
            "markasi "
            "výrobce vyrobce producent varumärke"
        ),
    },
    "family": {
        1.0: "family familie famille familia famiglia attributeset productfamily artikelfamilie",
        0.9: (
            "producttype gproducttype productclass typ producttypeenumid produkttyp itemtype "
            "productform warengruppe matkl artikelgruppe productgroup itemgroup productline "
            "commoditygroup видноменклатуры типноменклатуры articlegroup wgr"
        ),
        0.7: (
            "group gruppe groupe grupo gruppo groep type class classification "
            "referencefeaturegroupid"
        ),
    },
    "categories": {
        1.0: (
            "category categories kategorie kategorien categorie catégorie categoria rubrik "
            "категория categoryid categorycode categorypath classificationcategory categorytext "
            "productcategory productcategoryid categoryname gpccategorycode catalog cataloggroup "
            "cataloggroupid ggoogleproductcategory itemclassificationcode subjectcode "
            "группы/ид группа category/id mainct categoryref"
        ),
        0.7: "group gruppe warengruppe productgroup matkl breadcrumb collection",
    },
    "image": {
        1.0: (
            "image images imageurl imagelink gimagelink bild bilder foto photo picture "
            "pictures imgurl img mimesource картинка imagen immagine afbeelding image/path "
            "bildurl imagefile imagepath mainimage resourcelink uniformresourceidentifier "
            "picturepath thumbnail smallimageurl mediumimageurl largeimageurl highpic"
        ),
    },
    "enabled": {
        1.0: "enabled active aktiv actif activo attivo actief onlineflag online published isactive",
        0.8: (
            "available status visible artikelstatus itemstatus isonline disabled webshop aktiviert "
            "salesstatus availability publish freigegeben"
        ),
    },
    "color": {
        1.0: "color colour farbe couleur colore kleur цвет gcolor farbton colorname colourname",
    },
    "size": {
        1.0: "size groesse taille talla taglia maat размер gsize sizename grösse",
    },
    "material": {
        1.0: "material matière matiere materiale materiaal материал gmaterial werkstoff",
    },
    "keywords": {
        1.0: "keyword keywords schlagwort schlagworte stichwort suchbegriffe tags motscles keyw",
    },
    "release_date": {
        1.0: (
            "releasedate released launchdate availabledate erscheinungsdatum onlinefrom "
            "publicationdate publishingdate introductiondate markteinführung"
        ),
    },
}

# Words that say by themselves what a name of several words means: PrixVenteHT, cod_ean …
CORES: Mapping[Concept, str] = {
    "price": "price preis prix precio prezzo prijs цена cena",
    "weight": "weight gewicht poids peso вес waga hmotnost",
    "ean": "ean ean13 gtin barcode upc isbn штрихкод",
    "brand": "brand marke marque marca merk hersteller manufacturer бренд",
    "image": "image bild picture photo foto картинка",
    "unit": "unit uom einheit unite unité unidad unita eenheid",
    "currency": "currency währung waehrung devise valuta moneda валюта",
}
# … unless one of these stands there, too.
OTHERWISE = (
    "type typ id code nr no date datum from to valid status flag class factor group gruppe list "
    "liste qty quantity menge count tax steuer tva vat rate cost old min max size text note "
    "description beschreibung condition key scale prefix name number position sort order"
)
# What stands beside a core in names that are glued together: PRIXVENTEHT, NETTOPREIS.
GLUED = (
    "net netto nette brut brutto gross ht ttc vente vendita venta verkaufs verkauf sales sale list "
    "liste listen listino unit unitaire unitario einzel base basis public pubblico catalogue kg "
    "standard retail default current artikel article item product produkt"
)

# What a type's code says of the value beside it.
KEYED: Mapping[tuple[str, str], Concept] = {
    # ONIX code lists 5, 15, 48 and 153 (EDItEUR).
    ("productidtype", "15"): "ean",
    ("productidtype", "03"): "ean",
    ("titletype", "01"): "name",
    ("measuretype", "08"): "weight",
    ("texttype", "03"): "description",
    ("b221", "15"): "ean",
    ("b221", "03"): "ean",
    ("b202", "01"): "name",
    ("c093", "08"): "weight",
    ("d102", "03"): "description",
    # UBL and PEPPOL: ISO 6523 ICD of GTIN.
    ("schemeid", "0160"): "ean",
    # ETIM and OFBiz.
    ("dimensiontypeid", "shippingweight"): "weight",
    ("goodidentificationtypeid", "upca"): "ean",
    ("goodidentificationtypeid", "sku"): "identifier",
}

# Names of a record, the surest first.
RECORDS: Mapping[float, str] = {
    1.0: (
        "product produkt produit producto prodotto artikel article articulo articolo artigo item "
        "tradeitem товар предложение offer e1maram shopitem catalogueline tartikel productdata "
        "priceitem urun ürün stockitem inventoryitem catalogitem indexitem productitem itemdata "
        "номенклатура"
    ),
    0.7: (
        "style stil model modell variant sku good goods ware record row zeile ligne fila entry "
        "line position riga datensatz materialdata itemret element object matmas positionen "
        "catalogentry articulos productrow"
    ),
    0.3: "r i p a rec prod art node data",
}

# Names of a value inside an element that says what it is a value of.
_GENERIC = (
    "value values wert valeur valor valore waarde значение text language lang amount content data "
    "string val v name url path presentationvalue localvalue field langue label "
    "measurementvalue measure measurement"
)
GENERIC = frozenset(_GENERIC.split())
